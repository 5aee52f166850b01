"""Phrases, from the positions of their words: exact, whatever the words."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from pyroaring import BitMap

from dateline.archive.engines.embedded import postings, runs
from dateline.archive.engines.embedded.postings import bitmap, listed, numbers
from dateline.archive.engines.embedded.resident import Resident

_SPOTS = "SELECT key, positions FROM spot WHERE key IN (SELECT value FROM json_each(?))"
_TAILS = "SELECT key, positions FROM tail WHERE key IN (SELECT value FROM json_each(?))"

Words = Sequence[Sequence[int]]
"""For each word of a phrase the terms it may be: one, or of a last one that is cut short, many."""


def standing(
    db: sqlite3.Connection, held: Resident, words: Words, since: int, *, headline: bool
) -> BitMap:
    """The slots from `since` on (and maybe some below) that have these words side by side."""
    found = BitMap()
    for first, last, spots in _parts(db, held, words, since):
        if not all(spots):
            continue
        begun = numbers(_side_by_side(spots))
        starts = held.starts[first:last]
        at = np.searchsorted(starts, begun, "right") - 1
        if headline:
            at = at[begun < starts[at] + held.heads[first:last][at]]
        found |= bitmap(np.unique(at) + first)
    return found


def _side_by_side(spots: list[BitMap]) -> BitMap:
    """Where the first of several words stands when the others follow it one by one."""
    rarest = min(range(len(spots)), key=lambda at: len(spots[at]))
    begun = spots[rarest].shift(-rarest)
    for at, where in enumerate(spots):
        if at != rarest and begun:
            # The few are moved to the many and not the other way round.
            begun = (begun.shift(at) & where).shift(-at)
    return begun


def _parts(
    db: sqlite3.Connection, held: Resident, words: Words, since: int
) -> Iterator[tuple[int, int, list[BitMap]]]:
    """Shelf by shelf and then block by block: the slots from and to, and each word's positions."""
    extent = held.extent
    terms = {term for word in words for term in word}
    if since < extent.base:
        for shelf in range((extent.base + (1 << runs.SHELF_BITS) - 1) >> runs.SHELF_BITS):
            first = shelf << runs.SHELF_BITS
            keys = [term << 16 | shelf for term in terms]
            rows = db.execute(_SPOTS, (listed(keys),))
            found = {key >> 16: BitMap.deserialize(data) for key, data in rows}
            last = min(extent.base, first + (1 << runs.SHELF_BITS))
            yield first, last, [_any(word, found) for word in words]
    for block in extent.blocks(since):
        low = block << postings.TERM_BITS
        rows = db.execute(_TAILS, (listed(low | term for term in terms),))
        found = {key - low: bitmap(np.frombuffer(data, "<u4")) for key, data in rows}
        yield *extent.span(block), [_any(word, found) for word in words]


def _any(terms: Iterable[int], found: dict[int, BitMap]) -> BitMap:
    having = [found[term] for term in terms if term in found]
    return having[0] if len(having) == 1 else BitMap().union(*having)
