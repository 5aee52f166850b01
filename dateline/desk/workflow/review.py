"""The one step between a draft and the public: somebody else of the office reads it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import CharField, QuerySet
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.forms import TaskStateCommentForm
from wagtail.models import Task, TaskState, Workflow, WorkflowContentType, WorkflowTask

from dateline.people import rights
from dateline.people.rights import Action
from dateline.publishing import checks
from dateline.publishing.verbs import VerbError
from dateline.stories.models import Story


class Refusal(TaskStateCommentForm):
    """What has to be changed, which the author reads on the desk and in the e-mail."""

    comment = forms.CharField(
        label=_("Comment"),
        widget=forms.Textarea({"rows": 2, "dir": "auto"}),
        error_messages={"required": _("Say what has to be changed: the author is told.")},
    )


class Review(Task):
    """Approval by anyone who may approve stories of the offices this one stands under.

    Wagtail's own task asks groups, which know no offices.
    """

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")

    def user_can_access_editor(self, obj: Story, user: Any) -> bool:
        return rights.may(user, Action.SEE, obj)

    def locked_for_user(self, obj: Story, user: Any) -> bool:
        """What is being read must not change under the reader's eyes."""
        return not rights.may(user, Action.APPROVE, obj)

    def user_can_lock(self, obj: Story, user: Any) -> bool:
        return rights.may(user, Action.APPROVE, obj)

    def user_can_unlock(self, obj: Story, user: Any) -> bool:
        return False

    def get_actions(self, obj: Story, user: Any) -> list[tuple[str, str, bool]]:
        """(name, label, whether a comment is asked for)."""
        if not rights.may(user, Action.APPROVE, obj):
            return []
        return [
            ("reject", gettext("Request changes"), True),
            ("approve", gettext("Approve"), False),
            ("approve", gettext("Approve with comment"), True),
        ]

    def get_form_for_action(self, action: str) -> Any:
        return Refusal if action == "reject" else super().get_form_for_action(action)

    def on_action(self, task_state: TaskState, user: Any, action_name: str, **kwargs: Any) -> None:
        """What is approved is the newest draft. Raises VerbError where that may not go out, and
        where a draft is sent back without a word.
        """
        if action_name == "approve":
            _point_at_the_newest(task_state, user)
            _check(task_state.revision.as_object())
        elif action_name == "reject" and not kwargs.get("comment", "").strip():
            raise VerbError(gettext("Say what has to be changed: the author is told."))
        super().on_action(task_state, user, action_name, **kwargs)

    def get_task_states_user_can_moderate(self, user: Any, **kwargs: Any) -> QuerySet[TaskState]:
        return awaiting(user).filter(task=self.task_ptr)

    @classmethod
    def get_description(cls) -> str:
        return gettext("Editors and chief editors of the story's offices can approve it")


def _point_at_the_newest(task_state: TaskState, user: Any) -> None:
    """Whoever approves from the form has saved what they read: Wagtail would look at the draft
    as it was submitted, and begin the review anew. What somebody else saved has yet to be read.
    """
    newest = task_state.workflow_state.content_object.get_latest_revision()
    if newest.pk == task_state.revision_id:
        return
    if newest.user_id != user.pk:
        raise VerbError(
            gettext("%(who)s has changed the story since it was submitted. Approve it in its form.")
            % {"who": newest.user or gettext("Somebody")}
        )
    task_state.revision = newest


def _check(draft: Story) -> None:
    if errors := checks.errors(draft):
        said = " ".join(error.message for error in errors)
        raise VerbError(gettext("Not yet: %(errors)s") % {"errors": said})
    if draft.go_live_at is not None and draft.go_live_at <= timezone.now():
        raise VerbError(
            gettext("The time to go live, %(time)s, has passed. Set another, or none.")
            % {"time": date_format(timezone.localtime(draft.go_live_at), "DATETIME_FORMAT")}
        )


def awaiting(user: Any) -> QuerySet[TaskState]:
    """The reviews in progress of stories that this person may approve."""
    mine = rights.offices(user, Action.APPROVE)
    states: QuerySet[TaskState] = TaskState.objects.filter(status=TaskState.STATUS_IN_PROGRESS)
    if mine is None:
        return states
    stories = Story.offices.through.objects.filter(office_id__in=mine)
    keys = stories.annotate(key=Cast("story_id", CharField())).values("key")
    return states.filter(revision__object_id__in=keys)


def create(using: str = "default") -> None:
    """The workflow of stories, where none was made yet; what is changed afterwards stays."""
    from django.contrib.contenttypes.models import ContentType

    story = ContentType.objects.db_manager(using).get_for_model(Story)
    if WorkflowContentType.objects.using(using).filter(content_type=story).exists():
        return
    if Workflow.objects.using(using).filter(name=NAME).exists():
        return
    task = Review.objects.using(using).create(name=NAME)
    workflow = Workflow.objects.using(using).create(name=NAME)
    WorkflowTask.objects.using(using).create(workflow=workflow, task=task, sort_order=0)
    WorkflowContentType.objects.using(using).create(workflow=workflow, content_type=story)


NAME = "Review"
