"""From a story in the store to a document in the index.

Read by the batch and by column: the index is built from hundreds of thousands of rows, and model
instances would cost more than the indexing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from dateline.archive.engines.base import Document
from dateline.lib import html
from dateline.publishing import visibility
from dateline.stories.models import Story
from dateline.stories.ports import day_start, language_of

BATCH = 1000

_COLUMNS = (
    "pk",
    "number",
    "locale_id",
    "published_on",
    "published_at",
    "expire_at",
    "headline",
    "summary",
    "body",
    "notes_to_editors",
    "genre_id",
)


def documents(ids: Sequence[int], at: datetime | None = None) -> Iterator[Document]:
    """The documents of those of the given stories that may be listed now."""
    for start in range(0, len(ids), BATCH):
        yield from _batch(list(ids[start : start + BATCH]), at)


def every_document(at: datetime | None = None) -> Iterator[Document]:
    """The documents of all stories that may be listed now, in memory a batch at a time."""
    last = 0
    while True:
        stories = Story.objects.filter(pk__gt=last).order_by("pk")
        ids = list(stories.values_list("pk", flat=True)[:BATCH])
        if not ids:
            return
        yield from _batch(ids, at)
        last = ids[-1]


def _batch(ids: list[int], at: datetime | None) -> Iterator[Document]:
    offices = _terms("office", ids)
    topics = _terms("topic", ids)
    rows = visibility.listed(Story.objects.filter(pk__in=ids), at).order_by("pk")
    for row in rows.values_list(*_COLUMNS):
        yield _document(row, offices[row[0]], topics[row[0]])


def _terms(facet: str, ids: list[int]) -> dict[int, tuple[str, ...]]:
    """Story → the ids of its own terms (not their ancestors), as the index writes them."""
    through = getattr(Story, f"{facet}s").through
    found: dict[int, tuple[str, ...]] = defaultdict(tuple)
    links = through.objects.filter(story_id__in=ids)
    for story, term in links.values_list("story_id", f"{facet}_id"):
        found[story] += (str(term),)
    return found


def _document(row: tuple[Any, ...], offices: tuple[str, ...], topics: tuple[str, ...]) -> Document:
    pk, number, locale, on, at, expires, headline, summary, body, notes, genre = row
    language = language_of(locale) or ""
    return Document(
        id=pk,
        number=number,
        language=language,
        instant=instant(on, at),
        headline=headline,
        summary=summary,
        body=f"{html.text(body)}\n\n{html.text(notes)}" if notes else html.text(body),
        facets={
            "language": (language,),
            "genre": (str(genre),) if genre else (),
            "office": offices,
            "topic": topics,
        },
        expires=int(expires.timestamp()) if expires else None,
    )


def instant(on: date, at: datetime | None) -> int:
    """Unix seconds a story is sorted by: a date without a time is that day's start."""
    return int((at or day_start(on)).timestamp())
