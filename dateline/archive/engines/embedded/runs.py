"""Sorted postings on their way into an index: more than memory holds, so they wait in a file."""

from __future__ import annotations

import mmap
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Protocol

import numpy as np
from numpy.typing import NDArray
from pyroaring import BitMap

from dateline.archive.engines.embedded import postings
from dateline.archive.engines.embedded.postings import Impacts, Integers, groups, listed
from dateline.archive.engines.embedded.weighing import Weighed, positions

SHELF_BITS = 18
"""Slots of a shelf, as a power of two: their words' positions must fit into 32 bits."""

_BASE = """
    SELECT term, documents, impacts FROM base JOIN weight USING (term)
    WHERE term IN (SELECT value FROM json_each(?))
"""
_SPOTS = "SELECT key, positions FROM spot WHERE key IN (SELECT value FROM json_each(?))"
_TAIL = "SELECT key, documents, positions FROM tail WHERE key >= ? AND key < ? ORDER BY key"

Found = tuple[Integers, Integers, Impacts]
"""Which of the terms asked for, which document, which impact."""
Placed = tuple[Integers, Integers, Integers]
"""Which of the terms asked for, which document, where in it."""


class Source(Protocol):
    """Where an index's postings come from. Documents have numbers of the source's own."""

    def frequencies(self) -> tuple[Integers, Integers]:
        """Terms, and in how many of the source's documents each one is, roughly."""

    def postings(self, terms: Integers) -> Found:
        """All postings of these terms, in any order."""

    def positions(self, terms: Integers) -> Placed:
        """Where the words of these terms stand."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Where an array lies in a spool."""

    offset: int
    count: int
    kind: str


class Spool:
    """Arrays in a file, written one after the other and then read wherever."""

    def __init__(self, file: BinaryIO) -> None:
        self._file, self._end = file, 0
        self._map: mmap.mmap | None = None

    def add(self, values: NDArray[Any], kind: str) -> Piece:
        """Append an array, as elements of this kind."""
        piece = Piece(self._end, len(values), kind)
        data = values.astype(kind).tobytes() + bytes(-len(values) * np.dtype(kind).itemsize % 8)
        self._file.write(data)
        self._end += len(data)
        return piece

    def finish(self) -> None:
        """No more is added; from now on it can be read."""
        self._file.flush()
        if self._end:
            self._map = mmap.mmap(self._file.fileno(), self._end, prot=mmap.PROT_READ)

    def read(self, piece: Piece) -> NDArray[Any]:
        """What was added, as lies in the file."""
        if self._map is None:
            return np.zeros(0, piece.kind)
        return np.frombuffer(self._map, piece.kind, piece.count, piece.offset)

    def release(self) -> None:
        """Give the memory back that what was read lies in; it can be read again."""
        if self._map is not None:
            self._map.madvise(mmap.MADV_DONTNEED)


@contextmanager
def spooling(path: Path) -> Iterator[Spool]:
    """A spool in a file at `path`, removed at the end."""
    with path.open("wb+") as file:
        try:
            yield Spool(file)
        finally:
            path.unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class Run:
    """The postings of some documents that follow one another, sorted by term, in a spool."""

    spool: Spool
    first: int
    starts: Piece
    terms: Piece
    counts: Piece
    documents: Piece
    impacts: Piece
    forms: Piece
    spots: Piece
    where: Piece

    def frequencies(self) -> tuple[Integers, Integers]:
        return self._read(self.terms), self._read(self.counts)

    def postings(self, terms: Integers) -> Found:
        index, at = _gathered(terms, self._read(self.terms), self._read(self.counts))
        documents = self.spool.read(self.documents)[at].astype(np.int64) + self.first
        return index, documents, self.spool.read(self.impacts)[at]

    def positions(self, terms: Integers) -> Placed:
        index, at = _gathered(terms, self._read(self.forms), self._read(self.spots))
        where = self.spool.read(self.where)[at].astype(np.int64)
        starts = self._read(self.starts)
        documents = np.searchsorted(starts, where, "right") - 1
        return index, documents + self.first, where - starts[documents]

    def _read(self, piece: Piece) -> Integers:
        return self.spool.read(piece).astype(np.int64)


def _gathered(wanted: Integers, terms: Integers, counts: Integers) -> tuple[Integers, Integers]:
    """Which of the `wanted` terms, and where its entries lie: one pair for each entry."""
    if not len(terms):
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    at = np.minimum(np.searchsorted(terms, wanted), len(terms) - 1)
    having = np.flatnonzero(terms[at] == wanted)
    at = at[having]
    many = counts[at]
    ends = np.cumsum(counts)
    index = np.repeat(having, many)
    within = np.arange(len(index)) - np.repeat(np.cumsum(many) - many, many)
    return index, np.repeat(ends[at] - many, many) + within


def run(spool: Spool, first: int, weighed: Weighed) -> Run:
    """A batch of documents, of which the first has number `first`."""
    forms, where = positions(weighed.forms)
    starts = np.cumsum(weighed.sizes) - weighed.sizes
    found = (weighed.terms, weighed.documents, weighed.impacts)
    return _written(spool, first, starts, found, (forms, where))


def _written(
    spool: Spool,
    first: int,
    starts: Integers,
    found: tuple[Integers, Integers, Impacts],
    placed: tuple[Integers, Integers],
) -> Run:
    begins, ends = groups(found[0])
    form_begins, form_ends = groups(placed[0])
    return Run(
        spool,
        first,
        spool.add(starts, "<u4"),
        spool.add(found[0][begins], "<u4"),
        spool.add(ends - begins, "<u4"),
        spool.add(found[1], "<u4"),
        spool.add(found[2], "u1"),
        spool.add(placed[0][form_begins], "<u4"),
        spool.add(form_ends - form_begins, "<u4"),
        spool.add(placed[1], "<u4"),
    )


def of_block(spool: Spool, db: sqlite3.Connection, block: int, first: int, starts: Integers) -> Run:
    """A block of an index's tails, whose first slot is `first`."""
    low, high = block << postings.TERM_BITS, (block + 1) << postings.TERM_BITS
    rows = db.execute(_TAIL, (low, high)).fetchall()
    terms = np.array([row[0] for row in rows], np.int64) - low
    slots, impacts = postings.records(b"".join(row[1] for row in rows), block)
    many = np.array([len(row[1]) for row in rows], np.int64) // 3
    where = np.frombuffer(b"".join(row[2] for row in rows), "<u4").astype(np.int64)
    spots = np.array([len(row[2]) for row in rows], np.int64) // 4
    found = (np.repeat(terms, many), slots.astype(np.int64) - first, impacts)
    return _written(spool, first, starts, found, (np.repeat(terms, spots), where))


class Base:
    """The base of an index, read a group of terms at a time; documents are its slots."""

    def __init__(self, db: sqlite3.Connection, words: int, starts: Integers) -> None:
        self._db, self._words, self._starts = db, words, starts

    def frequencies(self) -> tuple[Integers, Integers]:
        rows = self._db.execute("SELECT term, documents FROM frequency ORDER BY term").fetchall()
        table = np.array(rows, np.int64).reshape(-1, 2)
        return table[:, 0], table[:, 1]

    def postings(self, terms: Integers) -> Found:
        wanted = {term: at for at, term in enumerate(terms.tolist()) if term <= self._words}
        index, documents, impacts = _Grown(), _Grown(), bytearray()
        for term, data, said in self._db.execute(_BASE, (listed(wanted),)):
            slots = postings.numbers(BitMap.deserialize(data))
            documents.add(slots)
            index.add(np.full(len(slots), wanted[term]))
            impacts += said
        return index.all(), documents.all(), np.frombuffer(bytes(impacts), np.uint8)

    def positions(self, terms: Integers) -> Placed:
        wanted = {term: at for at, term in enumerate(terms.tolist()) if term <= self._words}
        shelves = range((len(self._starts) + (1 << SHELF_BITS) - 1) >> SHELF_BITS)
        keys = [term << 16 | shelf for term in wanted for shelf in shelves]
        index, documents, offsets = _Grown(), _Grown(), _Grown()
        for key, data in self._db.execute(_SPOTS, (listed(keys),)):
            first = (key & 0xFFFF) << SHELF_BITS
            starts = self._starts[first : first + (1 << SHELF_BITS)]
            where = postings.numbers(BitMap.deserialize(data)).astype(np.int64)
            found = np.searchsorted(starts, where, "right") - 1
            documents.add(found + first)
            offsets.add(where - starts[found])
            index.add(np.full(len(where), wanted[key >> 16]))
        return index.all(), documents.all(), offsets.all()


class _Grown:
    """Arrays put one behind the other."""

    def __init__(self) -> None:
        self._parts: list[NDArray[Any]] = [np.zeros(0, np.int64)]

    def add(self, values: NDArray[Any]) -> None:
        self._parts.append(values)

    def all(self) -> Integers:
        whole: Integers = np.concatenate(self._parts).astype(np.int64)
        return whole
