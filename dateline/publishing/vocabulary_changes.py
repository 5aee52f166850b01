"""A changed vocabulary is recorded like a changed story: a new stamp and a row in the outbox."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models.signals import m2m_changed, post_delete, post_save, pre_delete

from dateline.publishing import outbox
from dateline.vocabularies import snapshot
from dateline.vocabularies.models import (
    TERMS,
    GenreName,
    Office,
    OfficeAbout,
    OfficeName,
    Topic,
    TopicAbout,
    TopicName,
)


def record(**_: Any) -> None:
    """Raise the stamp and tell the outbox, in the transaction of the change."""
    with transaction.atomic():
        snapshot.touch()
        outbox.append(vocabulary=True)


def record_stories(instance: Office | Topic, **_: Any) -> None:
    """Before a term is deleted: the stories filed under it will read differently."""
    outbox.append(instance.stories.values_list("pk", flat=True))


def connect() -> None:
    """Listen to every model that makes up a vocabulary. Bulk writers call `record` themselves."""
    for model in (*TERMS, OfficeName, TopicName, GenreName, OfficeAbout, TopicAbout):
        for signal in (post_save, post_delete):
            signal.connect(record, sender=model, dispatch_uid=f"vocabulary {model.__name__}")
    for model in (Office, Topic):
        pre_delete.connect(record_stories, sender=model, dispatch_uid=f"filed {model.__name__}")
        m2m_changed.connect(
            record, sender=model.successors.through, dispatch_uid=f"successors {model.__name__}"
        )
