"""The desk's page of a story's readers ahead: who was invited, who came, and the ways to end it."""

from __future__ import annotations

from collections.abc import Callable
from smtplib import SMTPException
from typing import Any

from django import forms
from django.conf import settings
from django.db.models import Count, Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages

from dateline.embargo import invitations
from dateline.embargo.models import Access, Reader
from dateline.lib import languages
from dateline.publishing import visibility
from dateline.stories.models import Story

SHOWN = 100


def _spoken() -> list[tuple[str, str]]:
    return [(tag, languages.endonym(tag)) for tag in settings.NEWSROOM.interface_languages]


class InvitationForm(forms.ModelForm):  # type: ignore[type-arg]
    """Whom the link is for. Without an end it lasts until the embargo does."""

    language = forms.ChoiceField(label=_("Language"), choices=_spoken)

    class Meta:
        model = Reader
        fields = ("name", "organisation", "email", "language")


def readers(request: HttpRequest, pk: int) -> HttpResponse:
    """Invite, renew, revoke. Who may was asked at the door (`desk.rights.doors`)."""
    story = get_object_or_404(Story, pk=pk)
    form = InvitationForm(initial={"language": story.language})
    if request.method == "POST":
        if "invite" not in request.POST:
            return _change(request, story)
        form = InvitationForm(request.POST, instance=Reader(story=story))
        if not visibility.is_ahead(story):
            messages.error(request, gettext("The story is not under embargo."))
        elif form.is_valid():
            reader = form.save(commit=False)
            _tell(request, invitations.invite, reader, gettext("The link is on its way."))
            return redirect("embargo_readers", pk)
    return render(request, "embargo/desk.html", _context(story, form))


def _change(request: HttpRequest, story: Story) -> HttpResponse:
    said = {
        "renew": gettext("A new link is on its way; the old one has ended."),
        "revoke": gettext("The link has ended."),
    }
    for name, do in (("renew", invitations.renew), ("revoke", invitations.revoke)):
        if key := request.POST.get(name, ""):
            mine = story.embargo_readers.filter(pk=key if key.isdecimal() else None)
            _tell(request, do, get_object_or_404(mine), said[name])
    return redirect("embargo_readers", story.pk)


def _tell(
    request: HttpRequest, do: Callable[[Reader, Any], None], reader: Reader, said: str
) -> None:
    """Do it and say so; a letter the mail server did not take can be sent again."""
    try:
        do(reader, request.user)
    except (OSError, SMTPException) as error:
        failed = gettext("%(name)s is in the list, but the letter was not sent: %(error)s")
        messages.error(request, failed % {"name": reader, "error": error})
    else:
        messages.success(request, said)


def _context(story: Story, form: InvitationForm) -> dict[str, Any]:
    known = story.embargo_readers.annotate(opened=Count("accesses"), last=Max("accesses__at"))
    return {
        "page_title": gettext("Readers ahead of the embargo"),
        "header_icon": "view",
        "story": story,
        "story_url": reverse(Story.snippet_viewset.get_url_name("edit"), args=[story.pk]),
        "ahead": visibility.is_ahead(story),
        "zone": settings.TIME_ZONE,
        "form": form,
        "readers": known,
        "accesses": Access.objects.filter(reader__story=story).select_related("reader")[:SHOWN],
    }
