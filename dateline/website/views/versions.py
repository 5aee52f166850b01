"""A version of a story at its own address, and what was changed in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from dateline.archive.caching import story_key
from dateline.publishing import releases
from dateline.publishing.models import Version
from dateline.stories.models import State, Story
from dateline.website.pages import versions as pages
from dateline.website.responses import moved, page
from dateline.website.views import errors
from dateline.website.views.story import missing

Present = Callable[[Story, Sequence[Version], Version], dict[str, Any]]


@require_safe
def version(
    request: HttpRequest, language: str, number: int, version: int, slug: str = ""
) -> HttpResponse:
    """The text as it was read under this version's number."""
    return _answer(request, language, number, version, "website/version.html", pages.present)


@require_safe
def changes(request: HttpRequest, language: str, number: int, version: int) -> HttpResponse:
    """This version against the one before it."""
    return _answer(
        request, language, number, version, "website/changes.html", pages.present_changes
    )


def _answer(
    request: HttpRequest, language: str, number: int, version: int, template: str, present: Present
) -> HttpResponse:
    """Of a killed story 410; of a retracted one its notice; 404 for what was never public."""
    texts = releases.readable(number)
    story = texts.get(language)
    if story is None:
        return missing(request, language, number, texts)
    keys = [story_key(number)]
    if story.state == State.RETRACTED:
        return moved(request, story.get_absolute_url(), keys=keys, permanent=False)
    seen = releases.versions(story)
    at = next((at for at, each in enumerate(seen) if each.number == version), None)
    if at is None or (at == 0 and present is pages.present_changes):
        return errors.not_found_page(request, language, keys=keys)
    own = pages.path(story, version)
    if present is pages.present and request.path != own:
        return moved(request, own, keys=keys, permanent=False)
    context = present(story, seen, seen[at])
    return page(request, template, language, context, keys=keys, until=story.expire_at)
