"""A story with an ending."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dateline.archive import caching, story_endings
from dateline.publishing import visibility
from dateline.publishing.models import Kind
from dateline.stories.models import Story


@require_safe
def story(request: HttpRequest, language: str, number: int, suffix: str) -> HttpResponseBase:
    """One text in another form: 410 with its notice once it is killed."""
    keys = [caching.story_key(number)]
    form = story_endings.get(suffix)
    text = _text(visibility.readable(Story.objects.all()), language, number)
    if form and text:
        return form.respond(request, text)
    if killed := _text(visibility.killed(Story.objects.all()), language, number):
        return caching.public(request, _said(_notice(killed), 410), keys)
    return caching.public(request, _said(_missing(form is not None), 404), keys)


def _text(stories: QuerySet[Story], language: str, number: int) -> Story | None:
    found: Story | None = stories.filter(number=number, locale__language_code=language).first()
    return found


def _notice(story: Story) -> str:
    version = story.versions.filter(kind=Kind.KILL).order_by("number").last()
    return version.note if version else ""


def _missing(known: bool) -> str:
    if known:
        return _("There is nothing at this address")
    endings = ", ".join(f".{ending.suffix}" for ending in story_endings.every())
    return _("A story has these endings: %(known)s") % {"known": endings}


def _said(text: str, status: int) -> HttpResponse:
    content_type = "text/plain; charset=utf-8"
    return HttpResponse(f"{text}\n", status=status, content_type=content_type)
