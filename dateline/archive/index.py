"""The archive index of this process: opened once, shared by its threads.

DATELINE_SEARCH chooses the engine: an index file on each machine, or a cluster for all of them.
"""

from __future__ import annotations

import threading
from zoneinfo import ZoneInfo

from django.conf import settings

from dateline.archive import facets
from dateline.archive.engines.base import Engine, EngineError
from dateline.archive.engines.embedded import EmbeddedEngine
from dateline.vocabularies.snapshot import Snapshot

_lock = threading.Lock()
_engine: Engine | None = None
_families_stamp: int | None = None


def engine() -> Engine:
    """The engine chosen; raises EngineError, such as IndexUnusable, where it cannot be used."""
    global _engine
    if _engine is None:
        with _lock:
            if _engine is None:
                _engine = _chosen()
    return _engine


def is_shared() -> bool:
    """Whether the index is one for all machines, to be changed by one process at a time."""
    return bool(settings.SEARCH)


def _chosen() -> Engine:
    zone = ZoneInfo(settings.TIME_ZONE)
    if not is_shared():
        return EmbeddedEngine(settings.ARCHIVE_FILE, zone)
    # Its client takes a while to load, which whoever does without need not wait for.
    from dateline.archive.engines.opensearch import OpenSearchEngine
    from dateline.archive.engines.opensearch.address import Address

    try:
        return OpenSearchEngine(Address.read(settings.SEARCH), zone)
    except ValueError as error:
        raise EngineError(f"DATELINE_SEARCH: {error}") from error


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
