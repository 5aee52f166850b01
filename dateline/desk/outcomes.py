"""What a button of a story's form has done, in words: who reads it has left the form by then."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from wagtail.admin import messages
from wagtail.admin.utils import get_latest_str, get_user_display_name

from dateline.desk.moments import named
from dateline.publishing import visibility
from dateline.stories.models import Story


class OutcomeSaid:
    """Tells what became of the story, with a way to the page that readers now see."""

    request: HttpRequest
    object: Any
    form: Any
    expects_json_response: bool
    action: str
    workflow_action: str

    def get_success_message(self, instance: Any = None) -> str:
        said = self._said(instance or self.object)
        return said or str(super().get_success_message(instance))  # type: ignore[misc]

    def get_success_buttons(self) -> list[Any]:
        buttons: list[Any] = super().get_success_buttons()  # type: ignore[misc]
        story = Story.objects.get(pk=self.object.pk)
        if self.action == "publish" and visibility.is_listed(story):
            path = story.get_absolute_url()
            buttons.insert(0, messages.button(path, gettext("View on the site")))
        return buttons

    def form_invalid(self, form: Any) -> HttpResponse:
        """What is wrong with a time is said at once: its box is in a dialog, closed by now."""
        if not self.expects_json_response:
            for name in form.errors.keys() & {"go_live_at", "expire_at"}:
                told = " ".join(form.errors[name])
                messages.error(self.request, f"{form.fields[name].label}: {told}")
        return super().form_invalid(form)  # type: ignore[misc, no-any-return]

    def _said(self, draft: Story) -> str:
        if self.action == "publish":
            return published(draft)
        if self.action == "workflow-action":
            return reviewed(draft, self.workflow_action)
        changed = self.form.changed_data
        if self.action in ("create", "edit") and "go_live_at" in changed:
            return timed(draft)
        return ""


def published(draft: Story) -> str:
    """What publishing the draft came to: now, after an embargo, or at its time."""
    story = Story.objects.get(pk=draft.pk)
    known = {"headline": get_latest_str(draft)}
    if scheduled := story.scheduled_revision:
        at = named(scheduled.approved_go_live_at)
        return gettext("“%(headline)s” is scheduled. It goes live on %(at)s.") % {**known, "at": at}
    if story.visible_from and visibility.is_ahead(story):
        at = named(story.visible_from)
        said = gettext("“%(headline)s” is published, and hidden until %(at)s.")
        return said % {**known, "at": at}
    return gettext("“%(headline)s” is published.") % known


def reviewed(draft: Story, action: str) -> str:
    """What a reviewer's answer came to; "" for an answer that is none of ours."""
    story = Story.objects.get(pk=draft.pk)
    known = {"headline": get_latest_str(draft)}
    if action == "reject":
        author = getattr(story.current_workflow_state, "requested_by", None)
        who = get_user_display_name(author) if author else gettext("its author")
        return gettext("“%(headline)s” was sent back to %(name)s.") % {**known, "name": who}
    if action != "approve":
        return ""
    if scheduled := story.scheduled_revision:
        at = named(scheduled.approved_go_live_at)
        return gettext("“%(headline)s” is approved. It goes live on %(at)s.") % {**known, "at": at}
    if story.current_workflow_state:
        return gettext("“%(headline)s” is approved, and goes on to the next review.") % known
    return gettext("“%(headline)s” is approved. It can be published now.") % known


def timed(draft: Story) -> str:
    """What it means that a draft was given a time, or lost it."""
    known = {"headline": get_latest_str(draft)}
    if draft.go_live_at is None:
        return gettext("“%(headline)s” is saved, without a time to go live.") % known
    said = gettext("“%(headline)s” is saved. Once approved or published, it goes live on %(at)s.")
    return said % {**known, "at": named(draft.go_live_at)}
