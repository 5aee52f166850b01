"""What becomes public, or stops being so, because time has come. The worker calls `run`."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.contrib.contenttypes.models import ContentType
from django.db import connection, models, transaction
from django.db.models import Min
from django.db.models.functions import Cast
from django.utils import timezone
from wagtail.models import Revision

from dateline.publishing import outbox, verbs
from dateline.publishing.models import Due, Heartbeat
from dateline.stories.models import State, Story

log = logging.getLogger(__name__)

NAME = "schedule"
"""Of its heartbeat and its lock."""


@dataclass(frozen=True, slots=True)
class Task:
    """One thing that is due: which step, on which row, since when."""

    at: datetime
    step: str
    pk: int


@dataclass
class Outcome:
    """How many stories changed, what failed, and how late the latest was, in seconds."""

    done: int = 0
    lateness: float | None = None
    failed: list[Task] = field(default_factory=list)


def run(resting: Collection[Task] = ()) -> Outcome:
    """Publish, release and expire all that is due, in the order of its moments.

    Each story is a transaction of its own that claims it first, so that two workers, or one killed
    half-way and started again, publish it once. A story that cannot be published does not hold up
    the others: the reason goes to the log. Tasks that are `resting` are passed over.
    """
    outcome = Outcome()
    tasks = [task for task in due(timezone.now()) if task not in resting]
    releases = [task for task in tasks if task.step == "release"]
    if _release_together(releases, outcome):
        tasks = [task for task in tasks if task.step != "release"]
    for task in tasks:
        _attempt(task, outcome)
    kept = {} if outcome.lateness is None else {"lateness": outcome.lateness}
    Heartbeat.objects.update_or_create(name=NAME, defaults={"at": timezone.now(), **kept})
    return outcome


def stage(refused: set[int]) -> bool:
    """Prepare the next story that comes soon and is not public yet; whether there was one.

    It is published now, for readers from its moment on: what is left to do then is one row in the
    outbox, so that any number of stories may be due in the same second. The pages show it on the
    second even while the worker is away. A story readers see already waits for its moment, since
    they must go on seeing the old text. What cannot be prepared joins the `refused` (revisions) and
    is tried again at its moment, where a refusal is told to those it concerns.
    """
    now = timezone.now()
    hidden = Story.objects.filter(state__in=(State.DRAFT, State.UNPUBLISHED))
    keys = hidden.annotate(key=Cast("pk", models.CharField())).values("key")
    soon = _revisions().filter(approved_go_live_at__gt=now, approved_go_live_at__lte=now + AHEAD)
    first = soon.filter(object_id__in=keys).exclude(pk__in=refused)
    revision = first.order_by("approved_go_live_at", "pk").first()
    if revision is None:
        return False
    try:
        with transaction.atomic():
            _stage(revision)
    except Exception:
        log.exception("story %s could not be prepared for its moment", revision.object_id)
        refused.add(revision.pk)
    return True


def _stage(revision: Revision) -> None:
    story = _claim(int(revision.object_id))
    current = Revision.objects.filter(pk=revision.pk, approved_go_live_at__isnull=False).first()
    if story is None or current is None or story.state not in (State.DRAFT, State.UNPUBLISHED):
        return
    verbs.publish(
        story,
        revision=current,
        public_from=current.approved_go_live_at,
        log_action="wagtail.publish.scheduled",
    )


AHEAD = timedelta(seconds=60)
"""How long before its moment a story is prepared."""


def due(now: datetime) -> list[Task]:
    """All that should have happened by now, earliest first."""
    revisions = _revisions().filter(approved_go_live_at__lte=now)
    found = [
        *(("publish", *row) for row in revisions.values_list("pk", "approved_go_live_at")),
        *(("release", *row) for row in Due.objects.filter(at__lte=now).values_list("pk", "at")),
        *(
            ("expire", *row)
            for row in _expiring().filter(expire_at__lte=now).values_list("pk", "expire_at")
        ),
    ]
    tasks = [Task(at, step, pk) for step, pk, at in found]
    return sorted(tasks, key=lambda task: (task.at, task.step, task.pk))


def next_moment(after: datetime | None = None) -> datetime | None:
    """When the next scheduled story, release or expiry is due; None when nothing waits.

    With `after` only what comes later than that counts.
    """
    revisions, releases, expiring = _revisions(), Due.objects.all(), _expiring()
    if after is not None:
        revisions = revisions.filter(approved_go_live_at__gt=after)
        releases = releases.filter(at__gt=after)
        expiring = expiring.filter(expire_at__gt=after)
    candidates = [
        revisions.aggregate(at=Min("approved_go_live_at"))["at"],
        releases.aggregate(at=Min("at"))["at"],
        expiring.aggregate(at=Min("expire_at"))["at"],
    ]
    return min((moment for moment in candidates if moment), default=None)


def _revisions() -> models.QuerySet[Revision]:
    story = ContentType.objects.get_for_model(Story)
    revisions: models.QuerySet[Revision] = Revision.objects.filter(
        base_content_type=story, approved_go_live_at__isnull=False
    )
    return revisions


def _expiring() -> models.QuerySet[Story]:
    stories: models.QuerySet[Story] = Story.objects.all()
    return stories.filter(state=State.PUBLISHED, expire_at__isnull=False)


def _attempt(task: Task, outcome: Outcome) -> None:
    try:
        with transaction.atomic():
            done = _STEPS[task.step](task.pk, timezone.now())
    except Exception:
        log.exception("%s %s failed", task.step, task.pk)
        outcome.failed.append(task)
        return
    if done:
        outcome.done += 1
        late = (timezone.now() - task.at).total_seconds()
        outcome.lateness = max(outcome.lateness or 0.0, late)


def _release_together(tasks: list[Task], outcome: Outcome) -> bool:
    """Announce all in one transaction; False, and nothing done, where that fails."""
    try:
        with transaction.atomic():
            keys = [task.pk for task in tasks]
            skip = connection.features.has_select_for_update_skip_locked
            rows = Story.objects.filter(pk__in=keys).order_by("pk")
            free = {row.pk for row in rows.select_for_update(of=("self",), skip_locked=skip)}
            ready = Due.objects.filter(pk__in=free, at__lte=timezone.now())
            announced = sorted(ready.values_list("pk", flat=True))
            ready.delete()
            outbox.append(announced)
    except Exception:
        log.exception("what is due could not be announced together")
        return False
    late = [(timezone.now() - task.at).total_seconds() for task in tasks if task.pk in announced]
    outcome.done += len(late)
    outcome.lateness = max([*late, *filter(None, [outcome.lateness])], default=outcome.lateness)
    return True


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


_STEPS: dict[str, Callable[[int, datetime], bool]] = {
    "publish": _publish,
    "release": _release,
    "expire": _expire,
}
