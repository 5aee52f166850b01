"""What the words of a query found in each story of a page, marked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from dateline.archive import keywords
from dateline.archive.highlight import FARTHEST, Marked, Marker
from dateline.archive.keywords import Clause
from dateline.archive.rows import StoryRow
from dateline.archive.search import ResultPage
from dateline.lib import html
from dateline.publishing import visibility
from dateline.stories.models import Story

_SMALL = 3
"""Letters of words like “of” and “für”, which are no reason to show a piece of the text."""
_MARKUP = 2
"""How much longer a text may be for its markup."""


@dataclass(frozen=True)
class Found:
    """A story's headline and summary, and an excerpt of its text where these do not say it all."""

    headline: Marked
    summary: Marked
    excerpt: Marked


def found(result: ResultPage) -> dict[int, Found]:
    """By story id; empty where no words were asked for. One query more, for the page's texts."""
    clauses = keywords.parse(result.query.keywords)
    if not clauses:
        return {}
    markers = {row.language: Marker(clauses, row.language) for row in result.stories}
    marked = {row.id: _marked(row, markers[row.language]) for row in result.stories}
    wanted = {
        row.id: missing
        for row in result.stories
        if (missing := _missing(clauses, markers[row.language], marked[row.id]))
    }
    texts = _texts(list(wanted))
    for row in result.stories:
        if body := texts.get(row.id):
            excerpt = markers[row.language].excerpt(body, wanted[row.id])
            marked[row.id] = replace(marked[row.id], excerpt=excerpt)
    return marked


def _marked(row: StoryRow, marker: Marker) -> Found:
    return Found(marker.mark(row.headline, "headline"), marker.mark(row.summary), Marked(""))


def _missing(clauses: Sequence[Clause], marker: Marker, shown: Found) -> frozenset[int]:
    """The clauses that headline and summary do not answer, so that the text must."""
    said = shown.headline.said | shown.summary.said
    missing = marker.anywhere - said
    if not said:
        return missing
    return frozenset(number for number in missing if len(clauses[number].text) > _SMALL)


def _texts(ids: list[int]) -> dict[int, str]:
    """The plain texts of those stories that may be listed now, as far as they are looked at."""
    if not ids:
        return {}
    listed = visibility.listed(Story.objects.filter(pk__in=ids))
    bodies = listed.order_by().values_list("pk", "body")
    return {pk: html.text(body[: _MARKUP * FARTHEST])[:FARTHEST] for pk, body in bodies}
