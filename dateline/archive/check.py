"""The index against the store: what an administrator asks when a list looks wrong."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from datetime import datetime
from itertools import groupby

from django.utils import timezone

from dateline.archive import document
from dateline.archive.engines.base import Document, Engine, Entry
from dateline.publishing.models import Change, Due


def compare(engine: Engine, at: datetime | None = None) -> Iterator[str]:
    """Each difference between the index and the store, as a sentence, by ascending story id.

    What the index had yet to be told when the comparison began (changes behind its cursor,
    releases the worker is about to make) is no difference, nor is an expired document, which no
    query finds. Both sides are read side by side, so memory stays flat whatever their size.
    """
    moment = at or timezone.now()
    cursor = engine.cursor()
    for pk, sides in groupby(_side_by_side(engine, moment), key=lambda either: either.id):
        difference = _difference(list(sides), moment)
        if difference and not _is_pending(pk, cursor):
            yield difference


def _side_by_side(engine: Engine, moment: datetime) -> Iterator[Entry | Document]:
    """Both sides by ascending story id; of one story, the index's entry comes first."""
    sides: tuple[Iterator[Entry | Document], ...] = (
        engine.documents(),
        document.every_document(moment),
    )
    return heapq.merge(*sides, key=lambda either: either.id)


def _difference(sides: list[Entry | Document], moment: datetime) -> str:
    """What is wrong with a text that the index, the store or both (in this order) hold; or ""."""
    named = f"/{sides[0].language}/news/{sides[0].number} (id {sides[0].id})"
    match sides:
        case [Document()]:
            return f"{named} is missing from the index"
        case [Entry() as held]:
            spent = held.expires is not None and held.expires <= moment.timestamp()
            return "" if spent else f"{named} is in the index and should not be found"
        case [Entry() as held, Document() as wanted]:
            return "" if held == _entry(wanted) else f"{named} is in the index as it was before"
    return f"{named} is in the index more than once"


def _entry(wanted: Document) -> Entry:
    """What the index ought to hold of a document."""
    return Entry(
        wanted.id,
        wanted.number,
        wanted.language,
        wanted.instant,
        wanted.expires,
        wanted.fingerprint(),
    )


def _is_pending(story: int, cursor: int) -> bool:
    return (
        Change.objects.filter(sequence__gt=cursor, story_id=story).exists()
        or Due.objects.filter(story_id=story).exists()
    )


def behind(engine: Engine) -> int:
    """How many changes the index has not taken in yet."""
    return Change.objects.filter(sequence__gt=engine.cursor()).count()
