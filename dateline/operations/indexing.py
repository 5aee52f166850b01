"""The index as something that may be missing, damaged or behind: made good from the store."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext, suppress
from pathlib import Path

from django.conf import settings

from dateline.archive import follow, index
from dateline.archive.engines.base import Engine, IndexUnusable
from dateline.operations import locks
from dateline.operations.refused import Refused

log = logging.getLogger(__name__)

BATCH = 1000
"""Changes applied at a time."""

Progress = Callable[[int], None]


def usable() -> Engine:
    """The engine on this machine's index file; a file that cannot be used is done away with.

    The index is made from the store and holds nothing else, so removing it loses nothing; the new
    one is empty and its cursor zero until it is rebuilt.
    """
    engine = index.engine()
    try:
        engine.cursor()
    except IndexUnusable as error:
        if index.is_shared():  # other machines may be of the version that can use it
            raise
        log.warning("%s It is removed.", error)
        remove()
        return index.engine()
    return engine


def remove() -> None:
    """Remove the index file with whatever belongs to it."""
    index.close()
    path = settings.ARCHIVE_FILE
    for left in (*path.parent.glob(f"{path.name}.*"), *path.parent.glob(f"{path.name}-*"), path):
        if left.suffix != ".lock":
            with suppress(FileNotFoundError):
                left.unlink()


def rebuild(progress: Progress | None = None) -> None:
    """Build the index anew from the store; readers keep the old one until it is done."""
    engine = index.engine()
    follow.rebuild(engine if index.is_shared() else usable(), progress)


def following() -> AbstractContextManager[bool]:
    """Yields whether this process is to keep the index up to date: one alone, of a shared one."""
    return locks.alone("index") if index.is_shared() else nullcontext(True)


def copy(target: Path) -> int:
    """Write a copy of this machine's index to a new file; returns the cursor it goes on from.

    Consistent while the worker writes: SQLite's backup reads one snapshot. The file gets its name
    when it is whole. Raises Refused where there is a file already, or no index to copy.
    """
    if index.is_shared():
        raise Refused("the index is in OpenSearch, for all machines; there is no file to copy.")
    if target.exists():
        raise Refused(f"{target} exists already; remove it, or name another file.")
    if not settings.ARCHIVE_FILE.exists():
        raise Refused(f"there is no index at {settings.ARCHIVE_FILE} yet: run `dateline reindex`.")
    index.engine().cursor()  # says what is wrong with a file that is no index
    partial = target.with_name(f"{target.name}.part")
    partial.unlink(missing_ok=True)
    source, copied = sqlite3.connect(settings.ARCHIVE_FILE), sqlite3.connect(partial)
    try:
        source.backup(copied)
        cursor = int(copied.execute("SELECT cursor FROM state").fetchone()[0])
    finally:
        source.close()
        copied.close()
    partial.replace(target)
    return cursor


def catch_up_fully() -> None:
    """Apply all changes there are."""
    while catch_up(BATCH, lambda _: None):
        pass


def catch_up(limit: int, progress: Progress) -> int:
    """Apply up to `limit` changes, or rebuild where that is the only way; returns how many."""
    try:
        if follow.is_astray(usable()):
            log.warning("the index and the store's list of changes have parted: building it anew")
            rebuild(progress)
        return follow.catch_up(index.engine(), limit)
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.OperationalError):  # a full disk: no fault of the file's
            raise
        log.warning("the index is damaged (%s): building it anew", error)
        remove()
        rebuild(progress)
        return 0
