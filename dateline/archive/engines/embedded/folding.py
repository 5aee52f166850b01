"""Folding: what came since an index was built becomes part of its base, while all goes on.

The new file is written from a snapshot of the old one. What was applied to the old one meanwhile
is then carried over, the last of it under the writers' lock, just before the swap.
"""

from __future__ import annotations

import sqlite3
from array import array
from typing import Any

import numpy as np

from dateline.archive.engines.embedded import gists, merging, postings, runs, writing
from dateline.archive.engines.embedded.columns import NO_ONE, Columns
from dateline.archive.engines.embedded.lexicon import SEPARATOR, Lexicon
from dateline.archive.engines.embedded.merging import Renumbering
from dateline.archive.engines.embedded.postings import Integers, listed
from dateline.archive.engines.embedded.runs import Base, Source, Spool
from dateline.archive.engines.embedded.weighing import Weighed, content_terms
from dateline.archive.engines.embedded.writing import Batch, Entered

LATE, NEW, LEFT = 10_000, 65_536, 65_536
"""Documents late, new and gone from which an index is folded; of the two latter, a quarter of the
base where that is more, so that a growing index is written a few times over and not for ever."""

_COUNTS = """
    SELECT base, (SELECT coalesce(max(slot) + 1, 0) FROM place),
    (SELECT count(*) FROM place WHERE anchor IS NOT NULL),
    (SELECT count(*) FROM place WHERE id IS NULL) FROM state
"""
_PLACES = """
    SELECT coalesce(id, ?), number, language, instant, expires, fingerprint, head, size, start
    FROM place ORDER BY slot
"""
_CHANGED = "SELECT DISTINCT id FROM log WHERE seq > ?"
_CAME = """
    SELECT id, number, language, instant, expires, fingerprint, head, size, terms, forms
    FROM place JOIN content USING (slot) WHERE id IN (SELECT value FROM json_each(?))
    ORDER BY instant, number, language
"""
_AT_ONCE = 2_000
_TEXTS = "SELECT id, text FROM term WHERE id IN (SELECT value FROM json_each(?))"
FEW = 500
"""Changes left to carry over up to which writers are kept waiting for it."""


def is_due(db: sqlite3.Connection, late_limit: int) -> bool:
    """Whether so much has gathered that searches get slower by it than need be."""
    base, count, late, left = db.execute(_COUNTS).fetchone()
    share = base // 4
    return bool(late > late_limit or count - base > max(NEW, share) or left > max(LEFT, share))


class Fold:
    """An index file on its way from `source` to `target`; `carry` brings over what is newer."""

    def __init__(self, source: sqlite3.Connection, target: sqlite3.Connection) -> None:
        self._source, self._target = source, target
        self._seq = 0

    def write(self, spool: Spool) -> None:
        """The new base, from one snapshot of the old file."""
        self._source.execute("BEGIN")
        self._seq = _log_end(self._source)
        held = postings.extent(self._source)
        columns, starts = _columns(self._source)
        sources: list[Source] = [Base(self._source, held.words, starts[: held.base])]
        for block in held.blocks():
            first, end = held.span(block)
            sources.append(runs.of_block(spool, self._source, block, first, starts[first:end]))
        spool.finish()
        columns.arrange()
        terms = Renumbering(self._source)
        self._target.execute("BEGIN")
        frequency = merging.merge(self._target, sources, columns, terms, spool)
        columns.write(self._target)
        _copy_gists(self._source, self._target, columns, gists.Rarity(frequency, terms.new))
        self._target.execute("COMMIT")
        self._source.execute("COMMIT")

    def left(self) -> int:
        """How many changes are still to be carried over."""
        return _log_end(self._source) - self._seq

    def carry(self) -> bool:
        """Bring over what the old file was told since; False when it no longer knows all of it."""
        self._source.execute("BEGIN")
        first = self._source.execute("SELECT coalesce(min(seq), 0) FROM log").fetchone()[0]
        if self.left() and first > self._seq + 1:
            return False
        self._target.execute("BEGIN")
        ids = [row[0] for row in self._source.execute(_CHANGED, (self._seq,))]
        self._seq = _log_end(self._source)
        lexicon = Lexicon(self._target)
        for some in (ids[at : at + _AT_ONCE] for at in range(0, len(ids), _AT_ONCE)):
            writing.remove(self._target, some)
            rows = self._source.execute(_CAME, (listed(some),)).fetchall()
            if rows:
                writing.add(self._target, self._batch(lexicon, rows))
        cursor = self._source.execute("SELECT cursor FROM state").fetchone()[0]
        self._target.execute("UPDATE state SET cursor = ?", (cursor,))
        self._target.execute("COMMIT")
        self._source.execute("COMMIT")
        return True

    def _batch(self, lexicon: Lexicon, rows: list[Any]) -> Batch:
        found = [content_terms(row[8]) for row in rows]
        documents = np.repeat(np.arange(len(rows)), [len(terms) for terms, _ in found])
        forms = np.frombuffer(b"".join(row[9] for row in rows), "<i4").astype(np.int64)
        terms = np.concatenate([terms for terms, _ in found])
        known = self._renumbered(lexicon, np.concatenate((terms, forms)))
        terms, forms = known[: len(terms)], known[len(terms) :]
        order = np.lexsort((documents, terms))
        sizes = np.array([row[7] for row in rows], np.int64)
        impacts = np.concatenate([impacts for _, impacts in found])
        weighed = Weighed(terms[order], documents[order], impacts[order], forms, sizes[:, None])
        return Batch(
            [Entered(*row[:6]) for row in rows],
            weighed,
            np.array([row[6] for row in rows], np.int64),
        )

    def _renumbered(self, lexicon: Lexicon, terms: Integers) -> Integers:
        """Terms of the old file as the new one numbers them."""
        old, at = np.unique(terms, return_inverse=True)
        texts = dict(self._source.execute(_TEXTS, (listed(old.tolist()),)).fetchall())
        ids = lexicon.ids(texts.values())
        new = [ids[texts[term]] if term in texts else SEPARATOR for term in old.tolist()]
        return np.array(new, np.int64)[at]


def _log_end(db: sqlite3.Connection) -> int:
    end: int = db.execute("SELECT coalesce(max(seq), 0) FROM log").fetchone()[0]
    return end


def _columns(source: sqlite3.Connection) -> tuple[Columns, Integers]:
    """What the file says of each slot, and where its words start."""
    columns, starts = Columns(), array("q")
    cursor = source.execute(_PLACES, (NO_ONE,))
    while rows := cursor.fetchmany(_AT_ONCE):
        entered = (Entered(*row[:6]) for row in rows)
        columns.add(entered, (row[6] for row in rows), (row[7] for row in rows))
        starts.extend(row[8] for row in rows)
    return columns, np.frombuffer(starts, np.int64)


def _copy_gists(
    source: sqlite3.Connection, target: sqlite3.Connection, columns: Columns, rarity: gists.Rarity
) -> None:
    gists.copy(source, target, columns, rarity)
    cursor = source.execute("SELECT slot, forms FROM content ORDER BY slot")
    while rows := cursor.fetchmany(_AT_ONCE):
        for slot, data in rows:
            forms = np.frombuffer(data, "<i4").astype(np.int64)
            ends = np.flatnonzero(forms == SEPARATOR)
            words = forms[1 : ends[2]]
            words = words[words != SEPARATOR]
            gists.write(target, columns, rarity, slot, np.zeros(len(words), np.int64), words)
