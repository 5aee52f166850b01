"""The worker: keeps the index up to date and the schedule, drops what is no longer needed.

One thread and a handful of duties, each done every so often; the schedule has a thread of its own
(`dateline.operations.clock`), and so has what is sent out of the house (`couriers`). Any number of
workers may run on any number of machines: the index is this machine's own, and the schedule is
carried out under a lock.
"""

from __future__ import annotations

import logging
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from types import FrameType

from django.core.management import call_command
from django.db import Error, close_old_connections, connections

from dateline.alerts import tidying as alerts
from dateline.desk.audit import tidying as audit
from dateline.desk.drafts import models as drafts
from dateline.embargo import tidying as embargo
from dateline.operations import couriers, indexing, locks, readiness
from dateline.operations.clock import Clock
from dateline.operations.supervisor import MISCONFIGURED
from dateline.publishing import links, outbox, schedule
from dateline.webhooks import delivery as webhooks

log = logging.getLogger(__name__)

TICK = 0.02
"""Seconds between two looks at the outbox: what a reader waits for a published story, at most,
besides the indexing. A look takes a fifth of a millisecond."""
SETBACK = 10.0
"""Seconds a duty rests after it failed, so that one bad story does not fill the log."""


@dataclass
class Duty:
    """Something done every so many seconds."""

    name: str
    every: float
    perform: Callable[[], None]
    due: float = 0.0

    def __call__(self, now: float) -> None:
        """Perform the duty if its time has come. What fails is tried again, a little later."""
        if now < self.due:
            return
        self.due = now + self.every
        try:
            self.perform()
        except Error:
            raise
        except Exception:
            log.exception("%s failed; trying again in %.0f s", self.name, SETBACK)
            self.due = now + SETBACK


class Worker:
    """Performs its duties until SIGTERM or SIGINT."""

    def __init__(self) -> None:
        self.stopping = threading.Event()
        self.applied = -1
        self.duties = (
            Duty("following the outbox", TICK, self._follow),
            Duty("giving a sign of life", 5.0, _give_sign),
            Duty("tidying", 3600.0, _tidy),
        )

    def run(self) -> int:
        """Work; the exit status tells the supervisor whether starting again makes sense."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        with locks.running(shared=True) as free:
            if not free:
                log.error("a restore is replacing this newsroom: the worker does not start")
                return MISCONFIGURED
            if not self._await_database():
                return MISCONFIGURED
            threads = [
                Clock().start(self.stopping),
                *couriers.start(self.stopping, couriers.COURIERS),
            ]
            self._work()
            for thread in threads:
                thread.join()
        return 0

    def _work(self) -> None:
        wait = TICK
        while not self.stopping.wait(wait):
            wait = TICK if self._step() else min(wait * 2, SETBACK)

    def _step(self) -> bool:
        """One round of duties; False when the database is away."""
        try:
            close_old_connections()
            for duty in self.duties:
                duty(time.monotonic())
        except Error as error:
            log.warning("the database does not answer, trying again: %s", str(error).strip())
            connections.close_all()
            return False
        return True

    def _await_database(self) -> bool:
        """Wait for the database to answer; False when it lacks this version's tables."""
        wait = TICK
        while not self.stopping.is_set():
            try:
                missing = readiness.unapplied()
            except Error as error:
                log.warning("the database does not answer, trying again: %s", str(error).strip())
                connections.close_all()
                self.stopping.wait(wait := min(wait * 2, SETBACK))
                continue
            if missing:
                log.error("the database is not of this version; run `dateline prepare` first")
            return not missing
        return True

    def _follow(self) -> None:
        """Bring the index up to date. One cheap query while nothing has changed."""
        head = outbox.head()
        if head == self.applied:
            return
        with indexing.following() as mine:
            if mine and indexing.catch_up(indexing.BATCH, lambda _: _give_sign()) < indexing.BATCH:
                self.applied = head

    def _stop(self, number: int, _frame: FrameType | None) -> None:
        self.stopping.set()


def once() -> int:
    """Do all that is due now, then end with status 0."""
    with locks.alone(schedule.NAME) as mine:
        if mine:
            schedule.run()
    with indexing.following() as mine:
        if mine:
            indexing.catch_up_fully()
    couriers.once()
    _tidy()
    return 0


def _give_sign() -> None:
    readiness.sign_of_life().touch()


def _tidy() -> None:
    """Drop what nobody will ask for again."""
    outbox.prune()
    webhooks.tidy()
    alerts.tidy()
    audit.tidy()
    drafts.tidy()
    embargo.tidy()
    links.tidy()
    call_command("clearsessions")
