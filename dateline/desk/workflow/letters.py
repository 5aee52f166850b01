"""Who is told of a story that waits for approval."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from wagtail.admin.mail import GroupApprovalTaskStateSubmissionEmailNotifier
from wagtail.admin.utils import get_admin_base_url, get_user_display_name
from wagtail.coreutils import get_locales_display_names
from wagtail.models import TaskState
from wagtail.signals import task_submitted

from dateline.desk.workflow.review import Review
from dateline.people import rights
from dateline.people.rights import Action
from dateline.stories.models import Story


class Submitted(GroupApprovalTaskStateSubmissionEmailNotifier):
    """A letter to those who may approve stories of these offices, as Wagtail sends them."""

    def get_template_set(self, instance: Any, **kwargs: Any) -> dict[str, str]:
        return {
            "subject": "desk/workflow/submitted_subject.txt",
            "text": "desk/workflow/submitted.txt",
        }

    def get_context(self, task_state: TaskState, **kwargs: Any) -> dict[str, Any]:
        story = task_state.revision.as_object()
        edit = reverse(Story.snippet_viewset.get_url_name("edit"), args=[story.pk])
        return {
            **super().get_context(task_state, **kwargs),
            "headline": story.headline,
            "by": get_user_display_name(task_state.workflow_state.requested_by),
            "offices": ", ".join(str(office) for office in story.offices.all()),
            "language": get_locales_display_names()[story.locale_id],
            "address": f"{get_admin_base_url()}{edit}",
            "preferences": f"{get_admin_base_url()}{reverse('wagtailadmin_account')}",
        }

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
