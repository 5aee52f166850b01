"""What a process holds of an index in memory: order, dates and facets of all documents.

It is read once and then follows the index's log, so that a search only has to ask the file for
what was changed since and for the words it is about.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray
from pyroaring import BitMap

from dateline.archive.engines.base import Families, Place
from dateline.archive.engines.embedded import counting, postings
from dateline.archive.engines.embedded.periods import Months, bounds, spanned
from dateline.archive.engines.embedded.postings import Integers, bitmap
from dateline.archive.engines.embedded.weighing import TONGUE

_SINCE = """
    SELECT slot, coalesce(id, -1), instant, start, head, expires FROM place
    WHERE slot >= ? ORDER BY slot
"""
_LOG = """
    SELECT coalesce((SELECT min(seq) FROM log), 0), coalesce((SELECT max(seq) FROM log), 0)
"""  # two questions, which an index answers; as one, all rows would be read
_LEFT = "SELECT slot FROM place WHERE id IS NULL"
_GONE = """
    SELECT slot FROM place
    WHERE slot IN (SELECT slot FROM log WHERE seq > ?) AND slot < ? AND id IS NULL
"""
ROOM = 4_096
"""Documents for which there is room before an array is copied."""
_NUMBERED = """
    SELECT slot, number, language FROM place WHERE slot IN (SELECT value FROM json_each(?))
"""
_LATE = """
    SELECT slot, anchor FROM place WHERE anchor IS NOT NULL
    ORDER BY anchor, instant, number, language
"""
MANY = 400_000
"""Documents from which asking a bitmap about each month is quicker than listing it."""
FAR = 20_000
"""Changes from which reading everything anew is quicker than following."""


class Growing:
    """An array that is added to without being copied each time."""

    def __init__(self, data: bytes, kind: str) -> None:
        self._values: NDArray[Any] = np.frombuffer(data, kind)
        self._count = len(self._values)

    def add(self, more: NDArray[Any]) -> NDArray[Any]:
        """All values, these the last."""
        count = self._count + len(more)
        if count > len(self._values):
            room = np.zeros(len(more) + ROOM, self._values.dtype)
            self._values = np.concatenate((self._values[: self._count], room))
        if len(more):
            self._values[self._count : count] = more
        self._count = count
        return self._values[:count]


class Resident:
    """One generation of the index as of the log's entry `seq`.

    By slot: `ids` of stories, `instants`, `starts` and `heads` of their words (see schema.py).
    `all` are the slots of documents still there, `late` those whose order is not their number.
    """

    def __init__(self, db: sqlite3.Connection, zone: ZoneInfo, families: Families) -> None:
        self._db, self._zone = db, zone
        self._families = families
        self.read()

    def read(self) -> None:
        """Everything anew."""
        self.seq = self._log_end()[1]
        self.extent = postings.extent(self._db)
        held = dict(self._db.execute("SELECT name, data FROM held").fetchall())
        self._ids, self._instants = (Growing(held.get(n, b""), "<i8") for n in ("id", "instant"))
        self._starts, self._heads = (Growing(held.get(n, b""), "<u4") for n in ("start", "head"))
        spent = [np.frombuffer(held.get(name, b""), "<i8") for name in ("expiry", "expiring")]
        self._expiry: Integers = np.stack(spent, axis=1)
        self.all = BitMap(range(self.extent.base))
        self._names: dict[int, tuple[str, str]] = {}
        self._direct: defaultdict[str, defaultdict[str, BitMap]] = defaultdict(_bitmaps)
        self._scratch: NDArray[np.float32] = np.zeros(0, np.float32)
        self._years: tuple[int, int] | None = None
        self._counters: dict[str, dict[str, counting.Counter]] = {}
        self._take(self.extent.base)
        self._take_facets(0)
        self._drop(BitMap([row[0] for row in self._db.execute(_LEFT)]))
        self._arrange()
        self.set_families(self._families)

    def follow(self) -> bool:
        """Take in what was changed since; whether anything was."""
        first, last = self._log_end()
        if last == self.seq:
            return False
        if last - self.seq > FAR or first > self.seq + 1:
            self.read()
            return True
        known = self.extent.count
        self.extent = postings.extent(self._db)
        gone = BitMap([row[0] for row in self._db.execute(_GONE, (self.seq, self.extent.count))])
        self._take(known)
        self._take_facets(known)
        self._drop(gone)
        self._arrange()
        self._update_families(known, gone)
        self._counters.clear()
        self.seq = last
        return True

    def _log_end(self) -> tuple[int, int]:
        first, last = self._db.execute(_LOG).fetchone()
        return first, last

    def _take(self, since: int) -> None:
        """The documents from this slot on."""
        rows = self._db.execute(_SINCE, (since,)).fetchall()
        table = np.array([row[:5] for row in rows], np.int64).reshape(-1, 5)
        self.ids, self.instants = self._ids.add(table[:, 1]), self._instants.add(table[:, 2])
        self.starts, self.heads = self._starts.add(table[:, 3]), self._heads.add(table[:, 4])
        self.all |= bitmap(table[:, 0])
        if spent := [(row[5], row[0]) for row in rows if row[5] is not None]:
            expiry = np.concatenate((self._expiry, np.array(spent, np.int64)))
            self._expiry = expiry[np.argsort(expiry[:, 0], kind="stable")]

    def _take_facets(self, since: int) -> None:
        """Which documents, from this slot on, have which facet values."""
        texts = self._db.execute("SELECT text, id FROM term WHERE text >= '@' AND text < 'A'")
        for text, term in texts:
            facet, _, value = text[1:].partition(":")
            self._names[term] = (facet, value)
        found = postings.documents(self._db, self.extent, list(self._names), since)
        for term, bits in found.items():
            facet, value = self._names[term]
            self._direct[facet][value] |= bits & self.all

    def _drop(self, gone: BitMap) -> None:
        """These slots hold no document any longer."""
        if gone:
            self.all -= gone
            for values in self._direct.values():
                for bits in values.values():
                    bits -= gone

    def _arrange(self) -> None:
        """Where late documents stand, and when months begin."""
        rows = np.array(self._db.execute(_LATE).fetchall(), np.int64).reshape(-1, 2)
        slots, anchors = rows[:, 0], rows[:, 1]
        starts, ends = postings.groups(anchors)
        size = np.repeat(ends - starts, ends - starts)
        within = np.arange(len(rows)) - np.repeat(starts, ends - starts)
        standing = anchors + (within + 1) / (size + 1)
        order = np.argsort(slots)
        self.late = bitmap(slots)
        self._late_slots: Integers = slots[order]
        self._standing: NDArray[np.float64] = standing[order]
        line = self.instants[self.extent.base :].copy()
        line[slots - self.extent.base] = np.iinfo(np.int64).min
        if len(line) and self.extent.base:
            line[0] = max(line[0], self.instants[self.extent.base - 1])
        self._line: Integers = np.maximum.accumulate(line) if len(line) else line
        self._arrange_months()

    def order(self, slots: NDArray[Any]) -> NDArray[np.float64]:
        """What sorts slots from oldest to newest: one more; of a late one, between two others."""
        found: NDArray[np.float64] = slots.astype(np.float64) + 1
        if len(self._late_slots):
            at = np.minimum(np.searchsorted(self._late_slots, slots), len(self._late_slots) - 1)
            is_late = self._late_slots[at] == slots
            found[is_late] = self._standing[at[is_late]]
        return found

    def first_at(self, instants: Integers) -> list[int]:
        """The first slot whose document, if it is timely, is of an instant or later, for each."""
        base = self.extent.base
        first = np.searchsorted(self.instants[:base], instants)
        after = base + np.searchsorted(self._line, instants)
        found: list[int] = np.where(first < base, first, after).tolist()
        return found

    def _arrange_months(self) -> None:
        base = self.extent.base  # whose instants rise
        span = np.concatenate((self.instants[:base][[0, -1] if base else []], self.instants[base:]))
        first, last = (int(span.min()), int(span.max())) if len(span) else (0, 0)
        if (years := spanned(first, last, self._zone)) != self._years:
            self._years, self.months = years, Months(self._zone, *years)
        edges = [0, *self.first_at(self.months.starts[1:]), self.extent.count]
        self._edges: Integers = np.array(edges, np.int64)

    def set_families(self, families: Families) -> None:
        """Values that count for others besides themselves: see base.Families."""
        self._families = families
        self._counters.clear()
        self._unions = {
            facet: {
                value: BitMap().union(*(self._direct[facet][member] for member in members))
                for value, members in values.items()
                if members != {value}
            }
            for facet, values in families.items()
        }

    def _update_families(self, since: int, gone: BitMap) -> None:
        new = BitMap(range(since, self.extent.count))
        for facet, unions in self._unions.items():
            for value, bits in unions.items():
                bits -= gone
                for member in self._families[facet][value]:
                    bits |= self._direct[facet][member] & new

    def facets(self) -> Iterable[str]:
        return self._direct.keys() - {TONGUE}

    def values(self, facet: str) -> dict[str, BitMap]:
        """Value → the documents that count as having it."""
        return {**self._direct[facet], **self._unions.get(facet, {})}

    def count(self, facet: str, bits: BitMap) -> dict[str, int]:
        """How many of these documents have each value; values without any are left out."""
        room = -(-self.extent.count // counting.CONTAINER) * counting.CONTAINER
        if len(bits) < counting.SMALL:
            found = ((v, bits.intersection_cardinality(b)) for v, b in self.values(facet).items())
        else:
            asked = counting.counter(bits, room)
            found = ((v, c.common(asked)) for v, c in self._counters_of(facet, room).items())
        return {value: count for value, count in found if count}

    def _counters_of(self, facet: str, room: int) -> dict[str, counting.Counter]:
        if facet not in self._counters:
            values = self.values(facet).items()
            self._counters[facet] = {v: counting.counter(bits, room) for v, bits in values}
        return self._counters[facet]

    @property
    def spoken(self) -> int:
        """In how many languages there are documents; a story has at most one text in each."""
        return len(self._direct[TONGUE])

    def scratch(self) -> NDArray[np.float32]:
        """Zeros by slot, to add up in; the same memory each time, since new memory costs more."""
        if len(self._scratch) < self.extent.count:
            self._scratch = np.zeros(len(self.ids) + ROOM, np.float32)
        else:
            self._scratch.fill(0)
        return self._scratch

    def valued(self, slot: int) -> list[BitMap]:
        """Of each facet value a document has, all the documents with it."""
        every = (bits for values in self._direct.values() for bits in values.values())
        return [bits for bits in every if slot in bits]

    def having(self, facet: str, values: Iterable[str]) -> BitMap:
        """The documents that count as having any of the values."""
        unions: dict[str, BitMap] = self._unions.get(facet, {})
        direct: dict[str, BitMap] = self._direct.get(facet, {})
        return BitMap().union(
            *(unions[v] if v in unions else direct.get(v, BitMap()) for v in values)
        )

    def living(self, languages: Iterable[str], at: int, barred: BitMap) -> BitMap:
        """The documents that may be found at this moment in these languages (all, if none)."""
        bits = self.all - self.expired(at) - barred
        spoken = tuple(languages)
        return bits & self.having(TONGUE, spoken) if spoken else bits

    def expired(self, at: int) -> BitMap:
        return bitmap(self._expiry[: np.searchsorted(self._expiry[:, 0], at, "right"), 1])

    def between(self, since: int | None, until: int | None) -> BitMap:
        """The documents of [since, until)."""
        low = 0 if since is None else self.first_at(np.array([since]))[0]
        high = self.extent.count if until is None else self.first_at(np.array([until]))[0]
        bits = BitMap(range(low, max(low, high)))
        bits -= self.late
        instants = self.instants[self._late_slots]
        inside = np.ones(len(instants), bool) if since is None else instants >= since
        if until is not None:
            inside &= instants < until
        return (bits | bitmap(self._late_slots[inside])) & self.all

    def place(self, slot: int) -> Place:
        """Where a document stands in the order of all."""
        row = self._db.execute(
            "SELECT instant, number, language FROM place WHERE slot = ?", (slot,)
        )
        return Place(*row.fetchone())

    def around(self, place: Place) -> tuple[BitMap, BitMap]:
        """The documents strictly before this place in time, and those strictly after it."""
        older = self.between(None, place.instant)
        newer = self.between(place.instant + 1, None)
        same = postings.listed(self.all - older - newer)
        for slot, number, language in self._db.execute(_NUMBERED, (same,)):
            if (number, language) < (place.number, place.language):
                older.add(slot)
            elif (number, language) != (place.number, place.language):
                newer.add(slot)
        return older, newer

    def within(self, periods: Iterable[str]) -> BitMap:
        """The documents of any of these years ("2016") or months ("2016-03")."""
        spans = (bounds(period, self._zone) for period in periods)
        return BitMap().union(*(self.between(*span) for span in spans if span))

    def by_month(self, bits: BitMap) -> dict[str, int]:
        """How many of these documents each month has; months without are left out."""
        late = bits & self.late
        timely = bits - late if late else bits
        if len(timely) > MANY:
            below = np.array([timely.rank(at - 1) if at else 0 for at in self._edges.tolist()])
        else:
            below = np.searchsorted(postings.numbers(timely), self._edges.astype(np.uint32))
        counts = np.diff(below)
        if late:
            counts += self._months_of(late)
        at = np.flatnonzero(counts)
        names = self.months.names
        return {names[m]: n for m, n in zip(at.tolist(), counts[at].tolist(), strict=True)}

    def _months_of(self, bits: BitMap) -> Integers:
        instants = self.instants[postings.numbers(bits)]
        months = np.searchsorted(self.months.starts, instants, "right") - 1
        return np.bincount(np.maximum(months, 0), minlength=len(self.months.names))


def _bitmaps() -> defaultdict[str, BitMap]:
    return defaultdict(BitMap)
