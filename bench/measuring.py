"""Timing peers side by side, each in a process of its own, one at a time.

The driver goes through the kinds of question in several rounds. In each it asks one peer after
another, in an order drawn anew, the same questions in the same order; the time is taken within the
peer's process around each answer. So no two peers ever work at the same time, what disturbs the
machine disturbs all alike, and each has its memory to itself.

A later turn begins with some untimed questions (`WARMING`), the same for all. The first round has
none and is kept apart ("first touch": the first time a process is asked this) and its
answers are compared. A kind's time is capped for slow peers: they answer fewer of the questions
and take part in fewer rounds, and the results say how many answers were timed.
"""

from __future__ import annotations

import gc
import random
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from bench import machine, peers
from bench.peers.base import Answer, Peer, Unavailable
from bench.synthetic import Question

ROUNDS = 5
"""Rounds after the first one."""
CAP = 4.0
"""Seconds a peer may take for a kind in the first round; two thirds more in all later ones."""
FEWEST = 5
"""Answers of each kind that are timed nevertheless, within `PATIENCE` times the cap."""
WARMING = 0.5
"""Seconds of untimed questions at the beginning of a later turn, at most one pass: systems page out
what nobody touched while the others had their turns, which a server in use never knows. What a cold
start costs is the first round's figure."""
PATIENCE = 2.5


@dataclass
class Opened:
    """What opening took: seconds to the first answer, MB over the idle process and in servers."""

    seconds: float
    own_mb: float
    mapped_mb: float
    servers_mb: float


@dataclass
class Timed:
    """The times of one peer's answers to one kind, in seconds: at first, and in later rounds."""

    first: list[float] = field(default_factory=list)
    later: list[float] = field(default_factory=list)

    def summary(self) -> dict[str, float | int]:
        """Percentiles in milliseconds; of the first round where time ended before another one."""
        counted = self.later or self.first
        return {
            "n": len(counted),
            "p50": percentile(counted, 50),
            "p95": percentile(counted, 95),
            "worst": percentile(counted, 100),
            "first_n": len(self.first),
            "first_p50": percentile(self.first, 50),
            "first_p95": percentile(self.first, 95),
        }


def percentile(seconds: Sequence[float], share: float) -> float:
    """The smallest time, in milliseconds, that `share` of 100 answers do not exceed."""
    ordered = sorted(seconds)
    at = max(0, -(-len(ordered) * share // 100) - 1)
    return round(ordered[int(at)] * 1000, 4)


class Contestant:
    """A peer in its own process; `label` tells two of the same kind apart."""

    def __init__(self, key: str, folder: Path, label: str = "") -> None:
        self.label, self.peer = label or key, peers.find(key)
        self.times: dict[str, Timed] = {}
        self.after: Opened | None = None
        self.failed = ""
        context = get_context("spawn")
        self._pipe, there = context.Pipe()
        self._process = context.Process(target=_serve, args=(key, folder, there), daemon=False)
        self._process.start()
        there.close()

    def open(self) -> Opened:
        """Open the index and have it answer for the first time."""
        opened: Opened = self._ask("open")
        return opened

    def can(self, kind: str) -> bool:
        """Whether it can be asked this."""
        return kind in self.peer.kinds and not self.failed

    def first(self, kind: str, questions: Sequence[Question], cap: float) -> list[Answer]:
        """Ask for the first time; the answers. One that fails is asked no more."""
        try:
            answers, seconds = self._ask("answer", questions, cap, True)
        except Unavailable as reason:
            self.failed = str(reason)
            return []
        self.times[kind] = Timed(seconds)
        return list(answers)

    def again(self, kind: str, questions: Sequence[Question], cap: float) -> None:
        """Ask once more, unless this kind's time is used up."""
        timed = self.times[kind]
        left = cap * 5 / 3 - sum(timed.later)
        if left > 0 and not (sum(timed.first) > cap and len(timed.later) >= FEWEST):
            timed.later += self._ask("answer", questions, min(cap, left), False, WARMING)[1]

    def memory(self) -> Opened:
        """The memory after all those questions (its `seconds` say nothing)."""
        held: Opened = self._ask("memory")
        return held

    def close(self) -> None:
        """End the process."""
        self._pipe.send(None)
        self._process.join(60)
        if self._process.is_alive():
            self._process.kill()

    def _ask(self, *request: Any) -> Any:
        self._pipe.send(request)
        try:
            outcome = self._pipe.recv()
        except EOFError:
            raise Unavailable("its process ended") from None
        if isinstance(outcome, str):
            raise Unavailable(outcome)
        return outcome


def _serve(key: str, folder: Path, pipe: Connection) -> None:
    peer = peers.find(key)(folder)
    gc.collect()
    idle = machine.own_memory()
    requests: dict[str, Callable[..., Any]] = {
        "open": lambda: _open(peer, idle),
        "answer": lambda *request: _answer(peer, *request),
        "memory": lambda: _memory(peer, idle, 0.0),
    }
    try:
        while request := pipe.recv():
            name, *arguments = request
            try:
                pipe.send(requests[name](*arguments))
            except Exception as error:
                traceback.print_exc()
                pipe.send(f"{type(error).__name__}: {error}")
    finally:
        peer.stop()


def _open(peer: Peer, idle: dict[str, float]) -> Opened:
    peer.start()
    began = time.perf_counter()
    peer.open()
    peer.answer(Question("match all"))
    return _memory(peer, idle, time.perf_counter() - began)


def _memory(peer: Peer, idle: dict[str, float], seconds: float) -> Opened:
    gc.collect()
    now = machine.own_memory()
    return Opened(
        seconds,
        now["own"] - idle["own"],
        now["mapped"] - idle["mapped"],
        machine.shared_memory(peer.servers()),
    )


def _answer(
    peer: Peer, questions: Sequence[Question], cap: float, wanted: bool, warming: float = 0.0
) -> tuple[list[Answer], list[float]]:
    _warm(peer, questions, time.perf_counter() + warming)
    answers: list[Answer] = []
    seconds: list[float] = []
    spent = 0.0
    for question in questions:
        if spent > cap and (len(seconds) >= FEWEST or spent > PATIENCE * cap):
            break
        began = time.perf_counter()
        answer = peer.answer(question)
        seconds.append(time.perf_counter() - began)
        spent += seconds[-1]
        if wanted:
            answers.append(answer)
    return answers, seconds


def _warm(peer: Peer, questions: Sequence[Question], until: float) -> None:
    for question in questions:
        if time.perf_counter() >= until:
            break
        peer.answer(question)


def run(
    contestants: Sequence[Contestant],
    questions: Sequence[Question],
    *,
    rounds: int = ROUNDS,
    cap: float = CAP,
    seed: int = 5,
    heard: Callable[[str, dict[str, list[Answer]], Sequence[Question]], None] | None = None,
) -> None:
    """Time them all; `heard(kind, answers by peer, questions)` gets the first round's answers."""
    draw = random.Random(seed)
    kinds = list(dict.fromkeys(question.kind for question in questions))
    by_kind = {kind: [one for one in questions if one.kind == kind] for kind in kinds}
    for asked in by_kind.values():
        draw.shuffle(asked)
    for kind, asked in by_kind.items():
        able = [one for one in contestants if one.can(kind)]
        answers = {one.label: one.first(kind, asked, cap) for one in draw.sample(able, len(able))}
        if heard:
            heard(kind, answers, asked)
    for _ in range(rounds):
        for kind in draw.sample(kinds, len(kinds)):
            asked = draw.sample(by_kind[kind], len(by_kind[kind]))
            able = [one for one in contestants if one.can(kind)]
            for one in draw.sample(able, len(able)):
                one.again(kind, asked, cap)
