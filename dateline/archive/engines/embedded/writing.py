"""Changes to the index, a batch at a time, inside the caller's transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from dateline.archive.engines.base import Document
from dateline.archive.engines.embedded import postings
from dateline.archive.engines.embedded.lexicon import Lexicon
from dateline.archive.engines.embedded.postings import Integers, listed
from dateline.archive.engines.embedded.weighing import Weighed, contents, positions, weigh

LOG_LENGTH = 200_000
"""Changes kept for processes that follow; one that is further behind reads everything anew."""

_PLACES = """
    SELECT id, slot, instant, number, language, fingerprint FROM place
    WHERE id IN (SELECT value FROM json_each(?))
"""
_EDGE = """
    SELECT instant, number, language FROM place WHERE anchor IS NULL
    ORDER BY instant DESC, number DESC, language DESC LIMIT 1
"""
_ANCHOR = """
    SELECT slot FROM place WHERE anchor IS NULL AND (instant, number, language) > (?, ?, ?)
    ORDER BY instant, number, language LIMIT 1
"""
_LAST = "SELECT slot, start + size FROM place ORDER BY slot DESC LIMIT 1"
_INSERT = "INSERT INTO place VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"

Key = tuple[int, int, str]


@dataclass(frozen=True, slots=True)
class Entered:
    """A document as the file's tables know it, but for its slot and the words in it."""

    id: int
    number: int
    language: str
    instant: int
    expires: int | None
    fingerprint: bytes

    @property
    def key(self) -> Key:
        """What documents are sorted by; equal for no two, since a story has one per language."""
        return self.instant, self.number, self.language


@dataclass(frozen=True, slots=True)
class Batch:
    """Documents in their order with their words, and how many of these each headline has."""

    entered: Sequence[Entered]
    weighed: Weighed
    heads: Integers


def entered(document: Document) -> Entered:
    return Entered(
        document.id,
        document.number,
        document.language,
        document.instant,
        document.expires,
        document.fingerprint(),
    )


def put(db: sqlite3.Connection, lexicon: Lexicon, batch: Iterable[Document]) -> None:
    """Add documents or replace those of the same ids; of several with one id the last counts."""
    documents = {document.id: (entered(document), document) for document in batch}
    before = {row[0]: row[1:] for row in db.execute(_PLACES, (listed(documents),))}
    coming = [
        pair
        for pair in documents.values()
        if before.get(pair[0].id, ())[1:] != (*pair[0].key, pair[0].fingerprint)
    ]
    remove(db, [one.id for one, _ in coming])
    coming.sort(key=lambda pair: pair[0].key)
    if coming:
        weighed = weigh(lexicon, [document for _, document in coming])
        add(
            db,
            Batch([one for one, _ in coming], weighed, weighed.fields[:, 0]),
        )


def remove(db: sqlite3.Connection, ids: Iterable[int]) -> None:
    """Take documents out; ids the index does not hold are passed over. Their places stay."""
    rows = [(row[1], row[0]) for row in db.execute(_PLACES, (listed(ids),))]
    one_each = [(slot,) for slot, _ in rows]
    db.executemany("UPDATE place SET id = NULL, expires = NULL WHERE slot = ?", one_each)
    db.executemany("DELETE FROM content WHERE slot = ?", one_each)
    db.executemany("INSERT INTO log (slot, id) VALUES (?, ?)", rows)


def add(db: sqlite3.Connection, batch: Batch) -> None:
    """Documents in their order, into the next slots; those behind the newest are late."""
    last, end = db.execute(_LAST).fetchone() or (-1, 0)
    slots = np.arange(last + 1, last + 1 + len(batch.entered))
    if not _is_within(db, last):
        end = 0
    sizes = batch.weighed.sizes
    starts = end + np.cumsum(sizes) - sizes
    blocks = slots >> postings.BLOCK_BITS
    begun = np.flatnonzero(np.diff(blocks, prepend=blocks[0])) if len(blocks) else blocks
    bounds = [0, *begun.tolist(), len(slots)]
    for a, b in pairwise(bounds):
        if a:
            starts[a:] -= starts[a]
        _append(db, batch.weighed, (a, b), slots, starts)
    _enter(db, batch, slots, starts)


def _is_within(db: sqlite3.Connection, last: int) -> bool:
    """Whether the slot after `last` goes on in the same block, behind the base."""
    base = db.execute("SELECT base FROM state").fetchone()[0]
    return last >= base and last >> postings.BLOCK_BITS == (last + 1) >> postings.BLOCK_BITS


def _append(
    db: sqlite3.Connection,
    weighed: Weighed,
    span: tuple[int, int],
    slots: Integers,
    starts: Integers,
) -> None:
    """The postings of the documents [a, b) of a batch, all of one block."""
    a, b = span
    inside = (weighed.documents >= a) & (weighed.documents < b)
    before = int(weighed.sizes[:a].sum())
    forms, where = positions(weighed.forms[before : before + int(weighed.sizes[a:b].sum())])
    postings.append(
        db,
        int(slots[a]) >> postings.BLOCK_BITS,
        (weighed.terms[inside], slots[weighed.documents[inside]], weighed.impacts[inside]),
        (forms, where + int(starts[a])),
    )


def _enter(db: sqlite3.Connection, batch: Batch, slots: Integers, starts: Integers) -> None:
    edge = db.execute(_EDGE).fetchone()
    late = [edge is not None and one.key < edge for one in batch.entered]
    anchors = [
        db.execute(_ANCHOR, one.key).fetchone()[0] if is_late else None
        for one, is_late in zip(batch.entered, late, strict=True)
    ]
    numbered = slots.tolist()
    rows = zip(
        numbered,
        batch.entered,
        anchors,
        starts.tolist(),
        batch.heads.tolist(),
        batch.weighed.sizes.tolist(),
        strict=True,
    )
    db.executemany(
        _INSERT,
        [
            (slot, d.id, d.number, d.language, d.instant, d.expires, *where, d.fingerprint)
            for slot, d, *where in rows
        ],
    )
    pairs = zip(numbered, contents(batch.weighed), strict=True)
    db.executemany("INSERT INTO content VALUES (?, ?, ?)", [(slot, *row) for slot, row in pairs])
    told = [(slot, one.id) for slot, one in zip(numbered, batch.entered, strict=True)]
    db.executemany("INSERT INTO log (slot, id) VALUES (?, ?)", told)


def prune_log(db: sqlite3.Connection) -> None:
    """Forget changes that no process that is in use still waits for."""
    db.execute("DELETE FROM log WHERE seq <= (SELECT max(seq) FROM log) - ?", (LOG_LENGTH,))
