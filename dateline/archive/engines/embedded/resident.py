"""What a process holds of an index in memory: order, dates and facets of all documents.

It is read once and then follows the index's log, so that a search only has to ask the file for
what was changed since and for the words it is about.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Sequence
from zoneinfo import ZoneInfo

import numpy as np
import orjson
from numpy.typing import NDArray
from pyroaring import BitMap

from dateline.archive.engines.base import Families, Place
from dateline.archive.engines.embedded import postings
from dateline.archive.engines.embedded.periods import Months, bounds
from dateline.archive.engines.embedded.postings import Integers, bitmap
from dateline.archive.engines.embedded.weighing import TONGUE

_COLUMNS = "slot, coalesce(id, -1), instant, expires, anchor, facets"
_ALL = f"SELECT {_COLUMNS} FROM place ORDER BY slot"  # noqa: S608 - a constant
_SOME = (
    f"SELECT {_COLUMNS} FROM place WHERE slot IN (SELECT value FROM json_each(?))"  # noqa: S608
    " ORDER BY slot"
)
_LATE = """
    SELECT slot, anchor FROM place WHERE anchor IS NOT NULL
    ORDER BY anchor, instant, number, language
"""
FEW = 2_000
"""Documents up to which looking at each one is quicker than asking bitmaps about each month."""
FAR = 20_000
"""Changes from which reading everything anew is quicker than following."""

_NEVER = 1 << 62


class Resident:
    """One generation of the index as of the log's entry `seq`.

    `ids` are story ids by slot (-1: no document). `late` are the slots whose order is not their
    number. `order` sorts all from oldest to newest: slot + 1 for a timely one, and a fraction more
    than its anchor for a late one.
    """

    def __init__(self, db: sqlite3.Connection, zone: ZoneInfo, families: Families) -> None:
        self._db, self._zone = db, zone
        self._families = families
        self.read()

    def read(self) -> None:
        """Everything anew."""
        self.seq = self._log_end()[1]
        self.count = 0
        self.ids: Integers = np.zeros(0, np.int64)
        self.instants: Integers = np.zeros(0, np.int64)
        self._line: Integers = np.zeros(0, np.int64)
        self.all, self.late = BitMap(), BitMap()
        self._expires: dict[int, int] = {}
        self._names: dict[int, tuple[str, str]] = {}
        self._direct: defaultdict[str, defaultdict[str, BitMap]] = defaultdict(_bitmaps)
        self._take(self._db.execute(_ALL).fetchall())
        self._read_facets()
        self._arrange()
        self.set_families(self._families)

    def follow(self) -> BitMap:
        """Take in what was changed since; the slots concerned (all, when it was too much)."""
        first, last = self._log_end()
        if last == self.seq:
            return BitMap()
        if last - self.seq > FAR or first > self.seq + 1:
            self.read()
            return self.all
        slots = self._db.execute("SELECT DISTINCT slot FROM log WHERE seq > ?", (self.seq,))
        touched = BitMap([row[0] for row in slots])
        self._forget(touched)
        rows = self._db.execute(_SOME, (orjson.dumps(list(touched)).decode(),)).fetchall()
        self._take(rows)
        self._add_facets(rows)
        self._arrange()
        self._update_families(touched)
        self.seq = last
        return touched

    def _log_end(self) -> tuple[int, int]:
        row = self._db.execute("SELECT coalesce(min(seq), 0), coalesce(max(seq), 0) FROM log")
        first, last = row.fetchone()
        return first, last

    def _forget(self, touched: BitMap) -> None:
        old = BitMap(touched)
        old.remove_range(self.count, 1 << 32)
        if not old:
            return
        for values in self._direct.values():
            for bits in values.values():
                bits -= old
        self.all -= old
        for slot in old:
            self._expires.pop(slot, None)

    def _take(self, rows: Sequence[tuple[int, int, int, int | None, int | None, bytes]]) -> None:
        if not rows:
            return
        self._grow(rows[-1][0] + 1)
        table = np.array([row[:3] for row in rows], np.int64)
        slots, ids, instants = table[:, 0], table[:, 1], table[:, 2]
        self.ids[slots], self.instants[slots] = ids, instants
        self.all |= bitmap(slots[ids >= 0])
        self.late |= bitmap(np.array([row[0] for row in rows if row[4] is not None], np.int64))
        self._expires.update((row[0], row[3]) for row in rows if row[3] is not None and row[1] >= 0)

    def _grow(self, count: int) -> None:
        if count > len(self.ids):
            room = max(count, len(self.ids) * 5 // 4)
            self.ids = np.concatenate((self.ids, np.full(room - len(self.ids), -1, np.int64)))
            more = np.zeros(room - len(self.instants), np.int64)
            self.instants = np.concatenate((self.instants, more))
        self.count = max(self.count, count)

    def _arrange(self) -> None:
        """Where late documents stand, when months begin, who expires when."""
        self.order: NDArray[np.float64] = np.arange(1, self.count + 1, dtype=np.float64)
        rows = np.array(self._db.execute(_LATE).fetchall(), np.int64).reshape(-1, 2)
        slots, anchors = rows[:, 0], rows[:, 1]
        starts, ends = postings.groups(anchors)
        size = np.repeat(ends - starts, ends - starts)
        within = np.arange(len(rows)) - np.repeat(starts, ends - starts)
        self.order[slots] = anchors + (within + 1) / (size + 1)
        line = self.instants[: self.count].copy()
        line[slots] = -_NEVER
        self._line = np.maximum.accumulate(line) if len(line) else line
        self._arrange_months()
        expiring = sorted((instant, slot) for slot, instant in self._expires.items())
        self._expiry = np.array(expiring, np.int64).reshape(-1, 2)

    def _arrange_months(self) -> None:
        span = self.instants[: self.count]
        first, last = (int(span.min()), int(span.max())) if len(span) else (0, 0)
        self.months = Months(self._zone, first, last)
        edges = np.append(np.searchsorted(self._line, self.months.starts), self.count)
        edges[0] = 0
        self._months = [
            (name, a, b)
            for name, a, b in zip(
                self.months.names, edges[:-1].tolist(), edges[1:].tolist(), strict=True
            )
            if a < b
        ]

    def _read_facets(self) -> None:
        self._read_names()
        found = postings.read(self._db, list(self._names), self.count)
        for term, blocks in found.items():
            facet, value = self._names[term]
            self._direct[facet][value] = postings.whole(blocks).slots

    def _read_names(self) -> None:
        for text, term in self._db.execute(
            "SELECT text, id FROM term WHERE text >= '@' AND text < 'A'"
        ):
            facet, _, value = text[1:].partition(":")
            self._names[term] = (facet, value)

    def _add_facets(
        self, rows: Sequence[tuple[int, int, int, int | None, int | None, bytes]]
    ) -> None:
        slots: defaultdict[int, list[int]] = defaultdict(list)
        for row in rows:
            for term in np.frombuffer(row[5], "<i4").tolist():
                slots[term].append(row[0])
        if not slots.keys() <= self._names.keys():
            self._read_names()
        for term, having in slots.items():
            facet, value = self._names[term]
            self._direct[facet][value] |= BitMap(having)

    def set_families(self, families: Families) -> None:
        """Values that count for others besides themselves: see base.Families."""
        self._families = families
        self._unions = {
            facet: {
                value: BitMap().union(*(self._direct[facet][member] for member in members))
                for value, members in values.items()
                if members != {value}
            }
            for facet, values in families.items()
        }

    def _update_families(self, touched: BitMap) -> None:
        for facet, unions in self._unions.items():
            for value, bits in unions.items():
                bits -= touched
                for member in self._families[facet][value]:
                    bits |= self._direct[facet][member] & touched

    def facets(self) -> Iterable[str]:
        return self._direct.keys() - {TONGUE}

    def values(self, facet: str) -> dict[str, BitMap]:
        """Value → the documents that count as having it."""
        return {**self._direct[facet], **self._unions.get(facet, {})}

    def values_of(self, term: int) -> BitMap:
        """The documents that have a facet value, by its term."""
        facet, value = self._names[term]
        return self._direct[facet][value]

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
        low = 0 if since is None else int(np.searchsorted(self._line, since))
        high = self.count if until is None else int(np.searchsorted(self._line, until))
        bits = BitMap()
        if low < high:
            bits.add_range(low, high)
        bits -= self.late
        late = np.array(self.late.to_array(), np.int64)
        instants = self.instants[late]
        inside = np.ones(len(late), bool) if since is None else instants >= since
        if until is not None:
            inside &= instants < until
        return (bits | bitmap(late[inside])) & self.all

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
        for slot in self.all - older - newer:
            here = self.place(slot)
            if (here.number, here.language) < (place.number, place.language):
                older.add(slot)
            elif here != place:
                newer.add(slot)
        return older, newer

    def within(self, periods: Iterable[str]) -> BitMap:
        """The documents of any of these years ("2016") or months ("2016-03")."""
        spans = (bounds(period, self._zone) for period in periods)
        return BitMap().union(*(self.between(*span) for span in spans if span))

    def by_month(self, bits: BitMap) -> dict[str, int]:
        """How many of these documents each month has; months without are left out."""
        if len(bits) <= FEW:
            return self._months_of(bits)
        late = bits & self.late
        timely = bits - late if late else bits
        counts = {name: timely.range_cardinality(a, b) for name, a, b in self._months}
        for name, count in self._months_of(late).items():
            counts[name] = counts.get(name, 0) + count
        return {name: count for name, count in counts.items() if count}

    def _months_of(self, bits: BitMap) -> dict[str, int]:
        instants = self.instants[np.array(bits.to_array(), np.int64)]
        months = np.searchsorted(self.months.starts, instants, "right") - 1
        found, counts = np.unique(np.maximum(months, 0), return_counts=True)
        names = self.months.names
        return {names[m]: n for m, n in zip(found.tolist(), counts.tolist(), strict=True)}


def _bitmaps() -> defaultdict[str, BitMap]:
    return defaultdict(BitMap)
