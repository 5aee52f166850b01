"""What is wrong with an index file in itself: pages, sums, and whether its tables agree."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from zlib import crc32

import numpy as np

from dateline.archive.engines.embedded import postings
from dateline.archive.engines.embedded.lexicon import SEPARATOR
from dateline.archive.engines.embedded.postings import Extent, Integers
from dateline.archive.engines.embedded.weighing import content_terms

_BASE = """
    SELECT f.term, f.documents, f.sum, b.documents, w.impacts
    FROM frequency f LEFT JOIN base b USING (term) LEFT JOIN weight w USING (term) ORDER BY f.term
"""
_SPOTS = "SELECT positions FROM spot WHERE key BETWEEN ? AND ? ORDER BY key"
_STRAY = """
    SELECT (SELECT count(*) FROM base) + (SELECT count(*) FROM weight)
    - 2 * (SELECT count(*) FROM frequency)
"""
_SUMMED = """
    SELECT 'the array ' || name, data, sum FROM held
    UNION ALL SELECT 'the beginning ' || text, documents, sum FROM beginning
"""
_PLACES = "SELECT slot, coalesce(id, -1), instant, start, head FROM place ORDER BY slot"
_CONTENTS = """
    SELECT slot, start, terms, forms FROM place LEFT JOIN content USING (slot)
    WHERE slot >= ? AND slot < ? AND id IS NOT NULL ORDER BY slot
"""
_TAIL = "SELECT key, documents, positions FROM tail WHERE key >= ? AND key < ? ORDER BY key"


def damage(db: sqlite3.Connection, held: Extent) -> Iterator[str]:
    """Each fault as a sentence; none for a sound file."""
    faults = [row[0] for row in db.execute("PRAGMA integrity_check") if row[0] != "ok"]
    yield from (f"SQLite: {fault}" for fault in faults)
    if faults:
        return  # what else is wrong follows from this
    yield from _wrong_rows(db, held)
    for name, data, expected in db.execute(_SUMMED):
        if crc32(data) != expected:
            yield f"{name} is not what was written"
    yield from _wrong_places(db, held)
    for block in held.blocks():
        yield from _wrong_block(db, held, block)


def _wrong_rows(db: sqlite3.Connection, held: Extent) -> Iterator[str]:
    """Terms of the base whose rows are missing or are not what was written."""
    for term, _, expected, documents, impacts in db.execute(_BASE):
        if documents is None or impacts is None:
            yield f"{_named(db, term)} has no postings"
            continue
        checked = crc32(impacts, crc32(documents))
        for (positions,) in db.execute(_SPOTS, (term << 16, term << 16 | 0xFFFF)):
            checked = crc32(positions, checked)
        if checked != expected:
            yield f"{_named(db, term)} has postings that are not what was written"
    if stray := db.execute(_STRAY).fetchone()[0]:
        yield f"{stray} rows of postings belong to no term"


def _named(db: sqlite3.Connection, term: int) -> str:
    row = db.execute("SELECT text FROM term WHERE id = ?", (term,)).fetchone()
    return f"the term “{row[0]}”" if row else f"the term {term}, which has no text,"


def _wrong_places(db: sqlite3.Connection, held: Extent) -> Iterator[str]:
    """Whether the arrays of the base say what its documents' rows say."""
    arrays = dict(db.execute("SELECT name, data FROM held").fetchall())
    names = (("id", "<i8"), ("instant", "<i8"), ("start", "<u4"), ("head", "<u4"))
    columns = [np.frombuffer(arrays.get(name, b""), kind).tolist() for name, kind in names]
    count = 0
    for slot, *said in db.execute(_PLACES):
        if slot != count:
            yield f"the place {count} is missing"
        count = slot + 1
        if slot >= held.base:
            continue
        written = [column[slot] if slot < len(column) else None for column in columns]
        if said[0] == -1:  # gone since
            written[0] = -1
        if written != said:
            yield f"the place {slot} (id {said[0]}) does not agree with the arrays"
    if count < held.base:
        yield f"the places from {count} to {held.base} are missing"


def _wrong_block(db: sqlite3.Connection, held: Extent, block: int) -> Iterator[str]:
    """Whether a block's tails are what its documents' contents make."""
    first, last = held.span(block)
    rows = db.execute(_CONTENTS, (first, last)).fetchall()
    for slot, _, terms, _ in rows:
        if terms is None:
            yield f"the document at place {slot} has no content"
            return
    slots = np.array([row[0] for row in rows], np.int64)
    documents, positions = _expected([row[1:] for row in rows], slots)
    said, stood = _tails(db, block)
    said = said[np.isin(said >> 8 & 0xFFFFFFFF, slots)]
    starts = db.execute("SELECT start FROM place WHERE slot >= ? AND slot < ?", (first, last))
    begun = np.array([row[0] for row in starts], np.int64)
    whose = np.searchsorted(begun, stood & 0xFFFFFFFF, "right") - 1 + first
    stood = stood[np.isin(whose, slots)]
    for found, expected in ((said, documents), (stood, positions)):
        for term in np.unique(np.setxor1d(found, expected) >> 40).tolist():
            yield f"{_named(db, term)} has tails that its documents' contents do not make"


def _expected(rows: list[tuple[int, bytes, bytes]], slots: Integers) -> tuple[Integers, Integers]:
    """Term, slot and impact, and term and position, as the contents have them."""
    documents, positions = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for slot, (start, content, stream) in zip(slots.tolist(), rows, strict=True):
        terms, impacts = content_terms(content)
        documents.append(terms << 40 | slot << 8 | impacts)
        forms = np.frombuffer(stream, "<i4").astype(np.int64)
        where = np.flatnonzero(forms != SEPARATOR)
        positions.append(forms[where] << 40 | start + where)
    return np.concatenate(documents), np.concatenate(positions)


def _tails(db: sqlite3.Connection, block: int) -> tuple[Integers, Integers]:
    """The same as the block's tails have them, gone documents included."""
    documents, positions = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    low = block << postings.TERM_BITS
    for key, data, where in db.execute(_TAIL, (low, low + (1 << postings.TERM_BITS))):
        slots, impacts = postings.records(data[: len(data) // 3 * 3], block)
        documents.append((key - low) << 40 | slots.astype(np.int64) << 8 | impacts)
        spots = np.frombuffer(where, "<u4", len(where) // 4)
        positions.append((key - low) << 40 | spots.astype(np.int64))
    return np.concatenate(documents), np.concatenate(positions)
