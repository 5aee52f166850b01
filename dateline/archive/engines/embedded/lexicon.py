"""Texts to term ids.

Analysing a run of letters (folding, stemming, splitting) costs microseconds, an import has
hundreds of runs per document and few of them are new: so a run is analysed once per language and
remembered as a small number, and everything after that is arithmetic on arrays.
"""

from __future__ import annotations

import sqlite3
from array import array
from collections.abc import Iterable, Iterator, Sequence
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


class _Numbers(dict[str, int]):
    """A language's runs, numbered as they are met; those met first are noted as (language, run)."""

    def __init__(self, language: str, following: Iterator[int], met: list[tuple[str, str]]) -> None:
        super().__init__()
        self._language, self._following, self._met = language, following, met

    def __missing__(self, run: str) -> int:
        number = self[run] = next(self._following)
        self._met.append((self._language, run))
        return number


class Lexicon:
    """The term table of one index file, and what is remembered of the runs met so far."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self.forget()

    def forget(self) -> None:
        """Start anew: after a rollback, ids given in between are not in the table."""
        self._runs: dict[str, _Numbers] = {}
        self._new: list[tuple[str, str]] = []
        self._next = count(SEPARATOR + 1)
        self._first, self._count = array("q", [0]), array("q", [1])
        self._whole, self._whole_stem = array("q", [0]), array("q", [0])
        self._forms, self._stems = array("q", [SEPARATOR]), array("q", [0])

    def trim(self) -> None:
        """Start anew when too much is remembered; numbers given before mean nothing then."""
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

    def numbers(self, language: str, runs: Sequence[str]) -> Integers:
        """Each run's number; call `learn` before asking what is behind it."""
        if language not in self._runs:
            self._runs[language] = _Numbers(language, self._next, self._new)
        return np.fromiter(map(self._runs[language].__getitem__, runs), np.int64, len(runs))

    def learn(self) -> None:
        """Analyse the runs that were numbered since the last time."""
        new = self._new
        found = [(language, parts(run)) for language, run in new]
        wholes = [(language, joined(run)) for language, run in new]
        forms = [part.form for _, one in found for part in one]
        stems = [stem_term(part.written, language) for language, one in found for part in one]
        whole_forms = [whole and fold(whole) for _, whole in wholes]
        whole_stems = [whole and stem_term(whole, language) for language, whole in wholes]
        ids: dict[str | None, int] = {None: 0}
        ids.update(self.ids(filter(None, chain(forms, stems, whole_forms, whole_stems))))
        counts = [len(one) for _, one in found]
        self._first.extend(accumulate(counts[:-1], initial=len(self._forms)) if new else ())
        self._count.extend(counts)
        self._forms.extend(map(ids.__getitem__, forms))
        self._stems.extend(map(ids.__getitem__, stems))
        self._whole.extend(map(ids.__getitem__, whole_forms))
        self._whole_stem.extend(map(ids.__getitem__, whole_stems))
        new.clear()

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
