"""What approving a story does. Wagtail imports this while it is starting, hence imports below."""

from __future__ import annotations

from typing import Any

from django.utils import timezone


def approved(workflow_state: Any, user: Any = None) -> None:
    """Wagtail publishes what is approved; here it waits for somebody to publish it.

    A draft that names its time is scheduled by the approval: whoever approves has read it there.
    """
    from dateline.publishing import verbs

    revision = workflow_state.current_task_state.revision
    draft = revision.as_object()
    if draft.go_live_at is not None and draft.go_live_at > timezone.now():
        verbs.publish(draft, revision=revision, user=user)
