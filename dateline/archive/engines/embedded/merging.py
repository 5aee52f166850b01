"""Postings of any number of sources, merged into the base of a new index file."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from zlib import crc32

import numpy as np
from pyroaring import BitMap

from dateline.archive.engines.embedded import runs
from dateline.archive.engines.embedded.columns import Columns
from dateline.archive.engines.embedded.postings import Integers, groups, stored
from dateline.archive.engines.embedded.runs import Source, Spool

AT_ONCE = 3_000_000
"""Postings sorted together: some 100 MB."""
TERMS_AT_ONCE = 100_000
MANY = 512
"""Forms with one beginning from which their documents are kept as one bitmap, too."""

_BYTE, _SLOT, _SPOT = 8, 32, 44


class Renumbering:
    """Terms in the order of their texts: `old` ids by new id, from 1."""

    def __init__(self, source: sqlite3.Connection) -> None:
        self._source = source
        ids = (row[0] for row in source.execute("SELECT id FROM term ORDER BY text"))
        self.old: Integers = np.fromiter(ids, np.int64)
        self.new: Integers = np.zeros(int(self.old.max(initial=0)) + 1, np.int64)
        self.new[self.old] = np.arange(1, len(self.old) + 1)

    def texts(self) -> Iterator[tuple[str, int]]:
        """Each term's text and new id, in order."""
        texts = self._source.execute("SELECT text FROM term ORDER BY text")
        return ((row[0], new) for new, row in enumerate(texts, 1))


def merge(
    target: sqlite3.Connection,
    sources: Sequence[Source],
    columns: Columns,
    terms: Renumbering,
    spool: Spool,
) -> Integers:
    """Write the base; returns in how many documents each term is, by new id.

    `spool` is what sources read from, if they do.
    """
    frequency = np.zeros(len(terms.old) + 1, np.int64)
    for first, last in _plan(sources, terms):
        _Group(target, terms.old[first:last], first + 1).write(sources, columns, frequency)
        spool.release()
    named = (row for row in terms.texts() if frequency[row[1]])
    target.executemany("INSERT INTO term VALUES (?, ?)", named)
    _write_beginnings(target, terms, frequency)
    target.execute(
        "UPDATE state SET terms = ?, words = ?, base = ?",
        (len(terms.old), len(terms.old), len(columns.given)),
    )
    return frequency


def _plan(sources: Sequence[Source], terms: Renumbering) -> Iterator[tuple[int, int]]:
    """Spans of terms, in their new order, with as many postings as fit into memory."""
    expected = np.zeros(len(terms.new), np.int64)
    for source in sources:
        found, many = source.frequencies()
        expected[found] += many
    total = np.cumsum(expected[terms.old])
    first = 0
    while first < len(total):
        before = total[first - 1] if first else 0
        last = int(np.searchsorted(total, before + AT_ONCE, "right"))
        last = min(max(last, first + 1), first + TERMS_AT_ONCE)
        yield first, last
        first = last


class _Group:
    """Terms that follow one another, and their rows."""

    def __init__(self, target: sqlite3.Connection, old: Integers, first: int) -> None:
        self._db, self._old, self._first = target, old, first
        self._order = np.argsort(old, kind="stable")  # sources find sorted terms faster

    def write(self, sources: Sequence[Source], columns: Columns, frequency: Integers) -> None:
        sums = self._write_documents(self._documents(sources, columns), frequency)
        self._write_positions(self._positions(sources, columns), sums)
        rows = [(term, int(frequency[term]), checked) for term, checked in sums.items()]
        self._db.executemany("INSERT INTO frequency VALUES (?, ?, ?)", rows)

    def _documents(self, sources: Sequence[Source], columns: Columns) -> Integers:
        """Term, slot and impact in one integer each, sorted."""
        keys = []
        for source in sources:
            index, documents, impacts = source.postings(self._old[self._order])
            slots = columns.slots[documents]
            kept = slots >= 0
            term = self._order[index[kept]]
            keys.append((term << _SLOT | slots[kept]) << _BYTE | impacts[kept])
        return _sorted(keys)

    def _positions(self, sources: Sequence[Source], columns: Columns) -> Integers:
        """Term, shelf and position in one integer each, sorted."""
        keys = []
        for source in sources:
            index, documents, offsets = source.positions(self._old[self._order])
            slots = columns.slots[documents]
            kept = slots >= 0
            slots = slots[kept]
            shelf = slots >> runs.SHELF_BITS
            term = self._order[index[kept]]
            keys.append(term << _SPOT | shelf << 32 | columns.starts[slots] + offsets[kept])
        return _sorted(keys)

    def _write_documents(self, keys: Integers, frequency: Integers) -> dict[int, int]:
        """Rows of `base` and `weight`; returns each term's checksum so far."""
        found = keys >> _SLOT + _BYTE
        slots = (keys >> _BYTE).astype(np.uint32)
        impacts = (keys & 0xFF).astype(np.uint8).tobytes()
        starts, ends = groups(found)
        terms = (found[starts] + self._first).tolist()
        frequency[terms] = ends - starts
        base, weight, sums = [], [], {}
        for term, a, b in zip(terms, starts.tolist(), ends.tolist(), strict=True):
            data, said = stored(slots[a:b]), impacts[a:b]
            base.append((term, data))
            weight.append((term, said))
            sums[term] = crc32(said, crc32(data))
        self._db.executemany("INSERT INTO base VALUES (?, ?)", base)
        self._db.executemany("INSERT INTO weight VALUES (?, ?)", weight)
        return sums

    def _write_positions(self, keys: Integers, sums: dict[int, int]) -> None:
        found = keys >> 32
        where = keys.astype(np.uint32)
        starts, ends = groups(found)
        rows = []
        for key, a, b in zip(found[starts].tolist(), starts.tolist(), ends.tolist(), strict=True):
            term = (key >> 12) + self._first
            data = stored(where[a:b])
            rows.append((term << 16 | key & 0xFFF, data))
            sums[term] = crc32(data, sums[term])
        self._db.executemany("INSERT INTO spot VALUES (?, ?)", rows)


def _sorted(keys: list[Integers]) -> Integers:
    whole = np.concatenate(keys) if keys else np.zeros(0, np.int64)
    whole.sort()
    return whole


def _write_beginnings(target: sqlite3.Connection, terms: Renumbering, frequency: Integers) -> None:
    forms = (row for row in terms.texts() if frequency[row[1]] and row[0][0] not in ":@")
    for text, first, last in list(beginnings(forms)):
        bits = BitMap()
        rows = target.execute(
            "SELECT documents FROM base WHERE term BETWEEN ? AND ?", (first, last)
        )
        while some := rows.fetchmany(MANY):
            bits = BitMap.union(bits, *(BitMap.deserialize(row[0]) for row in some))
        bits.run_optimize()
        data = bits.serialize()
        target.execute("INSERT INTO beginning VALUES (?, ?, ?)", (text, data, crc32(data)))


def beginnings(forms: Iterator[tuple[str, int]]) -> Iterator[tuple[str, int, int]]:
    """The beginnings that many of the `forms` have, which are in order: text, first and last id."""
    open_: list[tuple[int, int]] = []  # for each letter: the first id, how many forms before it
    before, last, count = "", 0, 0
    for text, term in _and_end(forms):
        shared = 0
        while shared < min(len(text), len(before), len(open_)) and text[shared] == before[shared]:
            shared += 1
        while len(open_) > shared:
            first, earlier = open_.pop()
            if count - earlier > MANY:
                yield before[: len(open_) + 1], first, last
        open_ += [(term, count)] * (len(text) - len(open_))
        before, last, count = text, term, count + 1


def _and_end(forms: Iterator[tuple[str, int]]) -> Iterator[tuple[str, int]]:
    yield from forms
    yield "", 0
