"""The embedded engine against plain loops over plain lists, under random changes and questions."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from brute_force import FAMILIES, ZONE, Oracle, document, edited, question
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from dateline.archive.engines.base import Document, Search
from dateline.archive.engines.embedded import EmbeddedEngine, columns, merging, postings, runs

chances = st.randoms(use_true_random=True)


class EngineMachine(RuleBasedStateMachine):
    """Writers and readers of one index, in any order of changes."""

    def __init__(self) -> None:
        super().__init__()
        self.patch = pytest.MonkeyPatch()
        # Blocks of eight slots, so that a dozen documents already fill several.
        self.patch.setattr(postings, "BLOCK_BITS", 3)
        self.patch.setattr(runs, "SHELF_BITS", 3)
        self.patch.setattr(columns, "SHELF_BITS", 3)
        self.patch.setattr(merging, "MANY", 2)
        self.patch.setattr(merging, "AT_ONCE", 7)
        self.folder = Path(tempfile.mkdtemp())
        self.writer, self.reader = self._engine(), self._engine()
        self.oracle = Oracle()
        self.cursor = 0
        self.asked: list[Search] = []

    def _engine(self) -> EmbeddedEngine:
        engine = EmbeddedEngine(self.folder / "archive.sqlite3", ZONE, late_limit=6, aside=False)
        engine.set_families(FAMILIES)
        return engine

    def teardown(self) -> None:
        self.writer.close()
        self.reader.close()
        shutil.rmtree(self.folder)
        self.patch.undo()

    @initialize(chance=chances, count=st.integers(0, 40))
    def begin(self, chance: Random, count: int) -> None:
        self.change([document(chance) for _ in range(count)], set())

    @rule(chance=chances, count=st.integers(0, 6))
    def add(self, chance: Random, count: int) -> None:
        removals = set(chance.sample(range(10, 130), k=chance.choice([0, 3])))
        self.change([document(chance) for _ in range(count)], removals)

    @rule(chance=chances, count=st.integers(1, 6))
    def edit(self, chance: Random, count: int) -> None:
        held = list(self.oracle.held.values())
        olds = chance.sample(held, k=min(count, len(held)))
        self.change([edited(chance, old) for old in olds], set())

    def change(self, puts: list[Document], removals: set[int]) -> None:
        self.cursor += 1
        self.writer.apply(puts, removals, self.cursor)
        self.oracle.held |= {d.id: d for d in puts}
        for removed in removals:
            self.oracle.held.pop(removed, None)

    @rule()
    def rebuild(self) -> None:
        self.cursor += 1
        self.writer.rebuild(iter(list(self.oracle.held.values())[::-1]), self.cursor)

    @rule()
    def reopen(self) -> None:
        self.reader.close()
        self.writer, self.reader = self._engine(), self.writer

    @invariant()
    def answers_rightly(self) -> None:
        chance = Random(self.cursor)
        for _ in range(20):
            self.check(question(chance))
        for one in self.asked:  # again, since what was remembered of them may be outdated
            self.check(one)
        self.asked = [question(chance) for _ in range(20)]
        for one in self.asked:
            self.check(one)

    def check(self, search: Search) -> None:
        result = self.reader.search(search)
        self.oracle.check(result, search)
        if search.sort == "relevance":
            whole = self.reader.search(replace(search, offset=0, size=1000)).ids
            assert result.ids == whole[search.offset : search.offset + search.size]

    @invariant()
    def holds_what_it_was_given(self) -> None:
        assert self.writer.cursor() == self.cursor
        held = {e.id: e.fingerprint for e in self.reader.documents()}
        assert held == {i: d.fingerprint() for i, d in self.oracle.held.items()}


TestEngine = EngineMachine.TestCase
TestEngine.settings = settings(
    max_examples=10,
    stateful_step_count=20,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
