"""The part of bench.updates that runs inside the newsroom's environment.

`follow` says that the index has seen all the store's changes. `publish N` publishes N stories one
after another and prints, as JSON, the seconds each verb took and those until it was found.
"""

from __future__ import annotations

import json
import random
import sys
import time

import django

PATIENCE = 60.0
BETWEEN = 0.25
"""Seconds between two stories, at most: drawn, so that they fall anywhere between two looks."""


def main() -> None:
    """Do what the arguments say."""
    django.setup()
    if sys.argv[1] == "follow":
        _follow()
    else:
        print(json.dumps(_publish(int(sys.argv[2]))))


def _follow() -> None:
    from dateline.archive import index
    from dateline.publishing import outbox

    index.engine().apply((), (), outbox.head())
    index.close()


def _publish(count: int) -> dict[str, list[float]]:
    from dateline.archive.query import Query
    from dateline.archive.search import search
    from dateline.publishing import verbs

    measured: dict[str, list[float]] = {"verb": [], "visible": []}
    draw = random.Random(1)
    search(Query(language="en"))
    for at in range(count):
        word = f"seen{at}x{draw.randrange(10**9)}"
        story = _draft(f"A story with the word {word} in its headline")
        time.sleep(draw.uniform(0, BETWEEN))
        began = time.perf_counter()
        verbs.publish(story)
        published = time.perf_counter()
        query = Query(language="en", keywords=word)
        while not search(query).total:
            if time.perf_counter() - published > PATIENCE:
                raise SystemExit("the worker does not index what is published")
            time.sleep(0.0005)
        measured["verb"].append(published - began)
        measured["visible"].append(time.perf_counter() - published)
    return measured


def _draft(headline: str):  # type: ignore[no-untyped-def] # the model can be imported only in here
    from wagtail.models import Locale

    from dateline.stories.models import Story

    story = Story(headline=headline, locale=Locale.objects.get(language_code="en"), live=False)
    story.summary = " ".join(["Sixty words of a summary, ten at a time, as all have."] * 6)
    story.save()
    return story


if __name__ == "__main__":
    main()
