"""What is forgotten by itself, and when (docs/alerts.md promises it)."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from dateline.alerts import consent, gathering, questions
from dateline.alerts.models import Announced, Delivery, Mail, MailState, Request

_AT_ONCE = 5000


def tidy() -> None:
    """Drop requests nobody confirmed, the record of what was sent long ago, what nobody asks."""
    now = timezone.now()
    Request.objects.filter(made_at__lt=now - consent.UNCONFIRMED).delete()
    kept = now - timedelta(days=settings.ALERTS_KEPT_DAYS)
    _prune(Delivery.objects.filter(waiting=False, due__lt=kept))
    over = Mail.objects.exclude(state__in=(MailState.WAITING, MailState.SENDING))
    _prune(over.filter(made_at__lt=kept, deliveries=None))
    # What is older is no news by its date; twice as long, since a date may be set to a later one.
    Announced.objects.filter(at__lt=now - max(gathering.RECENT * 2, timedelta(days=60))).delete()
    questions.forget_unasked()


def _prune(rows: QuerySet[Delivery] | QuerySet[Mail]) -> None:
    """In batches, so that no other writer waits for long."""
    while ids := list(rows.values_list("pk", flat=True)[:_AT_ONCE]):
        rows.model._default_manager.filter(pk__in=ids).delete()
