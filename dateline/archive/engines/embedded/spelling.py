"""Did you mean: the index's own word nearest to one that finds nothing."""

from __future__ import annotations

import sqlite3

from pyroaring import BitMap

from dateline.archive.engines.embedded import postings
from dateline.archive.engines.embedded.resident import Resident

FURTHEST = 2
SHORTEST = 3
"""Letters of a word from which one may be wrong."""

_FORMS = """
    SELECT text, id FROM term WHERE text >= '0' AND text != ? AND length(text) BETWEEN ? AND ?
"""


def nearest(db: sqlite3.Connection, held: Resident, word: str, living: BitMap) -> str | None:
    """The nearest form that one of the `living` has, of equally near ones the most frequent."""
    if len(word) < SHORTEST:
        return None
    near: dict[int, dict[int, str]] = {distance: {} for distance in range(1, FURTHEST + 1)}
    span = (len(word) - FURTHEST, len(word) + FURTHEST)
    for text, term in db.execute(_FORMS, (word, *span)):
        if not text.startswith((":", "@")) and (distance := edits(word, text)) <= FURTHEST:
            near[distance][term] = text
    for words in near.values():
        found = postings.documents(db, held.extent, list(words))
        having = {
            words[term]: bits.intersection_cardinality(living) for term, bits in found.items()
        }
        best = max(having, key=lambda text: (having[text], text), default=None)
        if best is not None and having[best]:
            return best
    return None


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
