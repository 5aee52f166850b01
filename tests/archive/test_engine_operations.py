"""A long life of an index: one process changes it and is killed at any moment, two others ask.

Which operation is which follows from its number alone, and the index's cursor is the number of the
last one: so whoever asks knows, by plain loops, what the state the index is in must answer.
"""

from __future__ import annotations

import os
import random
import signal
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random

import pytest
from brute_force import FAMILIES, INSTANTS, WORDS, ZONE, Oracle, document, question, text

from dateline.archive.engines.base import Document, Families, Search
from dateline.archive.engines.embedded import EmbeddedEngine

pytestmark = [pytest.mark.soak, pytest.mark.timeout(3600)]
WHOLE = os.environ.get("DATELINE_SOAK") == "full"
OPERATIONS = 100_000 if WHOLE else 2_000
LIFE = 3.0 if WHOLE else 1.0
"""Seconds a writer lives, in the mean."""
HELD, LATE_LIMIT = 250, 120
"""Stories held, about, and late ones from which the index is folded."""
KINDS = ("insert", "back-date", "re-date", "retag", "edit", "delete", "expire", "merge", "rebuild")
OFTEN = (30, 15, 10, 15, 15, 10, 4, 0.5, 0.3)
FORK = get_context("fork")
MERGED: tuple[Families, ...] = (
    FAMILIES,
    {"office": {"1": frozenset("14"), "5": frozenset("235")}, "topic": {"a": frozenset("ab")}},
    {"office": {"9": frozenset("12345")}},
)


@dataclass
class Life:
    """What the index must hold after so many operations, and what each one is."""

    seed: int
    done: int = 0
    oracle: Oracle = field(default_factory=Oracle)
    kinds: dict[str, int] = field(default_factory=dict)

    def next(self) -> tuple[str, list[Document], list[int]]:
        """Take the next step: its kind, what is put, and what is removed."""
        self.done += 1
        chance = Random(self.seed << 32 | self.done)
        kind = chance.choices(KINDS, OFTEN)[0]
        held = self.oracle.held
        if not held:
            kind = "insert"
        elif len(held) > HELD and kind == "insert":
            kind = "delete"
        puts, removals = self._step(kind, chance, list(held.values()))
        held |= {d.id: d for d in puts}
        for removed in removals:
            held.pop(removed, None)
        self.kinds[kind] = self.kinds.get(kind, 0) + 1
        return kind, puts, removals

    def _step(
        self, kind: str, chance: Random, held: list[Document]
    ) -> tuple[list[Document], list[int]]:
        if kind in {"insert", "back-date"}:
            return [self._new(chance, kind) for _ in range(chance.randint(1, 3))], []
        if kind == "merge":
            self.oracle.families = chance.choice(MERGED)
            return [], []
        if kind == "rebuild":
            return [], []
        some = chance.sample(held, k=min(len(held), chance.randint(1, 4)))
        if kind == "delete":
            return [], [d.id for d in some]
        return [_changed(kind, chance, d) for d in some], []

    def _new(self, chance: Random, kind: str) -> Document:
        made = document(chance)
        number = chance.randint(1, 10 * HELD)
        now = INSTANTS[0] + 60 * self.done
        return replace(
            made,
            id=number * 10 + sorted(WORDS).index(made.language),
            number=number,
            instant=made.instant if kind == "back-date" else now,
        )

    def advance(self, done: int) -> None:
        """Go on to this many operations."""
        while self.done < done:
            self.next()


def _changed(kind: str, chance: Random, d: Document) -> Document:
    match kind:
        case "re-date":
            return replace(d, instant=chance.choice(INSTANTS) + chance.randrange(1000))
        case "retag":
            return replace(d, facets=document(chance).facets | {"language": (d.language,)})
        case "expire":
            return replace(d, expires=chance.choice([None, 50, 100]))
    return replace(d, headline=text(chance, d.language), body=text(chance, d.language))


def _write(path: Path, life: Life, until: int) -> None:
    """Go on where the index is, to the end or to one's own."""
    engine = EmbeddedEngine(path, ZONE, late_limit=LATE_LIMIT)
    life.advance(engine.cursor())
    while life.done < until:
        kind, puts, removals = life.next()
        if kind == "rebuild":
            engine.rebuild(iter(life.oracle.held.values()), life.done)
        else:
            engine.apply(puts, removals, life.done, vocabulary_changed=kind == "merge")


def _read(path: Path, life: Life, until: int, seed: int, answer: Connection) -> None:
    """Ask, and compare with the state the index was in; says how often, or what was wrong."""
    engine = EmbeddedEngine(path, ZONE)
    chance = Random(seed)
    asked, states, families = 0, 0, None
    before: list[Search] = []
    while life.done < until:
        cursor = engine.cursor()
        states += cursor > life.done
        life.advance(cursor)
        if families is not life.oracle.families:
            families = life.oracle.families
            engine.set_families(families)
        again = chance.sample(before, k=min(2, len(before)))  # what is remembered may be outdated
        before = [question(chance) for _ in range(4)]
        for search in (*again, *before):
            result = engine.search(search)
            if engine.cursor() != cursor:
                break  # of which state the answer was, nobody can tell
            try:
                life.oracle.check(result, search)
            except AssertionError as error:
                answer.send(f"after {cursor} operations, {search}: {result}\n{error}")
                return
            asked += 1
    answer.send((asked, states))


def _started(run: Callable[..., None], *arguments: object):  # type: ignore[no-untyped-def]
    process = FORK.Process(target=run, args=arguments)
    process.start()
    return process


@pytest.mark.parametrize("seed", [1])
def test_no_answer_differs_whatever_is_done_and_killed(
    tmp_path: Path, seed: int, record_property: Callable[[str, object], None]
) -> None:
    path, life, chance = tmp_path / "archive.sqlite3", Life(seed), random.Random(seed)
    links = [FORK.Pipe(duplex=False) for _ in range(2)]
    readers = [
        _started(_read, path, Life(seed), OPERATIONS, seed + at, link[1])
        for at, link in enumerate(links)
    ]
    killed, generations = 0, set()
    while life.done < OPERATIONS and all(reader.is_alive() for reader in readers):
        writer = _started(_write, path, life, OPERATIONS)
        writer.join(chance.expovariate(1 / LIFE))
        if writer.is_alive():
            os.kill(writer.pid, signal.SIGKILL)
            killed += 1
        writer.join()
        generations.add(path.resolve())
        engine = EmbeddedEngine(path, ZONE)
        life.advance(engine.cursor())
        engine.close()
    for reader in readers:
        reader.join(60)
        reader.kill()
    outcomes = [link[0].recv() if link[0].poll() else "a reader died" for link in links]
    assert [outcome for outcome in outcomes if isinstance(outcome, str)] == []
    assert life.done == OPERATIONS
    record_property("operations", OPERATIONS)
    record_property("by kind", ", ".join(f"{n} {kind}" for kind, n in sorted(life.kinds.items())))
    record_property("writer killed", killed)
    record_property("answers compared", sum(asked for asked, _ in outcomes))
    record_property("states asked", sum(states for _, states in outcomes))
    assert killed
    _check_whole(path, life)


def _check_whole(path: Path, life: Life) -> None:
    """Everything the index holds, at the end, and that it finds itself sound."""
    engine = EmbeddedEngine(path, ZONE)
    held = {entry.id: entry.fingerprint for entry in engine.documents()}
    assert held == {d.id: d.fingerprint() for d in life.oracle.held.values()}
    assert list(engine.damage()) == []
    engine.close()
