"""Prints addresses of a newsroom's pages as JSON, by kind. Run in that newsroom's environment."""

from __future__ import annotations

import json
import random
import sys

import django

from bench import synthetic


def main(most: int) -> None:
    """At most so many different addresses of each kind, in their canonical form."""
    django.setup()
    from dateline.publishing import visibility
    from dateline.stories.models import Story
    from dateline.vocabularies import snapshot

    known = snapshot.current()
    draw = random.Random(2)
    offices, topics = sorted(known.by_slug["office"]), sorted(known.by_slug["topic"])
    languages = synthetic.LANGUAGES
    words = synthetic.vocabulary()
    listing = [f"/{tag}/news?page={n}" for tag in languages for n in range(2, 2 + most // 6)]
    filtered = [
        f"/{tag}/news?office={office}&topic={topic}"
        for tag in languages for office in offices for topic in topics
    ]  # fmt: skip
    worded = [
        f"/{languages[n % 6]}/news?keywords={words[30 + n]}&office={draw.choice(offices)}"
        for n in range(most)
    ]
    public = visibility.listed(Story.objects.order_by("?"))
    rows = public.values_list("locale__language_code", "number", "slug")
    stories = [f"/{tag}/news/{number}/{slug}" for tag, number, slug in rows[:most]]
    filtered = draw.sample(filtered, min(most, len(filtered)))
    feeds = [path.replace("/news?", "/news.atom?") for path in filtered]
    print(json.dumps({
        "listing": listing, "filtered listing": filtered, "words": worded,
        "story": stories, "Atom feed": feeds,
    }))  # fmt: skip


if __name__ == "__main__":
    main(int(sys.argv[1]))
