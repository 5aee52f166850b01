"""The outbox: an append-only list of what changed, in commit order.

Index, alerts, cache purging and whatever else follows the store read it with cursors of their own.
Readers may run twice and may crash anywhere; a reader behind the floor rebuilds.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.db import connection
from django.db.models import Max, Min
from django.utils import timezone

from dateline.publishing import datestamps
from dateline.publishing.models import Change, Subject

KEPT = timedelta(days=30)
"""How long a change is kept for followers that were away."""

_LOCK = 0x44617465  # "Date": any constant that nothing else in the database locks on


def append(
    stories: Iterable[int] = (), *, withdraws: bool = False, vocabulary: bool = False
) -> None:
    """Record that stories, or the vocabularies, changed. Must be a transaction's last statement.

    The number is drawn under a lock held until commit, so that sequence order is commit order and
    no cursor passes a row that was not yet visible. SQLite's single writer gives the same.
    """
    ids = list(stories)
    if not ids and not vocabulary:
        return
    if not connection.in_atomic_block:
        raise RuntimeError("outbox.append must run inside the transaction of the change it records")
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    # Read under the lock, so that a later change never carries an earlier time.
    now = timezone.now()
    rows = [Change(subject=Subject.STORY, story_id=pk, withdraws=withdraws, at=now) for pk in ids]
    if vocabulary:
        rows.append(Change(subject=Subject.VOCABULARY, at=now))
    Change.objects.bulk_create(rows, batch_size=5000)
    datestamps.mark(ids, now)


def after(cursor: int, limit: int) -> list[Change]:
    """The next changes after a cursor, oldest first."""
    return list(Change.objects.filter(sequence__gt=cursor).order_by("sequence")[:limit])


def head() -> int:
    """The last sequence number given out and still kept; 0 for an empty outbox."""
    return Change.objects.aggregate(last=Max("sequence"))["last"] or 0


def floor() -> int:
    """The cursor below which changes have been pruned: a follower behind it must rebuild."""
    first = Change.objects.aggregate(first=Min("sequence"))["first"]
    return (first - 1) if first else 0


def withdrawn_after(cursor: int) -> frozenset[int]:
    """Stories taken from the public by changes an index at `cursor` has not seen."""
    rows = Change.objects.filter(sequence__gt=cursor, withdraws=True)
    return frozenset(pk for pk in rows.values_list("story_id", flat=True) if pk is not None)


def prune() -> int:
    """Drop changes older than KEPT, always keeping the newest as the floor. Returns how many."""
    old = Change.objects.filter(at__lt=timezone.now() - KEPT, sequence__lt=head())
    return old.delete()[0]
