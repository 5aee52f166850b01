"""Hearing of every draft that is saved, whoever saves it: the desk, the API, a verb."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models.signals import post_save
from wagtail.models import Revision

from dateline.stories.models import Story


def follow(receiver: Callable[[Revision], None], name: str) -> None:
    """Call the receiver after each draft of a story is saved or saved over; `name` is once each."""

    def saved(
        instance: Revision, update_fields: frozenset[str] | None = None, **_options: Any
    ) -> None:
        if update_fields and "content" not in update_fields:
            return
        if instance.content_type_id == ContentType.objects.get_for_model(Story).pk:
            receiver(instance)

    post_save.connect(saved, sender=Revision, dispatch_uid=name, weak=False)
