"""Did you mean: the index's own word nearest to one that finds nothing.

An index has hundreds of thousands of words and readers wait, so it is not searched from end to end.
Every word one edit away is written down and looked up. Of those two edits away only words are tried
that begin like this one, with one edit at most in its first half: few mistakes are made there.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator

import orjson
from pyroaring import BitMap

from dateline.archive.analysis import fold
from dateline.archive.engines.embedded import postings
from dateline.archive.engines.embedded.resident import Resident

FURTHEST = 2
SHORTEST, LONG_ENOUGH = 3, 5
"""Letters of a word from which one, and from which two of them may be wrong."""
_BLOCK = 128
"""Code points in which Unicode keeps an alphabet together."""

_EXACT = "SELECT text, id FROM term WHERE text IN (SELECT value FROM json_each(?))"
_BEGUN = """
    SELECT DISTINCT term.text, term.id FROM json_each(?) AS begun JOIN term
    ON term.text >= begun.value AND term.text < begun.value || char(0x10ffff)
    WHERE length(term.text) BETWEEN ? AND ?
"""


def nearest(db: sqlite3.Connection, held: Resident, word: str, living: BitMap) -> str | None:
    """The nearest form that one of the `living` has, of equally near ones the most frequent."""
    if len(word) < SHORTEST:
        return None
    if best := _most_frequent(db, held, dict(_one_away(db, word)), living):
        return best
    if len(word) < LONG_ENOUGH:
        return None
    return _most_frequent(db, held, dict(_two_away(db, word)), living)


def _most_frequent(
    db: sqlite3.Connection, held: Resident, words: dict[str, int], living: BitMap
) -> str | None:
    found = postings.documents(db, held.extent, list(words.values()))
    having = {
        text: found[term].intersection_cardinality(living)
        for text, term in words.items()
        if term in found
    }
    best = max(having, key=lambda text: (having[text], text), default=None)
    return best if best is not None and having[best] else None


def _one_away(db: sqlite3.Connection, word: str) -> list[tuple[str, int]]:
    return db.execute(_EXACT, (_listed(variants(word) - {word}),)).fetchall()


def _two_away(db: sqlite3.Connection, word: str) -> Iterator[tuple[str, int]]:
    letters = set(word)
    beginnings = variants(word[: -(-len(word) // 2)])
    span = (len(word) - FURTHEST, len(word) + FURTHEST)
    for text, term in db.execute(_BEGUN, (_listed(beginnings), *span)):
        # Two edits bring in two letters and remove two: this alone refuses nearly all.
        if len(letters.difference(text)) > FURTHEST or len(set(text) - letters) > FURTHEST:
            continue
        if text.isalnum() and edits(word, text) == FURTHEST:
            yield text, term


def variants(word: str) -> set[str]:
    """The word and all words one edit away, in the letters of its own writing."""
    cuts = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    found = {word}
    found.update(left + right[1:] for left, right in cuts if right)
    found.update(left + right[1] + right[0] + right[2:] for left, right in cuts if len(right) > 1)
    for letter in _alphabet(word):
        found.update(left + letter + right for left, right in cuts)
        found.update(left + letter + right[1:] for left, right in cuts if right)
    return found


def _alphabet(word: str) -> set[str]:
    """The letters that share a block with one of the word's own, as they are folded."""
    blocks = {ord(letter) // _BLOCK * _BLOCK for letter in word}
    letters = (chr(code) for block in blocks for code in range(block, block + _BLOCK))
    folded = (fold(letter) for letter in letters if letter.isalpha())
    return {
        letter for letter in folded if len(letter) == 1 and ord(letter) // _BLOCK * _BLOCK in blocks
    }


def _listed(texts: Iterable[str]) -> str:
    return orjson.dumps(list(texts)).decode()


def edits(one: str, other: str) -> int:
    """How many letters to add, leave out, replace or change about with the next, up to 3."""
    if abs(len(one) - len(other)) > FURTHEST:
        return FURTHEST + 1
    before: list[int] = []
    above = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        row = [i]
        for j, against in enumerate(other, 1):
            cost = min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (letter != against))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == against:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        if min(row) > FURTHEST:
            return FURTHEST + 1
        before, above = above, row
    return min(above[-1], FURTHEST + 1)
