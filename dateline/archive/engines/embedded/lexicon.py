"""Texts to term ids.

Analysing a run of letters (folding, stemming, splitting) costs microseconds, an import has
hundreds of runs per document and few of them are new: so a run is analysed once per language and
remembered as a small number, and everything after that is arithmetic on arrays.
"""

from __future__ import annotations

import sqlite3
from array import array
from collections.abc import Iterable, Sequence
from itertools import accumulate, chain, count
from typing import NamedTuple

import numpy as np
import orjson

from dateline.archive.analysis import fold, joined, parts, stem_term
from dateline.archive.engines.embedded.postings import Integers

MOST_RUNS = 400_000
"""Runs remembered before the memory starts anew: about 100 MB."""

SEPARATOR = 0
"""The run, and the form, that stands between the fields of a document."""

_KNOWN = "SELECT text, id FROM term WHERE text IN (SELECT value FROM json_each(?))"


class Parts(NamedTuple):
    """The parts of a list of runs, in order, as arrays: `run` says which run a part belongs to."""

    run: Integers
    forms: Integers
    stems: Integers


class Lexicon:
    """The term table of one index file, and what is remembered of the runs met so far."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self.forget()

    def forget(self) -> None:
        """Start anew: after a rollback, ids given in between are not in the table."""
        self._runs: dict[str, dict[str, int]] = {}
        self._first, self._count = array("q", [0]), array("q", [1])
        self._whole, self._whole_stem = array("q", [0]), array("q", [0])
        self._forms, self._stems = array("q", [SEPARATOR]), array("q", [0])

    def trim(self) -> None:
        """Start anew when too much is remembered; not between `learn` and what relies on it."""
        if len(self._first) > MOST_RUNS:
            self.forget()

    def known(self, texts: Iterable[str]) -> dict[str, int]:
        """The ids of those texts that are terms."""
        return dict(self._db.execute(_KNOWN, (orjson.dumps(list(texts)).decode(),)))

    def ids(self, texts: Iterable[str]) -> dict[str, int]:
        """The ids of all these texts; new ones become terms."""
        wanted = set(texts)
        ids = self.known(wanted)
        if new := sorted(wanted - ids.keys()):
            highest = self._db.execute("SELECT terms FROM state").fetchone()[0]
            fresh = dict(zip(new, range(highest + 1, highest + 1 + len(new)), strict=True))
            self._db.executemany("INSERT INTO term VALUES (?, ?)", fresh.items())
            self._db.execute("UPDATE state SET terms = ?", (highest + len(new),))
            ids |= fresh
        return ids

    def beginning(self, prefix: str) -> list[int]:
        """The ids of all terms that begin with `prefix`."""
        return [
            row[0]
            for row in self._db.execute(
                "SELECT id FROM term WHERE text >= ? AND text < ?", (prefix, prefix + "\U0010ffff")
            )
        ]

    def runs(self, language: str, runs: Sequence[str]) -> list[int]:
        """Each run's number, after `learn` was told of it."""
        return list(map(self._runs[language].__getitem__, runs))

    def learn(self, language: str, runs: Iterable[str]) -> None:
        """Analyse and remember those runs of a language that are new."""
        numbers = self._runs.setdefault(language, {})
        new = sorted(set(runs) - numbers.keys())
        found = [parts(run) for run in new]
        forms = [part.form for one in found for part in one]
        stems = [stem_term(part.written, language) for one in found for part in one]
        wholes = [joined(run) for run in new]
        whole_forms = [whole and fold(whole) for whole in wholes]
        whole_stems = [whole and stem_term(whole, language) for whole in wholes]
        ids = self.ids(filter(None, chain(forms, stems, whole_forms, whole_stems)))
        numbered: dict[str | None, int] = {None: 0, "": 0}
        numbered.update(ids)
        known = numbered.__getitem__
        numbers.update(zip(new, count(len(self._first)), strict=False))
        counts = [len(one) for one in found]
        self._first.extend(accumulate(counts[:-1], initial=len(self._forms)) if new else ())
        self._count.extend(counts)
        self._forms.extend(map(known, forms))
        self._stems.extend(map(known, stems))
        self._whole.extend(map(known, whole_forms))
        self._whole_stem.extend(map(known, whole_stems))

    def parts(self, runs: Integers) -> Parts:
        """The forms and stems of numbered runs, part after part; 0 where a part has no stem."""
        first, count = np.frombuffer(self._first, "q")[runs], np.frombuffer(self._count, "q")[runs]
        run = np.repeat(np.arange(len(runs)), count)
        within = np.arange(len(run)) - np.repeat(np.cumsum(count) - count, count)
        at = first[run] + within
        return Parts(run, np.frombuffer(self._forms, "q")[at], np.frombuffer(self._stems, "q")[at])

    def wholes(self, runs: Integers) -> tuple[Integers, Integers]:
        """The terms of each numbered run written together, form and stem; 0 where there is none."""
        whole = np.frombuffer(self._whole, "q")[runs]
        return whole, np.frombuffer(self._whole_stem, "q")[runs]
