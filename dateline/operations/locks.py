"""Locks between processes: on a file for one machine, in the database for all of them.

Both end with the process that holds them, however it ends.
"""

from __future__ import annotations

import fcntl
import os
import zlib
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection


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
def alone(name: str) -> Iterator[bool]:
    """For the one process of all machines that does what `name` says; False: another does it."""
    if connection.vendor != "postgresql":
        with on_file(settings.DATA / f"{name.replace(' ', '-')}.lock") as taken:
            yield taken
        return
    key = zlib.crc32(f"dateline {name}".encode())
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [key])
        taken = bool(cursor.fetchone()[0])
    try:
        yield taken
    finally:
        if taken:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [key])
