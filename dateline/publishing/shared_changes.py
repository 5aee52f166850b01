"""A changed contact, picture or document is a change of every public story that shows it."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models.signals import post_save, pre_delete
from wagtail.documents.models import Document

from dateline.publishing import outbox, visibility
from dateline.stories.models import Contact, Picture, Story

_MEASURED = {"file_size", "file_hash"}
"""What Wagtail measures and stores on the first reading of a file: nothing that changed."""

_USED_AS = {Contact: "contacts", Picture: "pictures__picture", Document: "documents__document"}


def record(
    sender: type[Any],
    instance: Contact | Picture | Document,
    created: bool = False,
    update_fields: frozenset[str] | None = None,
    **_: Any,
) -> None:
    """Tell the outbox, in the transaction of the change; drafts are nobody's news."""
    if created or (update_fields and update_fields <= _MEASURED):
        return
    stories = visibility.texts(Story.objects.filter(**{_USED_AS[sender]: instance}))
    with transaction.atomic():
        outbox.append(stories.order_by("pk").values_list("pk", flat=True).distinct())


def connect() -> None:
    """Listen to what stories share. A contact may be deleted while in use; the others may not."""
    for model in _USED_AS:
        post_save.connect(record, sender=model, dispatch_uid=f"shared {model.__name__}")
    pre_delete.connect(record, sender=Contact, dispatch_uid="shared contact deleted")
