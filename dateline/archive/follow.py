"""Keeping the index up to date: it follows the outbox with a cursor kept in its own file."""

from __future__ import annotations

import logging
from collections.abc import Callable

from dateline.archive import document
from dateline.archive.engines.base import Engine
from dateline.publishing import outbox
from dateline.publishing.models import Change, Subject

BATCH = 4000
log = logging.getLogger(__name__)


def catch_up(engine: Engine, limit: int | None = None) -> int:
    """Apply the changes the index has not seen; returns how many (at most `limit`, if given).

    Each batch is one transaction of the index, cursor included: a worker killed anywhere goes on
    where the last batch ended.
    """
    if is_astray(engine):
        log.warning("the index does not belong to this outbox's present: building it anew")
        rebuild(engine)
    done = 0
    while limit is None or done < limit:
        changes = outbox.after(engine.cursor(), BATCH)
        if not changes:
            break
        _apply(engine, list(changes))
        done += len(changes)
    return done


def _apply(engine: Engine, changes: list[Change]) -> None:
    ids = sorted({change.story_id for change in changes if change.story_id is not None})
    found = list(document.documents(ids))
    gone = set(ids) - {entry.id for entry in found}
    vocabulary = any(change.subject == Subject.VOCABULARY for change in changes)
    engine.apply(found, gone, changes[-1].sequence, vocabulary_changed=vocabulary)


def is_astray(engine: Engine) -> bool:
    """Whether changes were pruned before the index saw them, or an older store was put back."""
    cursor = engine.cursor()
    return cursor < outbox.floor() or cursor > outbox.head()


def rebuild(engine: Engine, progress: Callable[[int], None] | None = None) -> None:
    """Build the index anew from the store while the old one goes on answering.

    The cursor is read first: what changes during the build is applied afterwards, and applying a
    change twice is harmless. No transaction spans the build: it would keep every writer waiting.
    """
    engine.rebuild(document.every_document(), outbox.head(), progress)
