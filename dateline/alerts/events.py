"""What a mail service reports afterwards: bounces, complaints, and who left by its own button."""

from __future__ import annotations

from typing import Any

from anymail.signals import tracking

from dateline.alerts import membership, sending
from dateline.alerts.models import Subscriber

_LASTING = {"bounced", "invalid"}


def connect() -> None:
    """Listen to django-anymail, whichever service it speaks to."""
    tracking.connect(heard, dispatch_uid="dateline.alerts")


def heard(event: Any, **_: Any) -> None:
    """A bounce for good counts like a refusal; who complains or leaves is erased at once."""
    folded = membership.fold(event.recipient or "")
    subscriber = Subscriber.objects.filter(folded=folded).first()
    if subscriber is None:
        return
    if event.event_type in ("complained", "unsubscribed"):
        membership.leave(subscriber)
    elif event.event_type in ("bounced", "rejected"):
        sending.refused(subscriber.pk, nobody=event.reject_reason in _LASTING)
