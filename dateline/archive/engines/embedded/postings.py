"""Posting rows: for a term and a block of slots, who has the term and how much it says of them.

A block is the slots that share their upper bits. Blocks come first in the key, so that a batch of
new documents rewrites the pages of the newest block only. New slots are appended to a row's
`tail` inside SQLite, without reading the row; when a block is full its long tails are packed.
"""

from __future__ import annotations

import sqlite3
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pyroaring import BitMap

BLOCK_BITS = 14
BLOCK = 1 << BLOCK_BITS
TERM_BITS = 32
_TERM = (1 << TERM_BITS) - 1
PACKED_FROM = 64
"""Slots in a full block's row from which a roaring bitmap is quicker to read than a list."""

HEADLINE = 0x80
"""The bit of an impact that says the term stands in the headline."""
EDITED_AT_ONCE = 256
"""Rows edited together: at most 4 million entries, usually a hundredth of that."""

Integers = NDArray[np.int64]
Impacts = NDArray[np.uint8]
Flags = NDArray[np.bool_]

_GONE = np.int16(-1)
_NONE = np.zeros(0, np.int64)
_RECORD = np.dtype([("slot", "<u2"), ("impact", "u1")])
_APPEND = """
    INSERT INTO posting VALUES (?, ?, NULL, NULL) ON CONFLICT (key) DO UPDATE SET
    tail = CAST(tail || excluded.tail AS BLOB)
"""
_READ = """
    SELECT key, tail, packed, impacts FROM posting
    WHERE key IN (SELECT value FROM json_each(?)) ORDER BY key
"""
_LONG = """
    SELECT key, tail, packed, impacts FROM posting
    WHERE key >= ? AND key < ? AND length(tail) >= ?
"""


@dataclass(frozen=True, slots=True)
class Posting:
    """All of a term's slots, and one impact (0-255) for each in ascending order of slot."""

    slots: BitMap
    impacts: bytes


def bitmap(slots: NDArray[np.integer[Any]]) -> BitMap:
    """A roaring bitmap of these slots (pyroaring takes an array.array fifteen times faster)."""
    return BitMap(array("I", slots.astype(np.uint32).tobytes()))


def groups(keys: Integers) -> tuple[Integers, Integers]:
    """Where each run of equal values in the sorted `keys` starts and ends."""
    cuts = np.flatnonzero(keys[1:] != keys[:-1]) + 1
    starts = np.concatenate(([0], cuts)) if len(keys) else cuts
    return starts, np.append(starts[1:], len(keys)) if len(keys) else cuts


def row_keys(terms: Integers, slots: Integers) -> Integers:
    return (slots >> BLOCK_BITS) << TERM_BITS | terms


def append(db: sqlite3.Connection, terms: Integers, slots: Integers, impacts: Impacts) -> None:
    """Add slots higher than any the index has, sorted by term and slot, each pair once."""
    keys = row_keys(terms, slots)
    if (keys[1:] < keys[:-1]).any():  # a batch that goes on into the next block
        order = np.argsort(slots >> BLOCK_BITS, kind="stable")
        keys, slots, impacts = keys[order], slots[order], impacts[order]
    tail = _records(slots & (BLOCK - 1), impacts)
    starts, ends = groups(keys)
    size = _RECORD.itemsize
    spans = zip(
        keys[starts].tolist(), (size * starts).tolist(), (size * ends).tolist(), strict=True
    )
    db.executemany(_APPEND, [(key, tail[a:b]) for key, a, b in spans])


def _records(local: NDArray[np.integer[Any]], impacts: Impacts) -> bytes:
    records = np.empty(len(local), _RECORD)
    records["slot"], records["impact"] = local, impacts
    return records.tobytes()


def edit(
    db: sqlite3.Connection,
    gone: tuple[Integers, Integers],
    new: tuple[Integers, Integers, Impacts],
) -> None:
    """Take (terms, slots) out and put (terms, slots, impacts) in, wherever they stand."""
    terms = np.concatenate((gone[0], new[0]))
    slots = np.concatenate((gone[1], new[1]))
    impacts = np.concatenate((np.full(len(gone[0]), _GONE), new[2].astype(np.int16)))
    keys = row_keys(terms, slots)
    order = np.argsort(keys, kind="stable")
    keys, local, impacts = keys[order], slots[order] & (BLOCK - 1), impacts[order]
    starts, ends = groups(keys)
    for first in range(0, len(starts), EDITED_AT_ONCE):
        some = slice(first, first + EDITED_AT_ONCE)
        span = slice(starts[some][0], ends[some][-1])
        rows = np.repeat(np.arange(len(starts[some])), ends[some] - starts[some])
        _edit_rows(db, keys[starts[some]], rows << 16 | local[span], impacts[span])


def _edit_rows(
    db: sqlite3.Connection, keys: Integers, changed: Integers, impacts: NDArray[np.int16]
) -> None:
    """`changed` are entries: which of the `keys` << 16 | slot."""
    names: list[int] = keys.tolist()
    number = {key: row for row, key in enumerate(names)}
    held = [(number[row[0]], *_unpacked(*row[1:])) for row in db.execute(_READ, (str(names),))]
    before = np.concatenate([_NONE, *(row << 16 | slots.astype(int) for row, slots, _ in held)])
    said = np.concatenate([_NONE, *(impacts for _, _, impacts in held)]).astype(np.uint8)
    kept, put = ~np.isin(before, changed), impacts != _GONE
    entries = np.concatenate((before[kept], changed[put]))
    said = np.concatenate((said[kept], impacts[put].astype(np.uint8)))
    order = np.argsort(entries)
    entries, said = entries[order], said[order]
    starts, ends = groups(entries >> 16)
    left = (entries[starts] >> 16).tolist()
    local = entries & 0xFFFF
    db.executemany(
        "REPLACE INTO posting VALUES (?, ?, ?, ?)",
        [
            (names[row], *_packed(local[a:b], said[a:b]))
            for row, a, b in zip(left, starts.tolist(), ends.tolist(), strict=True)
        ],
    )
    empty = number.keys() - {names[row] for row in left}
    db.executemany("DELETE FROM posting WHERE key = ?", [(key,) for key in empty])


def _unpacked(
    tail: bytes, packed: bytes | None, impacts: bytes | None
) -> tuple[NDArray[np.uint32], Impacts]:
    last = np.frombuffer(tail, _RECORD)
    if packed is None or impacts is None:
        return last["slot"].astype(np.uint32), last["impact"]
    slots = np.array(BitMap.deserialize(packed).to_array(), np.uint32)
    return (
        np.concatenate((slots, last["slot"])),
        np.concatenate((np.frombuffer(impacts, np.uint8), last["impact"])),
    )


def _packed(
    local: NDArray[np.integer[Any]], impacts: Impacts
) -> tuple[bytes, bytes | None, bytes | None]:
    """A row's tail, bitmap and impacts."""
    if len(local) < PACKED_FROM:
        return _records(local, impacts), None, None
    bits = bitmap(local)
    bits.run_optimize()
    return b"", bits.serialize(), impacts.tobytes()


def pack(db: sqlite3.Connection, block: int) -> None:
    """Pack the long tails of a block that gets no more new slots."""
    low, high = block << TERM_BITS, (block + 1) << TERM_BITS
    rows = db.execute(_LONG, (low, high, PACKED_FROM * _RECORD.itemsize)).fetchall()
    db.executemany(
        "REPLACE INTO posting VALUES (?, ?, ?, ?)",
        ((row[0], *_packed(*_unpacked(*row[1:]))) for row in rows),
    )


def read(
    db: sqlite3.Connection, terms: Sequence[int], slot_count: int
) -> dict[int, list[tuple[int, BitMap, bytes]]]:
    """Term → its blocks in order: the block's first slot, the slots from there, their impacts."""
    found: dict[int, list[tuple[int, BitMap, bytes]]] = {}
    for key, tail, packed, impacts in _rows(db, terms, slot_count):
        bits = BitMap.deserialize(packed) if packed else BitMap()
        if tail:
            records = np.frombuffer(tail, _RECORD)
            bits |= bitmap(records["slot"])
            impacts = (impacts or b"") + records["impact"].tobytes()
        block = (key >> TERM_BITS) << BLOCK_BITS
        found.setdefault(key & _TERM, []).append((block, bits, impacts))
    return found


def _rows(db: sqlite3.Connection, terms: Sequence[int], slot_count: int) -> sqlite3.Cursor:
    blocks = range((slot_count + BLOCK - 1) >> BLOCK_BITS)
    keys = [block << TERM_BITS | term for block in blocks for term in terms]
    return db.execute(_READ, (str(keys),))


def union(
    db: sqlite3.Connection, terms: Sequence[int], slot_count: int
) -> tuple[BitMap, list[int]]:
    """The slots of any of many terms, and the terms by falling frequency."""
    tails: defaultdict[int, list[bytes]] = defaultdict(list)
    found: list[BitMap] = []
    frequency: Counter[int] = Counter()
    for key, tail, packed, impacts in _rows(db, terms, slot_count):
        block = (key >> TERM_BITS) << BLOCK_BITS
        tails[block].append(tail)
        frequency[key & _TERM] += len(tail) // _RECORD.itemsize + len(impacts or b"")
        if packed:
            found.append(BitMap.deserialize(packed).shift(block))
    for block, some in tails.items():
        slots = np.frombuffer(b"".join(some), _RECORD)["slot"]
        found.append(bitmap(np.unique(slots) + np.int64(block)))
    return BitMap().union(*found), [term for term, _ in frequency.most_common()]


def in_headline(posting: Posting) -> Posting:
    """The part of a posting that is of headlines, whose impacts have the upper bit."""
    impacts = np.frombuffer(posting.impacts, np.uint8)
    inside = impacts >= HEADLINE
    slots = np.array(posting.slots.to_array(), np.uint32)[inside]
    return Posting(bitmap(slots), impacts[inside].tobytes())


def whole(blocks: Iterable[tuple[int, BitMap, bytes]]) -> Posting:
    """The blocks of one term as one posting."""
    parts = list(blocks)
    shifted = [bits.shift(first) if first else bits for first, bits, _ in parts]
    return Posting(BitMap.union(*shifted) if shifted else BitMap(), b"".join(p[2] for p in parts))
