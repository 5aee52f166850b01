"""Bitmaps that were dear to find, kept while there is room.

A slot's document never changes, so a bitmap stays right for the slots it was made of: whoever asks
again completes it with the slots that came since.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable

from pyroaring import BitMap

BYTES = 16 << 20
_ROW = 512


class Remembered:
    """The latest used bitmaps of one index file."""

    def __init__(self, limit: int = BYTES) -> None:
        self._limit, self._used = limit, 0
        self._kept: OrderedDict[Hashable, tuple[BitMap, int, int]] = OrderedDict()

    def get(self, key: Hashable, count: int, find: Callable[[int], BitMap]) -> BitMap:
        """The slots below `count` for a key; `find` says those from some slot on (and any below).

        What is returned must not be changed.
        """
        bits, until, size = self._kept.pop(key, (None, 0, 0))
        self._used -= size
        if bits is None or until < count:
            found = find(until)
            bits = found if bits is None else bits | found
            size = _size(bits)
        self._kept[key] = (bits, count, size)
        self._used += size
        while self._used > self._limit and len(self._kept) > 1:
            self._used -= self._kept.popitem(last=False)[1][2]
        return bits


def _size(bits: BitMap) -> int:
    """Bytes a bitmap takes, roughly: two for each slot, 8 kB for each 65,536 at most."""
    top = bits.max() if bits else 0
    return _ROW + min(2 * len(bits), ((top >> 16) + 1) << 13)
