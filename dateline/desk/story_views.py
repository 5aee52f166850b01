"""The pages of one story at the desk, ending in the verbs and never in an error page."""

from __future__ import annotations

from typing import Any

from django.contrib.admin.utils import quote
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext
from wagtail.admin import messages
from wagtail.admin.ui.components import MediaContainer
from wagtail.admin.views.generic import RevisionsRevertMixin
from wagtail.admin.widgets.button import Button
from wagtail.models import Locale, TaskState
from wagtail.snippets.views import snippets

from dateline.desk import outcomes, withdrawn
from dateline.desk.findings import FindingsPanel
from dateline.desk.notes import views as notes
from dateline.desk.outcomes import OutcomeSaid
from dateline.desk.overtaken import Overtaken, refuse_overtaken, said
from dateline.desk.translations.views import original
from dateline.desk.verb_views import VERBS
from dateline.people import rights
from dateline.people.rights import Action
from dateline.publishing import checks, verbs, visibility
from dateline.stories.models import State, Story

READ_AS_WITHDRAWN = (State.RETRACTED, State.OUT_OF_DATE)
"""States in which a story is not live, and yet readers see something of it."""


class RefusalShown:
    """A verb's refusal is a message above the form; the draft is saved by then.

    So is what the checks find: errors keep it from going out, warnings go along.
    """

    def run_action_method(self) -> HttpResponse | None:
        try:
            self._check()
            response: HttpResponse | None = super().run_action_method()  # type: ignore[misc]
        except verbs.VerbError as refusal:
            messages.error(self.request, str(refusal))  # type: ignore[attr-defined]
            return HttpResponseRedirect(self.get_edit_url())  # type: ignore[attr-defined]
        return response

    def _check(self) -> None:
        if self.action not in ("publish", "submit"):  # type: ignore[attr-defined]
            return
        found = checks.findings(self.object.get_latest_revision_as_object())  # type: ignore[attr-defined]
        if errors := [finding.message for finding in found if finding.level == "error"]:
            raise verbs.VerbError(gettext("Not yet: %(errors)s") % {"errors": " ".join(errors)})
        if found:
            said = " ".join(finding.message for finding in found)
            messages.warning(self.request, said)  # type: ignore[attr-defined]


class StoryCreateView(RefusalShown, OutcomeSaid, snippets.CreateView):
    """A new story in one language."""

    def get_side_panels(self) -> Any:
        return MediaContainer(
            [*super().get_side_panels(), FindingsPanel(self.form.instance, self.request)]
        )

    def get_preview_url(self) -> str:
        """Wagtail's forgets the language, and a page without one cannot be shown."""
        return str(self._set_locale_query_param(super().get_preview_url()))


class StoryEditView(RefusalShown, OutcomeSaid, snippets.EditView):
    """A story's draft, with the buttons for what its state and the person's role allow."""

    def user_has_permission(self, permission: str) -> bool:
        """Wagtail asks about stories in general; what counts is this one."""
        story = self.live_object
        return bool(
            super().user_has_permission(permission)
            and self.user_has_permission_for_instance(permission, story)
        )

    def save_instance(self) -> Story:
        self.take_own()
        if self.form.instance.state in READ_AS_WITHDRAWN:
            return self.save_draft_alone()
        saved: Story = super().save_instance()
        return saved

    def form_valid(self, form: Any) -> HttpResponse:
        """Who saves second gets their form back, with what they typed and who came first."""
        try:
            response: HttpResponse = super().form_valid(form)
        except Overtaken as first:
            self.produced_error_code = "invalid_revision"
            self.produced_error_message = said(form, first.newest, self._ways_on(first))
            self.object.latest_revision = first.newest  # the next attempt knows of it
            for name in ("latest_revision", "latest_revision_created_at"):
                self.__dict__.pop(name, None)
            return self.form_invalid(form)
        return response

    def _ways_on(self, first: Overtaken) -> list[tuple[str, str]]:
        ways = [(self.get_edit_url(), gettext("Take theirs, drop mine"))]
        if first.opened is not None:
            compare = f"{Story.snippet_viewset.url_namespace}:revisions_compare"
            given = [self.object.pk, first.opened.pk, first.newest.pk]
            ways.insert(0, (reverse(compare, args=given), gettext("See what they changed")))
        return ways

    def save_draft_alone(self) -> Story:
        """Wagtail writes the draft of a story not live onto the story itself.

        Readers still see a retracted one's headline, and the text of one that is out of date.
        """
        story: Story = self.form.save(commit=False)
        self.new_revision = story.save_revision(
            user=self.request.user,
            log_action=True,
            clean=not self.saving_as_draft,
            overwrite_revision=self.overwrite_revision,
        )
        return story

    def take_own(self) -> None:
        """Put the draft onto the story as it is now, until the transaction ends.

        The form was filled from an older reading; saving that one whole would undo whatever a
        verb has done to the story since.
        """
        current = verbs.locked(self.form.instance)
        refuse_overtaken(self.form, self.request, current.latest_revision)
        for name in (*Story.OWN, *Story.PUBLICATION, "live", "first_published_at"):
            setattr(self.form.instance, name, getattr(current, name))

    def get_success_json(self) -> dict[str, Any]:
        """What a form that saved by itself hears: its buttons begin from that draft from now on."""
        result: dict[str, Any] = super().get_success_json()
        newest = Story.objects.select_related("latest_revision").get(pk=self.object.pk)
        if draft := newest.latest_revision:
            result["field_updates"]["loaded_revision_id"] = draft.pk
            result["field_updates"]["loaded_revision_created_at"] = draft.created_at.isoformat()
        return result

    def get_side_panels(self) -> Any:
        return MediaContainer(
            [*super().get_side_panels(), FindingsPanel(self.object, self.request)]
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        story = self.live_object
        endings = withdrawn.endings(story, original(story), self.request.user)
        return super().get_context_data(endings=list(endings), **kwargs)  # type: ignore[no-any-return]

    @cached_property
    def can_delete(self) -> bool:
        return self.live_object.number is None and bool(super().can_delete)

    @cached_property
    def header_more_buttons(self) -> list[Button]:
        buttons = list(super().header_more_buttons)
        if self.live_object.state in visibility.READABLE:
            buttons.append(
                Button(
                    gettext("View on the site"),
                    url=self.live_object.get_absolute_url(),
                    icon_name="view",
                    priority=1,
                )
            )
        buttons += [
            self._verb_button(verb)
            for verb in VERBS
            if verb.suits(self.live_object)
            and rights.may(self.request.user, verb.action, self.live_object)
        ]
        if visibility.is_ahead(self.live_object) and rights.may(
            self.request.user, Action.SHARE, self.live_object
        ):
            ahead = reverse("embargo_readers", args=[self.live_object.pk])
            buttons.append(Button(gettext("Show ahead"), url=ahead, icon_name="view", priority=6))
        if rights.may(self.request.user, Action.TRANSLATE, self.live_object):
            buttons += self._translate_buttons()
        buttons.append(notes.button(self.live_object))
        languages = reverse("desk_translations", args=[self.live_object.pk])
        buttons.append(
            Button(gettext("Translations"), url=languages, icon_name="globe", priority=4)
        )
        return buttons

    def _verb_button(self, verb: Any) -> Button:
        url = reverse(f"{Story.snippet_viewset.url_namespace}:{verb.name}", args=[self.object.pk])
        return Button(verb.button, url=url, icon_name=verb.icon, priority=verb.priority)

    def _translate_buttons(self) -> list[Button]:
        there = self.object.get_translations(inclusive=True).values("locale")
        if not Locale.objects.exclude(pk__in=there).exists():
            return []
        url = reverse(
            "simple_translation:submit_snippet_translation",
            args=[Story._meta.app_label, Story._meta.model_name, quote(self.object.pk)],
        )
        return [Button(gettext("Translate"), url=url, icon_name="globe", priority=5)]


class StoryRevertView(RevisionsRevertMixin, StoryEditView):
    """An older draft made the newest again."""

    view_name = "revisions_revert"

    def save_instance(self) -> Story:
        self.take_own()
        if self.form.instance.state in READ_AS_WITHDRAWN:
            return self.save_draft_alone()
        saved: Story = super().save_instance()
        return saved


class StoryDeleteView(snippets.DeleteView):
    """Drafts may go. An address that was public must keep answering."""

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.object.number is not None:
            messages.error(
                request,
                gettext(
                    "This story was public, so its address must keep answering. "
                    "Unpublish, retract or kill it instead."
                ),
            )
            return redirect(self.edit_url_name, self.object.pk)
        response: HttpResponse = super().dispatch(request, *args, **kwargs)
        return response


class StoryUnpublishView(snippets.UnpublishView):
    """Wagtail's page; the verb instead of Wagtail's action, which no model can override."""

    def unpublish(self) -> None:
        verbs.unpublish(self.object, user=self.request.user)


class StoryPreviewOnCreate(snippets.PreviewOnCreateView):
    """The page of a story not yet saved, in the language it is being written in."""

    def get_object(self) -> Story:
        language = self.request.GET.get("locale")
        locale = (
            get_object_or_404(Locale, language_code=language) if language else Locale.get_default()
        )
        return Story(locale=locale)


class StoryWorkflowAction(snippets.WorkflowActionView):
    """Approval and rejection from the dashboard."""

    def post(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            response: HttpResponse = super().post(request, *args, **kwargs)
        except verbs.VerbError as refusal:
            messages.error(request, str(refusal))
            return redirect(Story.snippet_viewset.get_url_name("edit"), self.object.pk)
        self.task_state.refresh_from_db()
        if self.task_state.status != TaskState.STATUS_IN_PROGRESS:
            messages.success(request, outcomes.reviewed(self.object, self.action_name))
        return response
