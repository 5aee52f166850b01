"""Whether this machine can serve readers now: what `/readyz` and the worker ask."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from dateline.archive import index
from dateline.archive.engines.base import EngineError
from dateline.operations import purging, standby
from dateline.publishing import schedule
from dateline.publishing.models import Change

PATIENCE = timedelta(seconds=60)
"""How old a change not yet indexed, a moment gone by or a sign of life of the worker may be."""

_migrated = False


def sign_of_life() -> Path:
    """The file this machine's worker touches, beside the index, which is this machine's too."""
    path: Path = settings.ARCHIVE_FILE
    return path.with_name("worker.alive")


def failing() -> list[str]:
    """The names of the checks that fail; empty when readers can be served.

    Names only: what exactly is wrong is for `dateline check`, not for whoever asks from outside.
    """
    if not _passes(_database):
        return ["database"]
    checks = {"migrations": is_migrated, "index": _index, "schedule": _schedule, "worker": _worker}
    return [name for name, check in checks.items() if not _passes(check)]


def notes() -> list[str]:
    """What is out of order and no reason to turn readers away: each a word and what it is about.

    `standby`: away, or behind; `purge HOST`: a cache that waits for longer than it should.
    """
    found = [f"purge {name}" for name in purging.late()]
    if standby.ALIAS in settings.DATABASES and standby.is_late(PATIENCE):
        found.append("standby")
    return found


def unapplied() -> list[str]:
    """The migrations the database still lacks, as "app.name"."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def is_migrated() -> bool:
    """Whether the database has this version's tables. A yes is remembered: it stays true."""
    global _migrated
    _migrated = _migrated or not unapplied()
    return _migrated


def _passes(check: Callable[[], bool]) -> bool:
    try:
        return check()
    except (DatabaseError, EngineError, OSError):
        return False


def _database() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return True


def _index() -> bool:
    """Whether the index can be read and has not fallen behind."""
    waiting = Change.objects.filter(sequence__gt=index.engine().cursor()).order_by("sequence")
    first = waiting.values_list("at", flat=True).first()
    return first is None or timezone.now() - first < PATIENCE


def _schedule() -> bool:
    """Whether what was due has been published."""
    due = schedule.next_moment()
    return due is None or timezone.now() - due < PATIENCE


def _worker() -> bool:
    return time.time() - sign_of_life().stat().st_mtime < PATIENCE.total_seconds()
