"""What an index says of each document but for its words, by the million, and their order."""

from __future__ import annotations

import sqlite3
from array import array
from collections.abc import Iterable
from zlib import crc32

import numpy as np

from dateline.archive.engines.embedded.postings import Integers
from dateline.archive.engines.embedded.runs import SHELF_BITS
from dateline.archive.engines.embedded.writing import Entered

NO_ONE = -1 << 63
"""The id in place of a document that is gone."""
_NEVER = 1 << 62
_AT_ONCE = 20_000
_INSERT = "INSERT INTO place VALUES (?, ?, ?, ?, ?, ?, NULL, ?, ?, ?, ?)"


class Columns:
    """Some 60 bytes for each document, in the order they were given in."""

    def __init__(self) -> None:
        self._ids, self._numbers = array("q"), array("q")
        self._instants, self._expires = array("q"), array("q")
        self._heads, self._sizes = array("q"), array("q")
        self._tongues: dict[str, int] = {}
        self._languages = array("h")
        self._fingerprints = bytearray()

    def add(self, rows: Iterable[Entered], heads: Iterable[int], sizes: Iterable[int]) -> None:
        """Documents, and how long their headlines and all their words are."""
        for row in rows:
            self._ids.append(row.id)
            self._numbers.append(row.number)
            self._instants.append(row.instant)
            self._expires.append(_NEVER if row.expires is None else row.expires)
            self._languages.append(self._tongues.setdefault(row.language, len(self._tongues)))
            self._fingerprints += row.fingerprint
        self._heads.extend(heads)
        self._sizes.extend(sizes)

    def arrange(self) -> None:
        """Put the documents in their order. Of several with one id the last one counts."""
        ids = np.frombuffer(self._ids, np.int64)
        _, last = np.unique(ids[::-1], return_index=True)
        kept = len(ids) - 1 - last
        kept = kept[ids[kept] != NO_ONE]
        names = sorted(self._tongues)
        ranks = np.zeros(len(names) + 1, np.int64)
        ranks[[self._tongues[name] for name in names]] = np.arange(len(names))
        tongues = ranks[np.frombuffer(self._languages, np.int16)]
        instants = np.frombuffer(self._instants, np.int64)
        numbers = np.frombuffer(self._numbers, np.int64)
        order = np.lexsort((ids[kept], tongues[kept], numbers[kept], instants[kept]))
        self.given: Integers = kept[order]
        self.slots: Integers = np.full(len(ids), -1, np.int64)
        self.slots[self.given] = np.arange(len(self.given))
        self.sizes: Integers = np.frombuffer(self._sizes, np.int64)[self.given]
        self.starts: Integers = _starts(self.sizes)

    def write(self, db: sqlite3.Connection) -> None:
        """The rows of `place`, and the arrays that processes hold."""
        names = {number: name for name, number in self._tongues.items()}
        ids, instants = self._ordered(self._ids), self._ordered(self._instants)
        numbers, expires = self._ordered(self._numbers), self._ordered(self._expires)
        heads = np.frombuffer(self._heads, np.int64)[self.given]
        tongues = np.frombuffer(self._languages, np.int16)[self.given]
        prints = np.frombuffer(self._fingerprints, "V8")[self.given]
        for first in range(0, len(ids), _AT_ONCE):
            some = slice(first, first + _AT_ONCE)
            rows = zip(
                range(first, first + _AT_ONCE),
                ids[some].tolist(),
                numbers[some].tolist(),
                map(names.__getitem__, tongues[some].tolist()),
                instants[some].tolist(),
                [None if at == _NEVER else at for at in expires[some].tolist()],
                self.starts[some].tolist(),
                heads[some].tolist(),
                self.sizes[some].tolist(),
                map(bytes, prints[some].tolist()),
                strict=False,
            )
            db.executemany(_INSERT, rows)
        spent = np.flatnonzero(expires != _NEVER)
        spent = spent[np.argsort(expires[spent], kind="stable")]
        hold(db, "id", ids.astype("<i8").tobytes())
        hold(db, "instant", instants.astype("<i8").tobytes())
        hold(db, "start", self.starts.astype("<u4").tobytes())
        hold(db, "head", heads.astype("<u4").tobytes())
        hold(db, "expiring", spent.astype("<i8").tobytes())
        hold(db, "expiry", expires[spent].astype("<i8").tobytes())

    def _ordered(self, values: array[int]) -> Integers:
        ordered: Integers = np.frombuffer(values, np.int64)[self.given]
        return ordered


def _starts(sizes: Integers) -> Integers:
    """Where each document's words begin within its shelf."""
    ends = np.cumsum(sizes)
    starts = ends - sizes
    shelves = np.arange(0, len(sizes), 1 << SHELF_BITS)
    firsts: Integers = np.repeat(starts[shelves], 1 << SHELF_BITS)[: len(sizes)]
    return starts - firsts


def hold(db: sqlite3.Connection, name: str, data: bytes) -> None:
    """Write an array that processes hold."""
    db.execute("INSERT INTO held VALUES (?, ?, ?)", (name, data, crc32(data)))
