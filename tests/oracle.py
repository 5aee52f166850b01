"""What a query must answer, by plain loops over rows of the store: no index, no `visibility`."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from dateline.archive.query import Query
from dateline.stories.models import Story
from dateline.vocabularies.models import Office, Topic

ZONE = ZoneInfo("Europe/Vienna")
FACETS = ("language", "genre", "office", "topic", "year", "month")
_AXIS = {"year": {"year", "month"}, "month": {"year", "month"}}


class Oracle:
    """The newsroom as it is in the store at a moment, read once."""

    def __init__(self, at: datetime) -> None:
        self.parents = {
            "office": {o.slug: o.parent.slug if o.parent else None for o in Office.objects.all()},
            "topic": {t.slug: t.parent.slug if t.parent else None for t in Topic.objects.all()},
        }
        self.stories = [story for story in Story.objects.all() if _is_public(story, at)]
        self.values = {story.pk: self._values(story) for story in self.stories}

    def ids(self, query: Query) -> list[int]:
        """Ids of all stories a query finds, in its order (newest or oldest)."""
        found = sorted(self._found(query), key=_order, reverse=query.sort != "oldest")
        return [story.pk for story in found]

    def counts(self, query: Query) -> dict[str, dict[str, int]]:
        """Facet → value → how many stories have it under the query's other filters."""
        return {
            facet: Counter(
                value
                for story in self._found(query, without=_AXIS.get(facet, {facet}))
                for value in self.values[story.pk][facet]
            )
            for facet in FACETS
        }

    def _found(self, query: Query, without: Iterable[str] = ()) -> list[Story]:
        asked = {"language": query.languages} | dict(query.selections)
        for facet in without:
            asked.pop(facet, None)
        return [
            story
            for story in self.stories
            if all(set(asked[f]) & self.values[story.pk][f] for f in asked)
            and _is_within(story, query)
            and all(_matches(story, piece) for piece in _pieces(query.keywords))
        ]

    def _values(self, story: Story) -> dict[str, set[str]]:
        day = _instant(story).astimezone(ZONE)
        return {
            "language": {story.locale.language_code},
            "genre": {story.genre.slug} if story.genre else set(),
            "office": self._with_ancestors("office", story.offices.all()),
            "topic": self._with_ancestors("topic", story.topics.all()),
            "year": {f"{day:%Y}"},
            "month": {f"{day:%Y-%m}"},
        }

    def _with_ancestors(self, facet: str, terms: Iterable[Office | Topic]) -> set[str]:
        found = set()
        for term in terms:
            slug: str | None = term.slug
            while slug:
                found.add(slug)
                slug = self.parents[facet][slug]
        return found


def _is_public(story: Story, at: datetime) -> bool:
    return (
        story.state == "published"
        and _instant(story) <= at
        and (story.embargoed_until is None or story.embargoed_until <= at)
        and (story.expire_at is None or story.expire_at > at)
    )


def _instant(story: Story) -> datetime:
    if story.published_at:
        return story.published_at
    assert story.published_on
    return datetime.combine(story.published_on, time.min, ZONE)


def _order(story: Story) -> tuple[datetime, int, str]:
    return _instant(story), story.number or 0, story.locale.language_code


def _is_within(story: Story, query: Query) -> bool:
    at = _instant(story)
    if query.since and at < datetime.combine(query.since, time.min, ZONE):
        return False
    return not query.until or at < datetime.combine(query.until + timedelta(days=1), time.min, ZONE)


def _pieces(keywords: str) -> list[str]:
    return re.findall(r'-?"[^"]*"|\S+', keywords)


def _matches(story: Story, piece: str) -> bool:
    wanted = piece.lstrip("-").strip('"').split()
    found = any(
        _stands(wanted, text.split()) for text in (story.headline, story.summary, _body(story))
    )
    return found != piece.startswith("-")


def _stands(wanted: list[str], words: list[str]) -> bool:
    size = len(wanted)
    runs = [words[start : start + size] for start in range(len(words) - size + 1)]
    if wanted[-1].endswith("*"):
        beginning = wanted[-1][:-1]
        return any(run[:-1] == wanted[:-1] and run[-1].startswith(beginning) for run in runs)
    return wanted in runs


def _body(story: Story) -> str:
    return re.sub("<[^>]*>", " ", story.body)
