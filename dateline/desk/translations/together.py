"""One act for several languages of a story: all of them, or none."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages
from wagtail.admin.utils import get_latest_str
from wagtail.admin.widgets import AdminAutoHeightTextInput

from dateline.desk.moments import MomentField
from dateline.desk.verb_views import VERBS, Text
from dateline.lib import languages
from dateline.people import rights
from dateline.people.rights import Action
from dateline.publishing import checks, verbs
from dateline.stories.models import State, Story


@dataclass(frozen=True)
class Act:
    """What is done to each text: with a note to its readers, or at a moment."""

    name: str
    button: Text
    explanation: Text
    action: Action
    suits: Callable[[Story], bool]
    run: Callable[[Story, str, datetime | None, Any], Any]
    needs_note: bool = True
    takes_moment: bool = False


def _publish(story: Story, _note: str, at: datetime | None, user: Any) -> None:
    draft: Story = story.get_latest_revision_as_object()
    if errors := checks.errors(draft):
        raise verbs.VerbError(" ".join(error.message for error in errors))
    if at is not None:
        verbs.schedule(draft, at, user=user)
    else:
        verbs.publish(story, user=user, revision=story.latest_revision)


def _with_note(run: Any, story: Story, note: str, _at: datetime | None, user: Any) -> None:
    run(story, note, user)


def _verbs() -> Iterator[Act]:
    for verb in VERBS:
        if verb.needs_draft:
            continue
        run = partial(_with_note, verb.run)
        yield Act(verb.name, verb.button, verb.explanation, verb.action, verb.suits, run)


ACTS = {
    act.name: act
    for act in (
        Act(
            "publish",
            gettext_lazy("Publish together"),
            gettext_lazy(
                "These texts become public in the same moment. If one of them cannot, none does."
            ),
            Action.PUBLISH,
            lambda story: story.state in (State.DRAFT, State.UNPUBLISHED),
            _publish,
            needs_note=False,
            takes_moment=True,
        ),
        *_verbs(),
    )
}


class TogetherForm(forms.Form):
    """Which of the texts, with which note to the readers of each."""

    at = MomentField(
        required=False,
        label=gettext_lazy("Publish on"),
        help_text=gettext_lazy("Empty: at once."),
    )

    def __init__(self, act: Act, texts: list[Story], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.texts = texts
        if not act.takes_moment:
            del self.fields["at"]
        for text in texts:
            tag = text.language
            self.fields[f"do-{tag}"] = forms.BooleanField(
                label=f"{languages.endonym(tag)}: {get_latest_str(text)}",
                required=False,
                initial=True,
            )
            if act.needs_note:
                self.fields[f"note-{tag}"] = forms.CharField(
                    label=_("Note to readers, in this language: %(language)s")
                    % {"language": languages.endonym(tag)},
                    required=False,
                    widget=AdminAutoHeightTextInput(attrs={"lang": tag, "dir": "auto"}),
                )
        self.order_fields([*(name for name in self.fields if name != "at"), "at"])

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.chosen:
            raise ValidationError(_("Choose at least one language."))
        for text in self.chosen:
            note = f"note-{text.language}"
            if note in self.fields and not cleaned.get(note, "").strip():
                self.add_error(note, _("Readers of this language are owed a reason too."))
        return cleaned

    @property
    def chosen(self) -> list[Story]:
        """The texts that are ticked."""
        return [text for text in self.texts if self.cleaned_data.get(f"do-{text.language}")]

    def note(self, text: Story) -> str:
        """What its readers are told."""
        return str(self.cleaned_data.get(f"note-{text.language}", ""))


def texts(story: Story, act: Act, user: Any) -> list[Story]:
    """The texts of a story's release that the act suits and the person may do it to."""
    found = story.get_translations(inclusive=True).select_related("locale", "latest_revision")
    return [each for each in found if act.suits(each) and rights.may(user, act.action, each)]


@require_http_methods(["GET", "HEAD", "POST"])
def together(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Choose the languages, and do it to all of them or to none."""
    story, act = get_object_or_404(Story, pk=pk), ACTS.get(name)
    if act is None:
        raise Http404
    given = request.POST if request.method == "POST" else None
    form = TogetherForm(act, texts(story, act, request.user), given)
    if form.is_valid():
        try:
            _all_or_none(act, form, request.user)
        except verbs.VerbError as refusal:
            form.add_error(None, f"{refusal} {_('Nothing has been done.')}")
        else:
            done = ", ".join(languages.endonym(text.language) for text in form.chosen)
            messages.success(request, f"{act.button}: {done}.")
            return redirect("desk_translations", pk)
    context = {
        "act": act,
        "form": form,
        "story": story,
        "page_title": act.button,
        "page_subtitle": get_latest_str(story),
        "header_icon": "globe",
    }
    return render(request, "desk/translations/together.html", context)


@transaction.atomic
def _all_or_none(act: Act, form: TogetherForm, user: Any) -> None:
    """Raises VerbError, which names the language, and nothing is done then."""
    keys = [text.pk for text in form.chosen]
    # All rows first: a verb ends by holding the outbox, and must not wait for a row after that.
    held = Story.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk")
    for text in held.select_related("locale", "latest_revision"):
        try:
            act.run(text, form.note(text), form.cleaned_data.get("at"), user)
        except verbs.VerbError as refusal:
            raise verbs.VerbError(f"{languages.endonym(text.language)}: {refusal}") from refusal


def acts(story: Story, user: Any) -> list[Act]:
    """The acts that suit two of its languages or more."""
    return [act for act in ACTS.values() if len(texts(story, act, user)) > 1]
