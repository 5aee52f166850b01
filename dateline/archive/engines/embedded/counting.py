"""How many of some documents have each value of a facet.

Intersecting a thick bitmap with a thick one is a few machine words for each hundred documents;
with a thin one each member is looked up. So of a thin one the complement is taken, which is thick,
and the count follows from the three others.
"""

from __future__ import annotations

from dataclasses import dataclass

from pyroaring import BitMap

CONTAINER = 1 << 16
THIN = 4096
"""Members of a roaring bitmap's container up to which it is a list of them."""
SMALL = 10_000
"""Documents so few that looking each one up is quicker."""


@dataclass(frozen=True, slots=True)
class Counter:
    """A bitmap within [0, `room`), as it is or, if it is thin, what it has not."""

    room: int
    size: int
    bits: BitMap
    is_inverse: bool

    def common(self, other: Counter) -> int:
        """How many members two have in common."""
        shared = self.bits.intersection_cardinality(other.bits)
        match self.is_inverse, other.is_inverse:
            case False, False:
                return shared
            case False, True:
                return self.size - shared
            case True, False:
                return other.size - shared
        return shared - self.room + self.size + other.size


def counter(bits: BitMap, room: int) -> Counter:
    """`bits` for counting; `room` is a multiple of CONTAINER, the same for all to be compared."""
    size = len(bits)
    is_thin = size < THIN * (room // CONTAINER)
    return Counter(room, size, bits.flip(0, room) if is_thin else bits, is_thin)
