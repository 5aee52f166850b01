"""Which documents the clauses match, and how well."""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import orjson
from numpy.typing import NDArray
from pyroaring import BitMap

from dateline.archive.analysis import sought
from dateline.archive.engines.embedded import postings
from dateline.archive.engines.embedded.lexicon import SEPARATOR, Lexicon
from dateline.archive.engines.embedded.postings import Posting
from dateline.archive.keywords import Clause

MOST_SCORED = 64
"""Of the many words a beginning stands for, those that count for relevance: the most frequent."""
PHRASES_KEPT = 256
"""Phrases whose documents are remembered."""
_FORMS = "SELECT slot, forms FROM content WHERE slot IN (SELECT value FROM json_each(?))"
_AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class Match:
    """The documents a clause matches, and the postings that say how well."""

    slots: BitMap
    scored: Sequence[Posting]


@dataclass(slots=True)
class _Phrase:
    """Documents known to have a phrase, but for those changed since."""

    slots: BitMap
    unsure: BitMap


class Matcher:
    """Answers clauses from one index file, and remembers the phrases it has looked for."""

    def __init__(self, db: sqlite3.Connection, lexicon: Lexicon) -> None:
        self._db, self._lexicon = db, lexicon
        self._phrases: dict[tuple[tuple[int, ...], ...], _Phrase] = {}

    def changed(self, slots: BitMap) -> None:
        """These documents are not what they were."""
        for phrase in self._phrases.values():
            phrase.unsure |= slots

    def match(self, clause: Clause, languages: Iterable[str], count: int) -> Match | None:
        """The matches among slots below `count`; None when the clause asks for nothing."""
        one = sought(clause, languages)
        if not one.sequence:
            return None
        terms, instead = [self._ids([form]) for form in one.sequence], self._ids(one.instead)
        having, counted = [], list(instead)
        if one.opened:
            terms[-1] = tuple(self._lexicon.beginning(one.sequence[-1]))
            begun, frequent = postings.union(self._db, terms[-1], count)
            having.append(begun)
            counted += frequent if clause.field else frequent[:MOST_SCORED]
        closed = terms[:-1] if one.opened else terms
        counted += [term for ids in closed for term in ids]
        found = self._postings(list(dict.fromkeys(counted)), count)
        if clause.field:
            found = {term: postings.in_headline(one) for term, one in found.items()}
            having = [_any(terms[-1], found)] if one.opened else []
        having += [_any(ids, found) for ids in closed]
        slots = BitMap.intersection(*having)
        if len(terms) > 1 and slots and clause.field:
            slots = self._verified(tuple(terms), slots, headline=True)
        elif len(terms) > 1 and slots:
            slots = self._phrase(tuple(terms), slots)
        return Match(slots | _any(instead, found), list(found.values()))

    def _ids(self, texts: Iterable[str]) -> tuple[int, ...]:
        return tuple(self._lexicon.known(texts).values())

    def _postings(self, terms: Sequence[int], count: int) -> dict[int, Posting]:
        rows = postings.read(self._db, terms, count)
        return {term: postings.whole(blocks) for term, blocks in rows.items()}

    def _phrase(self, terms: tuple[tuple[int, ...], ...], having: BitMap) -> BitMap:
        """Those of the documents `having` all the words that have them side by side."""
        known = self._phrases.pop(terms, None) or _Phrase(BitMap(), BitMap(having))
        slots = (known.slots - known.unsure) & having
        slots |= self._verified(terms, known.unsure & having)
        self._phrases[terms] = _Phrase(slots, BitMap())  # at the end: the latest used
        if len(self._phrases) > PHRASES_KEPT:
            del self._phrases[next(iter(self._phrases))]
        return slots

    def _verified(
        self, terms: tuple[tuple[int, ...], ...], slots: BitMap, *, headline: bool = False
    ) -> BitMap:
        last = frozenset(terms[-1])
        sure = terms if len(last) == 1 else terms[:-1]
        pattern = np.array([ids[0] for ids in sure], "<i4").tobytes()
        after = frozenset[int]() if len(last) == 1 else last
        listed = slots.to_array()
        right = BitMap()
        for start in range(0, len(listed), _AT_ONCE):
            some = orjson.dumps(listed[start : start + _AT_ONCE].tolist()).decode()
            rows = self._db.execute(_FORMS, (some,))
            cut = _headline if headline else bytes
            right |= BitMap([slot for slot, forms in rows if stands(cut(forms), pattern, after)])
        return right


def _headline(forms: bytes) -> bytes:
    """The forms between the first separator and the second."""
    ends = np.flatnonzero(np.frombuffer(forms, "<i4") == SEPARATOR)
    return forms[: 4 * int(ends[1])] if len(ends) > 1 else forms


def stands(forms: bytes, pattern: bytes, after: frozenset[int] = frozenset()) -> bool:
    """Whether the 32-bit forms of `pattern` stand side by side, and one of `after` behind them."""
    at = forms.find(pattern)
    while at >= 0:
        if at % 4 == 0:
            end = at + len(pattern)
            if not after or int.from_bytes(forms[end : end + 4], "little") in after:
                return True
        at = forms.find(pattern, at + 1)
    return False


def _any(terms: Iterable[int], found: dict[int, Posting]) -> BitMap:
    return BitMap().union(*(found[term].slots for term in terms if term in found))


def scores(
    slots: NDArray[np.int64], matches: Iterable[Match], live: int, count: int
) -> NDArray[np.float32]:
    """BM25 of each of the `slots`: a term's impact times its rarity among `live` documents.

    The words of one clause (its form, its stems) add up, so that the exact form counts more.
    """
    total = np.zeros(len(slots), np.float32)
    scratch = np.zeros(count, np.float32)
    for posting in (posting for match in matches for posting in match.scored):
        having = np.array(posting.slots.to_array(), np.int64)
        impacts = (np.frombuffer(posting.impacts, np.uint8) & (postings.HEADLINE - 1)).astype(
            np.float32
        )
        rarity = math.log(1 + (live - len(having) + 0.5) / (len(having) + 0.5))
        scratch[having] = impacts * np.float32(rarity)
        total += scratch[slots]
        scratch[having] = 0
    return total
