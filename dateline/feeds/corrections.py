"""What happened to one story after it was published, as a feed."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dateline.archive import caching, entries
from dateline.feeds import respond
from dateline.feeds.listing import publisher
from dateline.formats.feed import Entry, Feed
from dateline.publishing import visibility
from dateline.publishing.models import Kind, Version
from dateline.stories.models import State, Story

TOLD = (Kind.CORRECTION, Kind.UPDATE, Kind.RETRACTION)


@require_safe
def corrections(request: HttpRequest, language: str, number: int, suffix: str) -> HttpResponseBase:
    """The updates, corrections and retraction of a story, newest first; 410 once it is killed."""
    if suffix not in respond.WRITERS:
        raise Http404
    keys = [caching.story_key(number)]
    story = _text(visibility.readable(Story.objects.all()), language, number)
    if story is None:
        if killed := _text(visibility.killed(Story.objects.all()), language, number):
            gone = HttpResponse(
                _notice(killed), status=410, content_type="text/plain; charset=utf-8"
            )
            return caching.public(request, gone, keys)
        raise Http404
    until = story.expire_at if story.state == State.PUBLISHED else None
    return respond.answer(request, _feed(story, suffix), suffix, keys, until)


def _text(stories: QuerySet[Story], language: str, number: int) -> Story | None:
    return stories.filter(number=number, locale__language_code=language).first()


def _notice(story: Story) -> str:
    version = story.versions.filter(kind=Kind.KILL).order_by("number").last()
    return f"{version.note}\n" if version else ""


def _feed(story: Story, suffix: str) -> Feed:
    versions = [*story.versions.filter(kind__in=TOLD).order_by("-number")]
    own = f"/{story.language}/news/{story.number}/corrections.{suffix}"
    began = story.visible_from
    assert began is not None  # noqa: S101 - what is readable has a moment it became so
    return Feed(
        title=_("Corrections: %(headline)s") % {"headline": story.headline},
        home_url=entries.absolute(story.get_absolute_url()),
        feed_url=entries.absolute(own),
        language=story.language,
        updated=versions[0].at if versions else began,
        entries=[_entry(story, version) for version in versions],
        publisher=publisher(story.language),
        zone=ZoneInfo(settings.TIME_ZONE),
        hub_url=settings.WEBSUB_HUB,
    )


def _entry(story: Story, version: Version) -> Entry:
    """A change as an entry of its own: readers show it anew, which is the purpose."""
    kind = Kind(version.kind).label.capitalize()
    return Entry(
        id=f"{settings.ORIGIN}/n/{story.number}#{story.language}-v{version.number}",
        url=entries.absolute(story.get_absolute_url()),
        headline=f"{kind}: {story.headline}",
        published=timezone.localtime(version.at),
        language=story.language,
        summary=version.note,
        number=story.number,
    )
