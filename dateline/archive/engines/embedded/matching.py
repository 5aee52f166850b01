"""Which documents the clauses match, and how well."""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray
from pyroaring import BitMap

from dateline.archive.analysis import sought
from dateline.archive.engines.embedded import phrases, postings
from dateline.archive.engines.embedded.lexicon import Lexicon
from dateline.archive.engines.embedded.postings import Extent, bitmap, numbers
from dateline.archive.engines.embedded.remembered import Remembered
from dateline.archive.engines.embedded.resident import Resident
from dateline.archive.keywords import Clause

MOST_SCORED = 8
"""Of the many words a beginning stands for, those that count for relevance: the most frequent."""

_BEGINNING = "SELECT documents FROM beginning WHERE text = ?"
_BETWEEN = "SELECT documents FROM base WHERE term BETWEEN ? AND ?"
_FREQUENT = """
    SELECT term FROM frequency WHERE term BETWEEN ? AND ? ORDER BY documents DESC LIMIT ?
"""
_FIRST = "SELECT id FROM term WHERE text >= ? AND text < ? AND id <= ? ORDER BY text LIMIT 1"
_LAST = "SELECT id FROM term WHERE text >= ? AND text < ? AND id <= ? ORDER BY text DESC LIMIT 1"
_NEWER = "SELECT id FROM term WHERE text >= ? AND text < ? AND id > ?"
_TAILS = "SELECT documents FROM tail WHERE key BETWEEN ? AND ?"
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Match:
    """The documents a clause matches, and the terms that say how well."""

    slots: BitMap
    terms: Sequence[int]


class Matcher:
    """Answers clauses from one index file, and remembers what was dear to find."""

    def __init__(self, db: sqlite3.Connection, lexicon: Lexicon) -> None:
        self._db, self._lexicon = db, lexicon
        self._remembered = Remembered()

    def match(self, clause: Clause, languages: Iterable[str], held: Resident) -> Match | None:
        """The documents that match; None when the clause asks for nothing."""
        one = sought(clause, languages)
        if not one.sequence:
            return None
        headline = clause.field == "headline"
        ids = self._lexicon.known((*one.sequence, *one.instead))
        closed = [ids.get(form) for form in one.sequence[: -1 if one.opened else None]]
        terms = [term for term in closed if term is not None]
        instead = [ids[text] for text in one.instead if text in ids]
        begun = self._beginning(one.sequence[-1], held) if one.opened else None
        slots = BitMap()
        if len(terms) == len(closed):
            slots = self._sequence(terms, begun, held, headline)
        if instead:
            slots = slots | self._having(instead, held, headline)
        frequent = begun.frequent(self._db) if begun else ()
        return Match(slots, list(dict.fromkeys((*terms, *instead, *frequent))))

    def _sequence(
        self, terms: list[int], begun: Beginning | None, held: Resident, headline: bool
    ) -> BitMap:
        """The documents with these terms side by side, and one that is begun behind them."""
        if begun is None and len(terms) == 1:
            return self._having(terms, held, headline)
        count = held.extent.count
        if not terms and begun and not headline:
            return self._remembered.get(
                ("*", begun.text), count, lambda since: begun.slots(self._db, since)
            )
        last = [begun.terms()] if begun else []
        if not terms:
            return self._having(last[0], held, headline)
        words = [*([term] for term in terms), *last]
        key = (headline, *map(tuple, words))
        find = partial(phrases.standing, self._db, held, words, headline=headline)
        return self._remembered.get(key, count, find)

    def _having(self, terms: Sequence[int], held: Resident, headline: bool) -> BitMap:
        """The documents with any of the terms."""
        bits = BitMap()
        for some in (terms[at : at + _AT_ONCE] for at in range(0, len(terms), _AT_ONCE)):
            if headline:
                found = postings.weighed(self._db, held.extent, some).values()
                bits |= BitMap().union(*map(postings.in_headline, found))
            else:
                bits |= BitMap().union(*postings.documents(self._db, held.extent, some).values())
        return bits

    def _beginning(self, text: str, held: Resident) -> Beginning:
        span = (text, text + "\U0010ffff", held.extent.words)
        first, last = (self._db.execute(query, span).fetchone() for query in (_FIRST, _LAST))
        newer = [row[0] for row in self._db.execute(_NEWER, span)] if self._has_newer(held) else []
        between = (first[0], last[0]) if first else (1, 0)
        return Beginning(text, between, newer, held.extent)

    def _has_newer(self, held: Resident) -> bool:
        highest: int = self._db.execute("SELECT terms FROM state").fetchone()[0]
        return highest > held.extent.words

    def scores(self, bits: BitMap, matches: Iterable[Match], held: Resident) -> NDArray[np.float32]:
        """BM25 of each of the slots: a term's impact times its rarity among all documents.

        The words of one clause (its form, its stems) add up, so that the exact form counts more.
        """
        terms = [term for match in matches for term in match.terms]
        dense = held.scratch()
        for posting in postings.weighed(self._db, held.extent, terms).values():
            count = len(posting.slots)
            rarity = math.log(1 + max(0.0, len(held.all) - count + 0.5) / (count + 0.5))
            having, impacts = postings.part(posting, bits)
            said = (impacts & (postings.HEADLINE - 1)) * np.float32(rarity)
            np.add.at(dense, having, said)  # in half the time of +=
        found: NDArray[np.float32] = dense[numbers(bits)]
        return found


@dataclass(frozen=True, slots=True)
class Beginning:
    """The forms that begin with a text: the base's are a range of ids, the others are listed."""

    text: str
    between: tuple[int, int]
    newer: Sequence[int]
    extent: Extent

    def terms(self) -> list[int]:
        """The ids of all of them."""
        return [*range(self.between[0], self.between[1] + 1), *self.newer]

    def frequent(self, db: sqlite3.Connection) -> list[int]:
        """Those of the base that most documents have, and the newest."""
        rows = db.execute(_FREQUENT, (*self.between, MOST_SCORED))
        return [row[0] for row in rows] + list(self.newer[-MOST_SCORED:])

    def slots(self, db: sqlite3.Connection, since: int) -> BitMap:
        """The slots from `since` on (and maybe some below) that have any of them."""
        bits = self._base(db) if since < self.extent.base else BitMap()
        for block in self.extent.blocks(since):
            low = block << postings.TERM_BITS
            rows = db.execute(_TAILS, (low | self.between[0], low | self.between[1])).fetchall()
            data = b"".join(row[0] for row in rows)
            bits |= bitmap(np.unique(postings.records(data, block)[0]))
        for more in postings.documents(db, self.extent, self.newer, self.extent.base).values():
            bits |= more
        return bits

    def _base(self, db: sqlite3.Connection) -> BitMap:
        if row := db.execute(_BEGINNING, (self.text,)).fetchone():
            return BitMap.deserialize(row[0])
        rows = db.execute(_BETWEEN, self.between)
        return BitMap().union(*(BitMap.deserialize(row[0]) for row in rows))
