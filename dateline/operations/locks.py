"""Locks between processes: on a file for one machine, in the database for all of them.

Both end with the process that holds them, however it ends.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection

_SCHEDULE = 0x53636865  # "Sche": any constant that nothing else in the database locks on


@contextmanager
def on_file(path: Path, *, shared: bool = False, wait: bool = False) -> Iterator[bool]:
    """Hold a lock on a file (made if need be); yields False when another process has it."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        yield _taken(descriptor, fcntl.LOCK_SH if shared else fcntl.LOCK_EX, wait)
    finally:
        os.close(descriptor)


def _taken(descriptor: int, kind: int, wait: bool) -> bool:
    try:
        fcntl.flock(descriptor, kind if wait else kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def running(*, shared: bool) -> AbstractContextManager[bool]:
    """Shared by all who work on the data folder; alone for the restore that replaces it."""
    return on_file(settings.DATA / "running.lock", shared=shared)


@contextmanager
def schedule() -> Iterator[bool]:
    """For the one worker of all machines that publishes what is due."""
    if connection.vendor != "postgresql":
        with on_file(settings.DATA / "schedule.lock") as taken:
            yield taken
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_SCHEDULE])
        taken = bool(cursor.fetchone()[0])
    try:
        yield taken
    finally:
        if taken:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_SCHEDULE])
