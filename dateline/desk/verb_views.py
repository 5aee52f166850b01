"""Correct, retract, kill: each a page with a public note and one button."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.views.generic import PermissionCheckedMixin, WagtailAdminTemplateMixin
from wagtail.admin.widgets import AdminAutoHeightTextInput

from dateline.desk import withdrawn
from dateline.lib import languages
from dateline.people import rights
from dateline.people.rights import Action
from dateline.publishing import verbs
from dateline.publishing.models import Kind
from dateline.stories.models import State, Story

Text = str | Promise


@dataclass(frozen=True)
class Verb:
    """One verb as the desk offers it."""

    name: str
    button: Text
    explanation: Text
    done: Text
    icon: str
    priority: int
    run: Callable[[Story, str, Any], Story]
    states: tuple[State, ...]
    action: Action
    needs_draft: bool = False
    needs_note: bool = True

    def suits(self, story: Story) -> bool:
        """Whether the button belongs on the page of this story."""
        return story.state in self.states


def _correct(story: Story, note: str, user: Any) -> Story:
    return verbs.correct(story, note, user=user, revision=story.latest_revision)


def _minor(story: Story, _note: str, user: Any) -> Story:
    return verbs.publish(story, user=user, revision=story.latest_revision, kind=Kind.MINOR)


def _update(story: Story, note: str, user: Any) -> Story:
    revision = story.latest_revision
    return verbs.publish(story, user=user, revision=revision, kind=Kind.UPDATE, note=note)


def _out_of_date(story: Story, note: str, user: Any) -> Story:
    return verbs.withdraw_as_out_of_date(story, note, user=user)


def _retract(story: Story, note: str, user: Any) -> Story:
    return verbs.retract(story, note, user=user)


def _kill(story: Story, note: str, user: Any) -> Story:
    return verbs.kill(story, note, user=user)


VERBS = (
    Verb(
        name="correct",
        button=_("Publish as a correction"),
        explanation=_(
            "The text was wrong and the draft puts it right. The draft is published, and your "
            "note stands on the page and tells readers what was wrong."
        ),
        done=_("The correction is published."),
        icon="edit",
        priority=30,
        run=_correct,
        states=(State.PUBLISHED,),
        action=Action.CORRECT,
        needs_draft=True,
    ),
    Verb(
        name="update",
        button=_("Publish as an update"),
        explanation=_(
            "Nothing was wrong, but there is something new. The draft is published, and your note "
            "stands on the page and tells readers what is new."
        ),
        done=_("The update is published."),
        icon="edit",
        priority=25,
        run=_update,
        states=(State.PUBLISHED,),
        action=Action.PUBLISH,
        needs_draft=True,
    ),
    Verb(
        name="minor",
        button=_("Publish as a minor edit"),
        explanation=_(
            "A slip of the pen, which changes nothing of what is said. The draft is published; "
            "readers are told nothing, and the date of the last update stays as it is."
        ),
        done=_("The minor edit is published."),
        icon="edit",
        priority=28,
        run=_minor,
        states=(State.PUBLISHED,),
        action=Action.PUBLISH,
        needs_draft=True,
        needs_note=False,
    ),
    Verb(
        name="out-of-date",
        button=_("Withdraw as out of date"),
        explanation=_(
            "The story was right and no longer holds. It leaves all lists and feeds; its address "
            "goes on showing it, under a banner with your note."
        ),
        done=_("The story is marked as out of date."),
        icon="history",
        priority=35,
        run=_out_of_date,
        states=(State.PUBLISHED,),
        action=Action.WITHDRAW,
    ),
    Verb(
        name="retract",
        button=_("Retract"),
        explanation=_(
            "The organisation no longer stands by this story. Its address shows your note in "
            "place of the text, and it leaves all lists and feeds."
        ),
        done=_("The story is retracted."),
        icon="warning",
        priority=40,
        run=_retract,
        states=(State.PUBLISHED, State.UNPUBLISHED, State.OUT_OF_DATE),
        action=Action.WITHDRAW,
    ),
    Verb(
        name="kill",
        button=_("Kill"),
        explanation=_(
            "This story must not be used by anyone. Its address says so and shows your note; it "
            "leaves all lists and feeds. This is final: a killed story cannot be published again."
        ),
        done=_("The story is killed."),
        icon="cross",
        priority=50,
        run=_kill,
        states=(State.PUBLISHED, State.UNPUBLISHED, State.OUT_OF_DATE, State.RETRACTED),
        action=Action.WITHDRAW,
    ),
)


class NoteForm(forms.Form):
    """What readers are told."""

    note = forms.CharField(
        label=_("Note to readers"),
        help_text=_("Public, in the story's language."),
        widget=AdminAutoHeightTextInput(attrs={"dir": "auto"}),
    )


class VerbView(PermissionCheckedMixin, WagtailAdminTemplateMixin, FormView):  # type: ignore[type-arg]
    """Ask for the note, then run the verb; a refusal is a message on the story's page."""

    model = Story
    verb: Verb = VERBS[0]  # the viewset passes on only what the class names
    form_class = NoteForm
    template_name = "desk/verb.html"

    def setup(self, request: Any, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.story = get_object_or_404(Story, pk=kwargs["pk"])

    def get_page_title(self) -> str:
        return str(self.verb.button)

    def get_page_subtitle(self) -> str:
        return str(self.story)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        listing = reverse(Story.snippet_viewset.get_url_name("list"))
        return [
            *self.breadcrumbs_items,
            {"url": listing, "label": gettext("Stories")},
            {"url": self._story_url(), "label": str(self.story)},
            {"url": "", "label": self.get_page_title()},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        changed = self.story.has_unpublished_changes
        others = self._others()
        return super().get_context_data(
            story_url=self._story_url(),
            others=others,
            together_url=self._together_url() if self._suit(others) else "",
            missing_draft=self.verb.needs_draft and not changed,
            **kwargs,
        )

    def get_form(self, form_class: Any = None) -> NoteForm:
        form: NoteForm = super().get_form(form_class)
        if not self.verb.needs_note:
            del form.fields["note"]
        return form

    def form_valid(self, form: NoteForm) -> HttpResponse:
        try:
            self.verb.run(self.story, form.cleaned_data.get("note", ""), self.request.user)
        except verbs.VerbError as refusal:
            messages.error(self.request, str(refusal))
        else:
            messages.success(self.request, str(self.verb.done))
            self._remind()
        return redirect(self._story_url())

    def _others(self) -> list[Story]:
        """The story's other languages, which readers go on reading when it is withdrawn."""
        if self.verb.action != Action.WITHDRAW:
            return []
        return withdrawn.others(self.story, self.request.user)

    def _suit(self, others: list[Story]) -> bool:
        user = self.request.user
        return any(
            self.verb.suits(each) and rights.may(user, self.verb.action, each) for each in others
        )

    def _remind(self) -> None:
        if not (others := self._others()):
            return
        named = ", ".join(languages.endonym(each.language) for each in others)
        said = gettext("Other languages of this story were left as they are: %(languages)s.")
        joint = messages.button(self._together_url(), gettext("Do the same to them"))
        messages.warning(
            self.request,
            said % {"languages": named},
            buttons=[joint] if self._suit(others) else [],
        )

    def _together_url(self) -> str:
        return reverse("desk_together", args=[self.story.pk, self.verb.name])

    def _story_url(self) -> str:
        return reverse(Story.snippet_viewset.get_url_name("edit"), args=[self.story.pk])
