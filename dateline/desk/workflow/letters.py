"""Who is told of a story that waits for approval."""

from __future__ import annotations

from typing import Any

from wagtail.admin.mail import GroupApprovalTaskStateSubmissionEmailNotifier
from wagtail.models import TaskState
from wagtail.signals import task_submitted

from dateline.desk.workflow.review import Review
from dateline.people import rights
from dateline.people.rights import Action


class Submitted(GroupApprovalTaskStateSubmissionEmailNotifier):
    """Wagtail's letter, to those who may approve stories of these offices."""

    def can_handle(self, instance: Any, **kwargs: Any) -> bool:
        return isinstance(instance, TaskState) and isinstance(instance.task.specific, Review)

    def get_recipient_users(self, task_state: TaskState, **kwargs: Any) -> Any:
        story = task_state.workflow_state.content_object
        people = rights.those_who(Action.APPROVE, story)
        return people.exclude(pk=getattr(kwargs.get("user"), "pk", None))


_submitted = Submitted()


def listen() -> None:
    """Send the letter whenever a story is submitted."""
    task_submitted.connect(_submitted, sender=TaskState, dispatch_uid="desk.submitted")
