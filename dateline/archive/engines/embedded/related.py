"""Stories related to one: those that share its rarest words and its facet values."""

from __future__ import annotations

import sqlite3

import numpy as np
from pyroaring import BitMap

from dateline.archive.engines.embedded import postings
from dateline.archive.engines.embedded.lexicon import SEPARATOR
from dateline.archive.engines.embedded.paging import best
from dateline.archive.engines.embedded.resident import Resident

MOST_WORDS = 12
"""The rarest words of a story that say what it is about."""
TOO_USUAL = 16
"""A word that more than one in so many documents has (and more than a hundred) says nothing."""


def nearest(
    db: sqlite3.Connection, held: Resident, story: int, living: BitMap, size: int
) -> list[int]:
    """Ids of the `living` most like a story, never those of its own number."""
    place = db.execute(
        "SELECT p.number, p.facets, c.forms FROM place p JOIN content c USING (slot) WHERE id = ?",
        (story,),
    ).fetchone()
    if place is None:
        return []
    number, facets, forms = place
    own = db.execute("SELECT slot FROM place WHERE number = ? AND id IS NOT NULL", (number,))
    others = living - BitMap([row[0] for row in own])
    words = _rarest(db, held, _words(forms))
    values = [held.values_of(term) & others for term in np.frombuffer(facets, "<i4").tolist()]
    having = BitMap().union(*words) & others
    slots = np.array(having.to_array(), np.int64)
    scores = np.zeros(held.count, np.float32)
    for bits in (*words, *values):
        scores[np.array(bits.to_array(), np.int64)] += np.log(1 + held.count / (1 + len(bits)))
    return [int(held.ids[slot]) for slot in best(held, slots, scores[slots], 0, size)]


def _words(forms: bytes) -> list[int]:
    """The words of headline and summary: what stands before the third separator."""
    stream = np.frombuffer(forms, "<i4")
    ends = np.flatnonzero(stream == SEPARATOR)
    words = np.unique(stream[: ends[2]] if len(ends) > 2 else stream)
    return [word for word in words.tolist() if word != SEPARATOR]


def _rarest(db: sqlite3.Connection, held: Resident, words: list[int]) -> list[BitMap]:
    found = postings.read(db, words, held.count)
    having = [postings.whole(blocks).slots for blocks in found.values()]
    telling = [bits for bits in having if 1 < len(bits) <= max(100, held.count // TOO_USUAL)]
    return sorted(telling, key=len)[:MOST_WORDS]
