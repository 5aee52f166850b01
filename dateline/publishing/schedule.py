"""What becomes public, or stops being so, because time has come. The worker calls `run`."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from django.db import connection, models, transaction
from django.db.models import Min
from django.utils import timezone
from wagtail.models import Revision

from dateline.publishing import outbox, verbs
from dateline.publishing.models import Due, Heartbeat
from dateline.stories.models import State, Story

log = logging.getLogger(__name__)


def run() -> int:
    """Publish, release and expire all that is due; returns how many stories changed.

    Each story is a transaction of its own that claims it first, so that two workers, or one killed
    half-way and started again, publish it once. A story that cannot be published does not hold up
    the others: the reason goes to the log.
    """
    now = timezone.now()
    done = sum(_attempt(_publish, pk, now) for pk in _scheduled(now))
    done += sum(_attempt(_release, pk, now) for pk in _due(now))
    done += sum(_attempt(_expire, pk, now) for pk in _expired(now))
    Heartbeat.objects.update_or_create(name="schedule", defaults={"at": now})
    return done


def next_moment() -> datetime | None:
    """When the next scheduled story, release or expiry is due; None when nothing waits."""
    candidates = [
        _revisions().aggregate(at=Min("approved_go_live_at"))["at"],
        Due.objects.aggregate(at=Min("at"))["at"],
        _expiring().aggregate(at=Min("expire_at"))["at"],
    ]
    return min((moment for moment in candidates if moment), default=None)


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
    stories = _expiring().filter(expire_at__lte=now)
    return list(stories.order_by("expire_at").values_list("pk", flat=True))


def _expiring() -> models.QuerySet[Story]:
    stories: models.QuerySet[Story] = Story.objects.all()
    return stories.filter(state=State.PUBLISHED, expire_at__isnull=False)


def _attempt(step: Callable[[int, datetime], bool], pk: int, now: datetime) -> bool:
    try:
        with transaction.atomic():
            return step(pk, now)
    except Exception:
        log.exception("%s %s failed", step.__name__.strip("_"), pk)
        return False


def _publish(pk: int, now: datetime) -> bool:
    """Publish a revision whose approved time has come; unschedule it where that is refused."""
    story_pk = Revision.objects.values_list("object_id", flat=True).get(pk=pk)
    if _claim(int(story_pk)) is None:
        return False
    revision = Revision.objects.filter(pk=pk, approved_go_live_at__lte=now).first()
    if revision is None:
        return False
    try:
        with transaction.atomic():
            revision.publish(log_action="wagtail.publish.scheduled")
    except verbs.VerbError as refusal:
        log.warning("story %s was scheduled but not published: %s", story_pk, refusal)
        Revision.objects.filter(pk=pk).update(approved_go_live_at=None)
        return False
    return True


def _release(pk: int, now: datetime) -> bool:
    """Announce a story whose date or embargo has come."""
    if _claim(pk) is None or not Due.objects.filter(pk=pk, at__lte=now).delete()[0]:
        return False
    outbox.append([pk])
    return True


def _expire(pk: int, now: datetime) -> bool:
    story = _claim(pk)
    if story is None or not _expiring().filter(pk=pk, expire_at__lte=now).exists():
        return False
    story.unpublish(set_expired=True, log_action="wagtail.unpublish.scheduled")
    return True


def _claim(pk: int) -> Story | None:
    """The story, locked as the verbs lock it; None when it is gone or another worker has it."""
    skip = connection.features.has_select_for_update_skip_locked
    rows: models.QuerySet[Story] = Story.objects.filter(pk=pk)
    return rows.select_for_update(of=("self",), skip_locked=skip).first()
