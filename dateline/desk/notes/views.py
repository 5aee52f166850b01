"""The notes of a story on a page of their own, which every form of a story leads to."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages
from wagtail.admin.utils import get_latest_str, get_user_display_name
from wagtail.admin.widgets import AdminAutoHeightTextInput
from wagtail.admin.widgets.button import Button

from dateline.desk.moments import MomentField
from dateline.desk.notes import letters
from dateline.desk.notes.models import Note
from dateline.people import rights
from dateline.people.rights import Action
from dateline.stories.models import Story


class _Person(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Any) -> str:
        return str(get_user_display_name(obj))


class NoteForm(forms.ModelForm):  # type: ignore[type-arg]
    """A note; for one of those who work on stories of these offices, if anybody."""

    due = MomentField(required=False, label=_("Until"))

    class Meta:
        model = Note
        fields = ("text", "person", "due")
        widgets = {"text": AdminAutoHeightTextInput}

    def __init__(self, story: Story, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        person = Note._meta.get_field("person")
        self.fields["person"] = _Person(
            rights.those_who(Action.WRITE, story).order_by("first_name", "last_name", "username"),
            required=False,
            label=_("For"),
            help_text=person.help_text,
        )
        self.fields["due"].label = _("Until")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("due") and not cleaned.get("person"):
            raise ValidationError({"person": _("Who is to do it until then?")})
        return cleaned


@require_http_methods(["GET", "HEAD", "POST"])
def notes(request: HttpRequest, pk: int) -> HttpResponse:
    """Read them, write one, say that something is done (POST `done`: the note's key)."""
    story = get_object_or_404(Story, pk=pk)
    if request.method == "POST" and "done" in request.POST:
        return _finish(request, story)
    form = NoteForm(story, request.POST if request.method == "POST" else None)
    if form.is_valid():
        return _keep(request, story, form)
    context = {
        "story": story,
        "form": form,
        "notes": story.notes.select_related("by", "person"),
        "edit": reverse(Story.snippet_viewset.get_url_name("edit"), args=[pk]),
        "header_icon": "comment",
        "page_title": _("Notes"),
        "page_subtitle": get_latest_str(story),
    }
    return render(request, "desk/notes/notes.html", context)


def _keep(request: HttpRequest, story: Story, form: NoteForm) -> HttpResponse:
    form.instance.story, form.instance.by = story, request.user
    note = form.save()
    told = letters.tell(note)
    messages.success(request, _("Kept, and told by e-mail.") if told else _("Kept."))
    return HttpResponseRedirect(request.path)


def _finish(request: HttpRequest, story: Story) -> HttpResponse:
    key = request.POST["done"]
    if not key.isdecimal() or len(key) > 18:
        raise Http404
    note = get_object_or_404(story.notes.filter(done_at=None), pk=key)
    note.done_at = timezone.now()
    note.save(update_fields=["done_at"])
    messages.success(request, _("Done."))
    return HttpResponseRedirect(request.path)


def button(story: Story) -> Button:
    """The way there from a story's form, with how many there are."""
    count = story.notes.count()
    label = ngettext("%(count)d note", "%(count)d notes", count) % {"count": count}
    address = reverse("desk_notes", args=[story.pk])
    return Button(label if count else _("Notes"), url=address, icon_name="comment", priority=3)
