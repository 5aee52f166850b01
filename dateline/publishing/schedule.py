"""What becomes public, or stops being so, because time has come. The worker calls `run`."""

from __future__ import annotations

from datetime import datetime
from typing import TypeVar

from django.contrib.contenttypes.models import ContentType
from django.db import connection, models, transaction
from django.utils import timezone
from wagtail.models import Revision

from dateline.publishing import outbox
from dateline.publishing.models import Due, Heartbeat
from dateline.stories.models import State, Story

_Row = TypeVar("_Row", bound=models.Model)


def run() -> int:
    """Publish, release and expire all that is due; returns how many stories changed.

    Each story is a transaction of its own that claims it first, so that two workers, or one killed
    half-way and started again, publish it once.
    """
    now = timezone.now()
    done = sum(_publish(pk, now) for pk in _scheduled(now))
    done += sum(_release(pk, now) for pk in _due(now))
    done += sum(_expire(pk, now) for pk in _expired(now))
    Heartbeat.objects.update_or_create(name="schedule", defaults={"at": now})
    return done


def next_moment() -> datetime | None:
    """When the next scheduled story, release or expiry is due; None when nothing waits."""
    now = timezone.now()
    candidates = [
        _revisions().order_by("approved_go_live_at").values_list("approved_go_live_at").first(),
        Due.objects.order_by("at").values_list("at").first(),
        Story.objects.filter(state=State.PUBLISHED, expire_at__gt=now)
        .order_by("expire_at")
        .values_list("expire_at")
        .first(),
    ]
    return min((row[0] for row in candidates if row), default=None)


def _revisions() -> models.QuerySet[Revision]:
    story = ContentType.objects.get_for_model(Story)
    revisions: models.QuerySet[Revision] = Revision.objects.filter(
        base_content_type=story, approved_go_live_at__isnull=False
    )
    return revisions


def _scheduled(now: datetime) -> list[int]:
    due = _revisions().filter(approved_go_live_at__lte=now).order_by("approved_go_live_at")
    return list(due.values_list("pk", flat=True))


def _due(now: datetime) -> list[int]:
    return list(Due.objects.filter(at__lte=now).order_by("at").values_list("pk", flat=True))


def _expired(now: datetime) -> list[int]:
    stories = Story.objects.filter(state=State.PUBLISHED, expire_at__lte=now)
    return list(stories.order_by("expire_at").values_list("pk", flat=True))


def _publish(pk: int, now: datetime) -> bool:
    with transaction.atomic():
        revision = _claim(Revision.objects.filter(pk=pk, approved_go_live_at__lte=now))
        if revision is None:
            return False
        revision.publish(log_action="wagtail.publish.scheduled")
    return True


def _release(pk: int, now: datetime) -> bool:
    with transaction.atomic():
        due = _claim(Due.objects.filter(pk=pk, at__lte=now))
        if due is None:
            return False
        due.delete()
        outbox.append([pk])
    return True


def _expire(pk: int, now: datetime) -> bool:
    with transaction.atomic():
        story = _claim(Story.objects.filter(pk=pk, state=State.PUBLISHED, expire_at__lte=now))
        if story is None:
            return False
        story.unpublish(set_expired=True, log_action="wagtail.unpublish.scheduled")
    return True


def _claim(rows: models.QuerySet[_Row]) -> _Row | None:
    """The row, locked; None when another worker has it or has already done it."""
    skip = connection.features.has_select_for_update_skip_locked
    return rows.select_for_update(of=("self",), skip_locked=skip).first()
