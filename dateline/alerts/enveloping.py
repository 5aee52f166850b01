"""What is due goes into mails: one for a subscriber, whatever and however many lists found it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from dateline.alerts.models import Delivery, Mail, Purpose, Standing

BATCH = 500
"""Deliveries looked at in one round; those of the same subscribers are taken along."""
MOST = 50
"""Stories in one mail; more make another one."""


def envelop() -> bool:
    """Make mails of what is due; True when there may be more."""
    now = timezone.now()
    first = list(_due(now).order_by("due", "pk").values_list("subscriber_id", flat=True)[:BATCH])
    if not first:
        return False
    due = _due(now).filter(subscriber__in=set(first)).order_by("subscriber_id", "due", "pk")
    with transaction.atomic():
        groups = list(_groups(due.select_for_update(of=("self",))))
        mails = [
            Mail(purpose=purpose, subscriber_id=group[0].subscriber_id, due=now, made_at=now)
            for purpose, group in groups
        ]
        Mail.objects.bulk_create(mails)
        for mail, (_, group) in zip(mails, groups, strict=True):
            for delivery in group:
                delivery.mail = mail
        Delivery.objects.bulk_update(
            [delivery for _, group in groups for delivery in group], ["mail"], batch_size=400
        )
    return len(first) == BATCH


def _due(now: datetime) -> QuerySet[Delivery]:
    return Delivery.objects.filter(
        waiting=True, mail=None, due__lte=now, subscriber__standing=Standing.ACTIVE
    )


def _groups(due: Iterable[Delivery]) -> Iterator[tuple[Purpose, list[Delivery]]]:
    """Each correction by itself, a subscriber's new stories together."""
    news: dict[int, list[Delivery]] = defaultdict(list)
    for delivery in due:
        if delivery.sequence:
            yield Purpose.CORRECTION, [delivery]
        else:
            news[delivery.subscriber_id].append(delivery)
    for stories in news.values():
        for start in range(0, len(stories), MOST):
            yield Purpose.STORIES, stories[start : start + MOST]
