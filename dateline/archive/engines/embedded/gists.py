"""What a story is about, in a few words: the rarest forms of its headline and summary."""

from __future__ import annotations

import sqlite3

import numpy as np

from dateline.archive.engines.embedded.columns import Columns
from dateline.archive.engines.embedded.lexicon import SEPARATOR
from dateline.archive.engines.embedded.postings import Integers, groups
from dateline.archive.engines.embedded.weighing import cut

MOST = 16
"""Forms kept of a document of the base."""
_AT_ONCE = 20_000
_RANK, _TERM = 24, 24


class Rarity:
    """The order of forms by how few documents have them, for forms as they were numbered before."""

    def __init__(self, frequency: Integers, new: Integers) -> None:
        order = np.argsort(frequency, kind="stable")
        rank = np.zeros(len(frequency), np.int64)
        rank[order] = np.arange(len(frequency))
        self._key: Integers = (rank << _TERM | np.arange(len(frequency)))[new]

    def keep(self, documents: Integers, forms: Integers) -> tuple[Integers, Integers]:
        """Of pairs of document (below 2^15) and form, the rarest few of each document, in order."""
        keys = np.sort(documents << _RANK + _TERM | self._key[forms])
        keys = keys[groups(keys)[0]]  # numpy's unique takes five times as long
        found = keys >> _RANK + _TERM
        starts, ends = groups(found)
        within = np.arange(len(keys)) - np.repeat(starts, ends - starts)
        keys, found = keys[within < MOST], found[within < MOST]
        return found, keys & ((1 << _TERM) - 1)


def leading(forms: Integers, fields: Integers) -> tuple[Integers, Integers]:
    """Document and form of every word of headlines and summaries: see weighing.Weighed."""
    sizes = fields.sum(axis=1)
    documents = np.repeat(np.arange(len(fields)), sizes)
    within = np.arange(len(documents)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    inside = (within < fields[:, :2].sum(axis=1)[documents]) & (forms != SEPARATOR)
    return documents[inside], forms[inside]


def write(
    target: sqlite3.Connection,
    columns: Columns,
    rarity: Rarity,
    first: int,
    documents: Integers,
    forms: Integers,
) -> None:
    """The gists of documents that were numbered from `first`, from all their leading words."""
    documents, forms = rarity.keep(documents, forms)
    begins, ends = groups(documents)
    slots = columns.slots[documents[begins] + first]
    blobs = cut(forms.astype("<i4").tobytes(), 4 * (ends - begins))
    rows = [(s, blob) for s, blob in zip(slots.tolist(), blobs, strict=True) if s >= 0]
    target.executemany("INSERT INTO gist VALUES (?, ?)", rows)


def copy(
    source: sqlite3.Connection, target: sqlite3.Connection, columns: Columns, rarity: Rarity
) -> None:
    """The gists of an index's base."""
    cursor = source.execute("SELECT slot, forms FROM gist ORDER BY slot")
    while rows := cursor.fetchmany(_AT_ONCE):
        first = rows[0][0]
        while rows:
            near = [row for row in rows if row[0] < first + _AT_ONCE]
            many = [len(row[1]) // 4 for row in near]
            documents = np.repeat(np.array([row[0] for row in near]) - first, many)
            forms = np.frombuffer(b"".join(row[1] for row in near), "<i4").astype(np.int64)
            write(target, columns, rarity, first, documents, forms)
            rows = rows[len(near) :]
            first = rows[0][0] if rows else 0
