"""A deleted story is withdrawn, whichever door it left by: a verb, a bulk action, a cascade."""

from __future__ import annotations

from typing import Any

from django.db.models.signals import post_delete

from dateline.publishing import outbox
from dateline.stories.models import Story


def record(instance: Story, **_: Any) -> None:
    """Tell the outbox, in the transaction of the deletion."""
    outbox.append([instance.pk], withdraws=True)


def connect() -> None:
    """Listen to every deletion of a story."""
    post_delete.connect(record, sender=Story, dispatch_uid="publishing.deletions")
