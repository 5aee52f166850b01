"""The index as something that may be missing, damaged or behind: made good from the store."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable
from contextlib import suppress

from django.conf import settings

from dateline.archive import follow, index
from dateline.archive.engines.base import Engine, IndexUnusable

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
    """Build this machine's index anew from the store; readers keep the old one until it is done."""
    follow.rebuild(usable(), progress)


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
