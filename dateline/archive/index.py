"""The archive index of this process: opened once, shared by its threads."""

from __future__ import annotations

import threading
from zoneinfo import ZoneInfo

from django.conf import settings

from dateline.archive import facets
from dateline.archive.engines.base import Engine
from dateline.archive.engines.embedded import EmbeddedEngine
from dateline.vocabularies.snapshot import Snapshot

_lock = threading.Lock()
_engine: Engine | None = None
_families_stamp: int | None = None


def engine() -> Engine:
    """The engine on DATELINE_ARCHIVE; raises IndexUnusable where the file cannot be used."""
    global _engine
    if _engine is None:
        with _lock:
            if _engine is None:
                _engine = EmbeddedEngine(settings.ARCHIVE_FILE, ZoneInfo(settings.TIME_ZONE))
    return _engine


def engine_knowing(snapshot: Snapshot) -> Engine:
    """The engine, told of the hierarchies as this snapshot has them."""
    global _families_stamp
    opened = engine()
    if _families_stamp != snapshot.stamp:
        with _lock:
            opened.set_families(facets.families(snapshot))
            _families_stamp = snapshot.stamp
    return opened


def close() -> None:
    """Let go of the file: before it is replaced from outside, and between tests."""
    global _engine, _families_stamp
    with _lock:
        if _engine is not None:
            _engine.close()
        _engine, _families_stamp = None, None
