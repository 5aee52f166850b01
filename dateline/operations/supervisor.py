"""One parent for the web processes and the worker: starts them, restarts them, stops them.

It loads neither Django nor the site, so it stays small and outlives whatever goes wrong in them.
"""

from __future__ import annotations

import ctypes
import logging
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from types import FrameType

log = logging.getLogger(__name__)

GRACE = 30.0
"""Seconds the children have to finish what they are doing before they are killed."""
STEADY = 10.0
"""Seconds after which a child counts as having come up."""
LONGEST_WAIT = 30.0
ATTEMPTS = 6
"""How often in a row a child may end before it came up; then everything stops."""
MISCONFIGURED = 78
"""A child's exit status (EX_CONFIG of sysexits.h) that says: starting me again will not help."""

_TICK = 0.2
_PR_SET_PDEATHSIG = 1


@dataclass
class Child:
    """A process to keep running."""

    name: str
    command: Sequence[str]
    environment: dict[str, str] = field(default_factory=dict)
    descriptors: tuple[int, ...] = ()
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    failures: int = 0
    resume: float = 0.0
    """When it may be started next, on the monotonic clock."""

    def start(self, now: float) -> None:
        """Start it in a session of its own, so that a terminal's Ctrl-C reaches us alone."""
        self.started = now
        self.process = subprocess.Popen(  # noqa: S603 - the commands are this module's
            self.command,
            env={**os.environ, **self.environment},
            pass_fds=self.descriptors,
            start_new_session=True,
            preexec_fn=_end_with_parent if sys.platform == "linux" else None,
        )

    def ended(self, now: float) -> int | None:
        """The exit status if it has just ended; decides how long to wait before the next start."""
        status = self.process.poll() if self.process else None
        if status is None:
            return None
        self.process = None
        self.failures = 1 if now - self.started >= STEADY else self.failures + 1
        self.resume = now + min(2.0 ** (self.failures - 1), LONGEST_WAIT)
        return status


def listen(host: str, port: int) -> socket.socket:
    """A listening socket that survives the web processes; raises OSError where it cannot be had.

    Bound here, it is bound once: a taken port is known before anything starts, and while the web
    processes are started again, readers wait instead of being refused.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family, backlog=2048)


def site(listening: socket.socket, workers: int, threads: int) -> list[Child]:
    """The children that make up one machine's site."""
    descriptor = listening.fileno()
    # Locks that hold for all machines belong to a connection, which PgBouncer would share out.
    direct = os.environ.get("DATELINE_DATABASE_WORKER_URL", "")
    database = {"DATELINE_DATABASE_URL": direct} if direct else {}
    web = [sys.executable, "-m", "gunicorn", "--config", "python:dateline.operations.web"]
    return [
        Child(
            "web",
            [*web, "--bind", f"fd://{descriptor}", "dateline.wsgi:application"],
            {"DATELINE_WORKERS": str(workers), "DATELINE_THREADS": str(threads)},
            (descriptor,),
        ),
        Child("worker", [sys.executable, "-m", "dateline.cli", "work"], database),
    ]


class Supervisor:
    """Keeps the children running until SIGTERM or SIGINT, or until one cannot come up."""

    def __init__(self, children: Sequence[Child], ready: str = "") -> None:
        self.children = children
        self.ready = ready
        self.stopping = False

    def run(self) -> int:
        """The exit status: 0 when told to stop, 1 when a child could not be kept running."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        status = 0
        try:
            self._start_all()
            while not self.stopping and not status:
                status = sum(self._look_after(child, time.monotonic()) for child in self.children)
                time.sleep(_TICK)
        finally:
            self._end_all()
        return min(status, 1)

    def _start_all(self) -> None:
        for child in self.children:
            child.start(time.monotonic())
        if self.ready:
            sys.stderr.write(f"{self.ready}\n")

    def _stop(self, number: int, _frame: FrameType | None) -> None:
        self.stopping = True

    def _look_after(self, child: Child, now: float) -> int:
        """Start the child again if it ended; 1 when there is no point in trying further."""
        if child.process is None:
            if now >= child.resume:
                child.start(now)
            return 0
        status = child.ended(now)
        if status is None:
            return 0
        if status == MISCONFIGURED or child.failures >= ATTEMPTS:
            log.error("the %s does not come up (status %s): stopping", child.name, status)
            return 1
        wait = child.resume - now
        log.warning("the %s ended with status %s: starting it in %.0f s", child.name, status, wait)
        return 0

    def _end_all(self) -> None:
        """Ask all at once, wait for each, kill those that stay."""
        running = [child for child in self.children if child.process]
        for child in running:
            _signal(child, signal.SIGTERM)
        deadline = time.monotonic() + GRACE
        for child in running:
            try:
                child.process.wait(max(0.0, deadline - time.monotonic()))  # type: ignore[union-attr]
            except subprocess.TimeoutExpired:
                log.warning("the %s did not stop within %.0f s: killed", child.name, GRACE)
                _signal(child, signal.SIGKILL)


def _signal(child: Child, number: signal.Signals) -> None:
    """Signal a child; killing takes its whole session, so that no web process is left behind."""
    process = child.process
    if process is None or process.poll() is not None:
        return
    if number == signal.SIGKILL:
        os.killpg(process.pid, number)
        process.wait()
    else:
        process.send_signal(number)


def _end_with_parent() -> None:
    """Have Linux stop the child when the supervisor dies, even by SIGKILL (prctl(2))."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
