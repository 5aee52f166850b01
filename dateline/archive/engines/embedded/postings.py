"""Postings: for a term, which slots have it, how much it says of each, and where it stands.

What an index was built or folded with is its base: one row per term, in roaring bitmaps. What came
since is appended to tails, one row per term and block of slots, inside SQLite and without reading
the row. Blocks come first in a tail's key, so that a batch of new documents rewrites the pages of
the newest block only. No row is ever edited otherwise.
"""

from __future__ import annotations

import sqlite3
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray
from pyroaring import BitMap

BLOCK_BITS = 12
"""Slots of a block, as a power of two: so few that its longest row is quickly written again."""
TERM_BITS = 32
_TERM = (1 << TERM_BITS) - 1
HEADLINE = 0x80
"""The bit of an impact that says the term stands in the headline."""

FEW = 4
"""How many times fewer slots are looked up one by one rather than all taken."""

Integers = NDArray[np.int64]
Impacts = NDArray[np.uint8]
Flags = NDArray[np.bool_]

_RECORD = np.dtype([("slot", "<u2"), ("impact", "u1")])
_APPEND = """
    INSERT INTO tail VALUES (?, ?, ?) ON CONFLICT (key) DO UPDATE SET
    documents = CAST(documents || excluded.documents AS BLOB),
    positions = CAST(positions || excluded.positions AS BLOB)
"""
_BASE = "SELECT term, documents FROM base WHERE term IN (SELECT value FROM json_each(?))"
_WEIGHED = """
    SELECT term, documents, impacts FROM base JOIN weight USING (term)
    WHERE term IN (SELECT value FROM json_each(?))
"""
_TAIL = """
    SELECT key, documents FROM tail WHERE key IN (SELECT value FROM json_each(?)) ORDER BY key
"""


@dataclass(frozen=True, slots=True)
class Extent:
    """How far a file goes: slots [0, base) and terms [1, words] are the base's, slots up to
    `count` are given."""

    base: int
    words: int
    count: int

    def blocks(self, since: int = 0) -> range:
        """The blocks of what came since the base, from the one that has slot `since`."""
        first = max(self.base, since)
        return range(first >> BLOCK_BITS, (self.count + (1 << BLOCK_BITS) - 1) >> BLOCK_BITS)

    def span(self, block: int) -> tuple[int, int]:
        """The slots of a block: from the first to the one after the last."""
        return max(self.base, block << BLOCK_BITS), min(self.count, (block + 1) << BLOCK_BITS)


@dataclass(frozen=True, slots=True)
class Posting:
    """All of a term's slots, and one impact for each in ascending order of slot."""

    slots: BitMap
    impacts: Impacts


def extent(db: sqlite3.Connection) -> Extent:
    row = db.execute("SELECT base, words, (SELECT max(slot) FROM place) FROM state").fetchone()
    return Extent(row[0], row[1], 0 if row[2] is None else row[2] + 1)


def bitmap(slots: NDArray[np.integer[Any]]) -> BitMap:
    """A roaring bitmap of these slots (pyroaring takes an array.array fifteen times faster)."""
    return BitMap(array("I", slots.astype(np.uint32).tobytes()))


def numbers(bits: BitMap) -> NDArray[np.uint32]:
    """The members of a bitmap in order."""
    return np.frombuffer(bits.to_array(), np.uint32)


def stored(slots: NDArray[np.integer[Any]]) -> bytes:
    """A roaring bitmap of these slots as it is kept in a file."""
    bits = bitmap(slots)
    bits.run_optimize()
    data: bytes = bits.serialize()
    return data


def groups(keys: Integers) -> tuple[Integers, Integers]:
    """Where each run of equal values in the sorted `keys` starts and ends."""
    cuts = np.flatnonzero(keys[1:] != keys[:-1]) + 1
    starts = np.concatenate(([0], cuts)) if len(keys) else cuts
    return starts, np.append(starts[1:], len(keys)) if len(keys) else cuts


def listed(values: Iterable[int]) -> str:
    """Numbers as SQLite's json_each takes them."""
    return orjson.dumps(list(values)).decode()


def append(
    db: sqlite3.Connection,
    block: int,
    documents: tuple[Integers, Integers, Impacts],
    positions: tuple[Integers, Integers],
) -> None:
    """Add to a block: (terms, slots, impacts) and (forms, positions), both sorted."""
    terms, slots, impacts = documents
    starts, ends = groups(terms)
    found = terms[starts]
    forms, where = positions
    first = np.searchsorted(forms, found, "left")
    last = np.searchsorted(forms, found, "right")
    data, spots = _records(slots, impacts), where.astype("<u4").tobytes()
    size = _RECORD.itemsize
    spans = zip(
        (found | block << TERM_BITS).tolist(),
        (size * starts).tolist(),
        (size * ends).tolist(),
        (4 * first).tolist(),
        (4 * last).tolist(),
        strict=True,
    )
    db.executemany(_APPEND, [(key, data[a:b], spots[c:d]) for key, a, b, c, d in spans])


def _records(slots: Integers, impacts: Impacts) -> bytes:
    records = np.empty(len(slots), _RECORD)
    records["slot"], records["impact"] = slots & ((1 << BLOCK_BITS) - 1), impacts
    return records.tobytes()


def records(data: bytes, block: int) -> tuple[NDArray[np.uint32], Impacts]:
    """What a tail row says: slots in ascending order, and their impacts."""
    found = np.frombuffer(data, _RECORD)
    slots: NDArray[np.uint32] = found["slot"].astype(np.uint32) + np.uint32(block << BLOCK_BITS)
    return slots, found["impact"]


def documents(
    db: sqlite3.Connection, held: Extent, terms: Sequence[int], since: int = 0
) -> dict[int, BitMap]:
    """Term → its slots, of those from `since` on; terms without any are left out."""
    found: dict[int, BitMap] = {}
    if since < held.base:
        for term, data in db.execute(_BASE, (listed(terms),)):
            found[term] = BitMap.deserialize(data)
    for term, block, data in tails(db, held, terms, since):
        bits = bitmap(records(data, block)[0])
        if term in found:
            found[term] |= bits
        else:
            found[term] = bits
    return found


def weighed(db: sqlite3.Connection, held: Extent, terms: Sequence[int]) -> dict[int, Posting]:
    """Term → its slots with their impacts."""
    slots: dict[int, BitMap] = {}
    impacts: defaultdict[int, list[Impacts]] = defaultdict(list)
    for term, data, said in db.execute(_WEIGHED, (listed(terms),)):
        slots[term] = BitMap.deserialize(data)
        impacts[term].append(np.frombuffer(said, np.uint8))
    for term, block, data in tails(db, held, terms):
        some, said = records(data, block)
        slots[term] = slots.get(term, BitMap()) | bitmap(some)
        impacts[term].append(said)
    return {term: Posting(bits, np.concatenate(impacts[term])) for term, bits in slots.items()}


def tails(
    db: sqlite3.Connection, held: Extent, terms: Iterable[int], since: int = 0
) -> Iterator[tuple[int, int, bytes]]:
    """(term, block, records) of what came since the base, block after block."""
    blocks = held.blocks(since)
    keys = [block << TERM_BITS | term for block in blocks for term in terms]
    if keys:
        for key, data in db.execute(_TAIL, (listed(keys),)):
            yield key & _TERM, key >> TERM_BITS, data


def in_headline(posting: Posting) -> BitMap:
    """The slots whose headline has the term."""
    return bitmap(numbers(posting.slots)[posting.impacts >= HEADLINE])


def part(posting: Posting, among: BitMap) -> tuple[NDArray[np.intp], Impacts]:
    """A posting's slots and impacts, at least of those that are `among` others."""
    having = numbers(posting.slots)
    if FEW * len(among) > len(having):
        return having.astype(np.intp), posting.impacts
    some = numbers(posting.slots & among)
    return some.astype(np.intp), posting.impacts[np.searchsorted(having, some)]
