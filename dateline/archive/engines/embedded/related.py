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
TOO_USUAL, ALWAYS_RARE = 16, 100
"""A word that more than one in so many documents has, and more than so many, says nothing."""

_NUMBERED = """
    SELECT slot, id, number FROM place WHERE slot IN (SELECT value FROM json_each(?))
"""
_RARE = """
    SELECT term FROM frequency WHERE term IN (SELECT value FROM json_each(?)) AND documents <= ?
"""


def nearest(
    db: sqlite3.Connection, held: Resident, story: int, living: BitMap, size: int
) -> list[int]:
    """Ids of the `living` most like a story, never those of its own number."""
    place = db.execute("SELECT number, slot FROM place WHERE id = ?", (story,)).fetchone()
    if place is None:
        return []
    number, slot = place
    words = _rarest(db, held, _words(db, held, slot))
    having = BitMap().union(*words) & living
    scores = held.scratch()
    for bits in (*words, *held.valued(slot)):
        telling = np.float32(np.log(1 + held.extent.count / (1 + len(bits))))
        np.add.at(scores, postings.numbers(bits & having), telling)
    slots = postings.numbers(having)
    found = best(held, slots, scores[slots], 0, size + held.spoken)
    return [pk for pk, numbered in _numbered(db, found) if numbered != number][:size]


def _numbered(db: sqlite3.Connection, slots: list[int]) -> list[tuple[int, int]]:
    """Story ids and numbers, in the order of the slots."""
    rows = db.execute(_NUMBERED, (postings.listed(slots),))
    found = {slot: (pk, number) for slot, pk, number in rows}
    return [found[slot] for slot in slots]


def _words(db: sqlite3.Connection, held: Resident, slot: int) -> list[int]:
    """The telling words of headline and summary: of a newer document, all of them."""
    if slot < held.extent.base:
        row = db.execute("SELECT forms FROM gist WHERE slot = ?", (slot,)).fetchone()
        return np.frombuffer(row[0], "<i4").tolist() if row else []
    stream = np.frombuffer(
        db.execute("SELECT forms FROM content WHERE slot = ?", (slot,)).fetchone()[0], "<i4"
    )
    words = np.unique(stream[: np.flatnonzero(stream == SEPARATOR)[2]])
    return [word for word in words.tolist() if word != SEPARATOR]


def _rarest(db: sqlite3.Connection, held: Resident, words: list[int]) -> list[BitMap]:
    most = max(ALWAYS_RARE, held.extent.count // TOO_USUAL)
    rare = {term for (term,) in db.execute(_RARE, (postings.listed(words), most))}
    rare |= {word for word in words if word > held.extent.words}
    having = postings.documents(db, held.extent, sorted(rare)).values()
    return sorted((bits for bits in having if 1 < len(bits) <= most), key=len)[:MOST_WORDS]
