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
            yield f"story {pk}: {difference}"


def _side_by_side(engine: Engine, moment: datetime) -> Iterator[Entry | Document]:
    """Both sides by ascending story id; of one story, the index's entry comes first."""
    sides: tuple[Iterator[Entry | Document], ...] = (
        engine.documents(),
        document.every_document(moment),
    )
    return heapq.merge(*sides, key=lambda either: either.id)


def _difference(sides: list[Entry | Document], moment: datetime) -> str:
    """What is wrong with a story that the index, the store or both (in this order) hold."""
    match sides:
        case [Document() as wanted]:
            return f"missing from the index (number {wanted.number}, {wanted.language})"
        case [Entry() as held]:
            spent = held.expires is not None and held.expires <= moment.timestamp()
            where = f"number {held.number}, {held.language}"
            return "" if spent else f"not public and yet in the index ({where})"
        case [Entry() as held, Document() as wanted]:
            is_same = held.fingerprint == wanted.fingerprint()
            where = f"number {wanted.number}, {wanted.language}"
            return "" if is_same else f"stale in the index ({where})"
    return "more than once in the index"


def _is_pending(story: int, cursor: int) -> bool:
    return (
        Change.objects.filter(sequence__gt=cursor, story_id=story).exists()
        or Due.objects.filter(story_id=story).exists()
    )
