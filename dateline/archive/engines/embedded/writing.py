"""Changes to the index, a batch at a time, inside the caller's transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import orjson

from dateline.archive.engines.base import Document
from dateline.archive.engines.embedded import postings
from dateline.archive.engines.embedded.lexicon import Lexicon
from dateline.archive.engines.embedded.postings import Impacts, Integers
from dateline.archive.engines.embedded.weighing import Weighed, content_terms, contents, weigh

LOG_LENGTH = 50_000
"""Changes kept for processes that follow; one that is further behind reads everything anew."""

_PLACES = """
    SELECT id, slot, instant, number, language, fingerprint FROM place
    WHERE id IN (SELECT value FROM json_each(?))
"""
_CONTENTS = "SELECT slot, terms FROM content WHERE slot IN (SELECT value FROM json_each(?))"
_EDGE = """
    SELECT instant, number, language FROM place WHERE anchor IS NULL
    ORDER BY instant DESC, number DESC, language DESC LIMIT 1
"""
_ANCHOR = """
    SELECT slot FROM place WHERE anchor IS NULL AND (instant, number, language) > (?, ?, ?)
    ORDER BY instant, number, language LIMIT 1
"""
_INSERT_PLACE = "INSERT INTO place VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"

Key = tuple[int, int, str]


@dataclass(frozen=True, slots=True)
class _Place:
    slot: int
    key: Key
    fingerprint: bytes


def order(document: Document) -> Key:
    """What documents are sorted by; equal for no two texts, since a story has one per language."""
    return document.instant, document.number, document.language


def put(db: sqlite3.Connection, lexicon: Lexicon, batch: Iterable[Document]) -> None:
    """Add documents or replace those of the same ids; of several with one id the last counts."""
    documents = {document.id: document for document in batch}
    places = _places(db, documents)
    staying, coming, leaving = [], [], []
    for document in documents.values():
        place = places.get(document.id)
        if place and place.key == order(document):
            if place.fingerprint != document.fingerprint():
                staying.append(document)
            continue
        coming.append(document)
        if place:
            leaving.append(place.slot)
    _take_out(db, leaving)
    _replace(db, lexicon, staying, [places[document.id].slot for document in staying])
    _add(db, lexicon, sorted(coming, key=order))


def remove(db: sqlite3.Connection, ids: Iterable[int]) -> None:
    """Take documents out; ids the index does not hold are passed over."""
    _take_out(db, [place.slot for place in _places(db, ids).values()])


def _places(db: sqlite3.Connection, ids: Iterable[int]) -> dict[int, _Place]:
    rows = db.execute(_PLACES, (_json(ids),))
    return {row[0]: _Place(row[1], (row[2], row[3], row[4]), row[5]) for row in rows}


def _json(numbers: Iterable[int]) -> str:
    return orjson.dumps(list(numbers)).decode()


def _take_out(db: sqlite3.Connection, slots: Sequence[int]) -> None:
    """The documents of these slots out of everything; their places stay, without an id."""
    if not slots:
        return
    held = dict(db.execute(_CONTENTS, (_json(slots),)))
    postings.edit(db, _gone({slot: content_terms(held[slot])[0] for slot in slots}), _NOTHING)
    one_each = [(slot,) for slot in slots]
    db.executemany(
        "UPDATE place SET id = NULL, expires = NULL, facets = x'' WHERE slot = ?", one_each
    )
    db.executemany("DELETE FROM content WHERE slot = ?", one_each)
    db.executemany("INSERT INTO log (slot) VALUES (?)", one_each)


_NONE = np.zeros(0, np.int64)
_NOTHING = (_NONE, _NONE, np.zeros(0, np.uint8))


def _gone(terms: dict[int, Integers]) -> tuple[Integers, Integers]:
    slots = np.repeat(np.array(list(terms), np.int64), [len(found) for found in terms.values()])
    return np.concatenate((_NONE, *terms.values())), slots


def _add(db: sqlite3.Connection, lexicon: Lexicon, batch: Sequence[Document]) -> None:
    """Documents in their order, into the next slots; those behind the newest are late."""
    if not batch:
        return
    first = db.execute("SELECT coalesce(max(slot) + 1, 0) FROM place").fetchone()[0]
    weighed = weigh(lexicon, batch)
    edge = db.execute(_EDGE).fetchone()
    _insert_places(db, first, batch, weighed, edge)
    rows = zip(range(first, first + len(batch)), contents(weighed), weighed.forms, strict=True)
    db.executemany("INSERT INTO content VALUES (?, ?, ?)", rows)
    postings.append(db, weighed.terms, weighed.documents + first, weighed.impacts)
    for block in range(first >> postings.BLOCK_BITS, (first + len(batch)) >> postings.BLOCK_BITS):
        postings.pack(db, block)


def _insert_places(
    db: sqlite3.Connection,
    first: int,
    batch: Sequence[Document],
    weighed: Weighed,
    edge: Key | None,
) -> None:
    keys = [order(document) for document in batch]
    late = [edge is not None and key < edge for key in keys]
    anchors = [
        db.execute(_ANCHOR, key).fetchone()[0] if is_late else None
        for key, is_late in zip(keys, late, strict=True)
    ]
    rows = [
        (
            first + at,
            d.id,
            d.number,
            d.language,
            d.instant,
            d.expires,
            anchor,
            facets,
            d.fingerprint(),
        )
        for at, (d, anchor, facets) in enumerate(zip(batch, anchors, weighed.facets, strict=True))
    ]
    db.executemany(_INSERT_PLACE, rows)
    db.executemany("INSERT INTO log (slot) VALUES (?)", [(row[0],) for row in rows])


def _replace(
    db: sqlite3.Connection, lexicon: Lexicon, batch: Sequence[Document], slots: Sequence[int]
) -> None:
    """Documents whose order is unchanged keep their slots: only what differs is written."""
    if not batch:
        return
    weighed = weigh(lexicon, batch)
    now = contents(weighed)
    before = dict(db.execute(_CONTENTS, (_json(slots),)))
    changes = [_difference(before[slot], new) for slot, new in zip(slots, now, strict=True)]
    gone = _gone({slot: gone for slot, (gone, _, _) in zip(slots, changes, strict=True)})
    at = np.repeat(np.array(slots, np.int64), [len(terms) for _, terms, _ in changes])
    new = np.concatenate([terms for _, terms, _ in changes])
    postings.edit(db, gone, (new, at, np.concatenate([impacts for _, _, impacts in changes])))
    db.executemany(
        "UPDATE content SET terms = ?, forms = ? WHERE slot = ?",
        zip(now, weighed.forms, slots, strict=True),
    )
    db.executemany(
        "UPDATE place SET expires = ?, facets = ?, fingerprint = ? WHERE slot = ?",
        [
            (d.expires, facets, d.fingerprint(), slot)
            for d, facets, slot in zip(batch, weighed.facets, slots, strict=True)
        ],
    )
    db.executemany("INSERT INTO log (slot) VALUES (?)", [(slot,) for slot in slots])


def _difference(before: bytes, now: bytes) -> tuple[Integers, Integers, Impacts]:
    """Terms gone, and terms new or of another weight with their impacts."""
    old, old_impacts = content_terms(before)
    new, impacts = content_terms(now)
    changed = ~np.isin(new << 8 | impacts, old << 8 | old_impacts)
    return old[~np.isin(old, new)], new[changed], impacts[changed]


def prune_log(db: sqlite3.Connection) -> None:
    """Forget changes that no process that is in use still waits for."""
    db.execute("DELETE FROM log WHERE seq <= (SELECT max(seq) FROM log) - ?", (LOG_LENGTH,))
