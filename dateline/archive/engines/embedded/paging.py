"""The page asked for, from the documents that match."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from pyroaring import BitMap

from dateline.archive.engines.embedded import postings
from dateline.archive.engines.embedded.resident import Resident

SAMPLED = 16
"""Of so many scores one is looked at to tell which ones cannot be among the best."""


def newest(held: Resident, bits: BitMap, offset: int, size: int) -> list[int]:
    """Slots from newest to oldest: those at [offset, offset + size) of that order.

    Timely slots are in order as they are. The late ones, few, are sorted; where each stands among
    the timely ones is a bitmap's rank, so a page at any depth costs a binary search.
    """
    size = min(size, len(bits) - offset)
    if size <= 0:
        return []
    late = bits & held.late
    timely = bits - late if late else bits
    slots = postings.numbers(late)
    slots = slots[np.argsort(-held.order(slots))]
    standing = held.order(slots)
    before = _late_before(timely, standing, offset)
    at = len(timely) - 1 - (offset - before)
    page: list[int] = []
    while len(page) < size:
        if before < len(slots) and (at < 0 or standing[before] > timely[at] + 1):
            page.append(int(slots[before]))
            before += 1
        else:
            page.append(timely[at])
            at -= 1
    return page


def _late_before(timely: BitMap, standing: NDArray[np.float64], offset: int) -> int:
    """How many of the late ones, which stand there newest first, are before position `offset`."""
    low, high = 0, len(standing)
    while low < high:
        middle = (low + high) // 2
        anchor = int(standing[middle])
        older = timely.rank(anchor - 1) if anchor else 0
        if len(timely) - older + middle < offset:
            low = middle + 1
        else:
            high = middle
    return low


def oldest(held: Resident, bits: BitMap, offset: int, size: int) -> list[int]:
    """The exact reverse of `newest`."""
    end = len(bits) - offset
    start = max(0, end - size)
    return newest(held, bits, start, max(0, end - start))[::-1]


def best(
    held: Resident, slots: NDArray[np.uint32], scores: NDArray[np.float32], offset: int, size: int
) -> list[int]:
    """Slots by falling score, equal ones newest first: those at [offset, offset + size)."""
    if size <= 0 or offset >= len(slots):
        return []
    wanted = offset + size
    if wanted * SAMPLED < len(slots):  # no sample has more of the best than all have
        some = scores[::SAMPLED]
        least = np.partition(some, len(some) - wanted)[len(some) - wanted]
        slots, scores = slots[scores >= least], scores[scores >= least]
    if wanted < len(slots):
        least = np.partition(scores, len(scores) - wanted)[len(scores) - wanted]
        slots, scores = slots[scores >= least], scores[scores >= least]
    ranked = np.lexsort((-held.order(slots), -scores))
    found: list[int] = slots[ranked[offset:wanted]].tolist()
    return found
