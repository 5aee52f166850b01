"""The schedule, kept on the second: a thread of the worker that wakes when something is due.

Nothing else is done on it, so that neither the index nor a slow receiver makes a story late.
"""

from __future__ import annotations

import logging
import threading
import time
from datetime import datetime

from django.db import Error, close_old_connections, connections
from django.utils import timezone

from dateline.operations import locks
from dateline.publishing import schedule
from dateline.publishing.schedule import Task

log = logging.getLogger(__name__)

LOOK = 0.25
"""Seconds between two looks at what is planned: how long a new plan stays unknown. A look takes
less than a millisecond."""
SETBACK = 10.0
"""Seconds something that failed rests, so that one bad story neither fills the log nor delays
others."""


class Clock:
    """Knows what failed of late, and when to look again."""

    def __init__(self) -> None:
        self._resting: dict[Task, float] = {}
        self._refused: set[int] = set()

    def start(self, stopping: threading.Event) -> threading.Thread:
        """Keep the schedule until `stopping`."""
        thread = threading.Thread(target=self._keep, args=(stopping,), name=schedule.NAME)
        thread.start()
        return thread

    def round(self) -> float:
        """Do what is due, if this is the machine that does; returns the seconds until the next."""
        now = time.monotonic()
        self._resting = {task: until for task, until in self._resting.items() if until > now}
        coming = schedule.next_moment()
        if coming is None or coming > timezone.now():
            if coming is not None and coming <= timezone.now() + schedule.AHEAD:
                with locks.alone(schedule.NAME) as mine:
                    if mine and schedule.stage(self._refused):
                        return 0.0
            return _until(coming)
        if any(task not in self._resting for task in schedule.due(timezone.now())):
            with locks.alone(schedule.NAME) as mine:
                if mine:
                    failed = schedule.run(self._resting.keys()).failed
                    self._resting |= dict.fromkeys(failed, time.monotonic() + SETBACK)
        return _until(schedule.next_moment(after=timezone.now()))

    def _keep(self, stopping: threading.Event) -> None:
        wait = 0.0
        try:
            while not stopping.wait(max(0.0, wait)):
                wait = self._safely()
        finally:
            connections.close_all()

    def _safely(self) -> float:
        try:
            close_old_connections()
            return self.round()
        except Error as error:
            log.warning("the database does not answer, trying again: %s", str(error).strip())
            connections.close_all()
        except Exception:
            log.exception("the schedule could not be looked at; trying again")
        return 1.0


def _until(coming: datetime | None) -> float:
    """Seconds until then, but never longer than to the next look."""
    return min(LOOK, (coming - timezone.now()).total_seconds()) if coming else LOOK
