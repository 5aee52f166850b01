"""A story at its address, and at every address it ever had."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from dateline.archive.caching import story_key
from dateline.archive.rows import StoryRow, earliest_expiry
from dateline.publishing import releases
from dateline.stories.models import State, Story
from dateline.website import negotiation
from dateline.website.pages import story as pages
from dateline.website.responses import moved, page
from dateline.website.views import errors


@require_safe
def story(request: HttpRequest, language: str, number: int, slug: str = "") -> HttpResponse:
    """One story in one language; an old slug leads to today's."""
    texts = releases.readable(number)
    found = texts.get(language)
    if found is None:
        return missing(request, language, number, texts)
    if request.path != found.get_absolute_url():
        return moved(request, found.get_absolute_url(), keys=[story_key(number)])
    return _shown(request, found, texts)


@require_safe
def short(request: HttpRequest, number: int) -> HttpResponse:
    """`/n/123`: the story in the language the reader prefers among those it exists in."""
    texts = releases.readable(number)
    if not texts:
        language = negotiation.preferred(request, settings.NEWSROOM.languages)
        return missing(request, language, number, texts)
    language = negotiation.preferred(request, list(texts))
    path = texts[language].get_absolute_url()
    response = moved(request, path, keys=[story_key(number)], permanent=False)
    patch_vary_headers(response, ["Accept-Language"])
    return response


def _shown(request: HttpRequest, found: Story, texts: dict[str, Story]) -> HttpResponse:
    """A text's page, known by the number of every story that stands on it."""
    context = pages.present(found, texts)
    related: list[StoryRow] = context.get("related", [])
    keys = [story_key(number) for number in (found.number, *(row.number for row in related))]
    expiries = [found.expire_at] if found.state == State.PUBLISHED else []
    until = min(filter(None, [*expiries, earliest_expiry(related)]), default=None)
    return page(request, "website/story.html", found.language, context, keys=keys, until=until)


def preview(draft: Story, request: HttpRequest) -> HttpResponse:
    """The public page of a draft, for the desk alone (`stories.ports.preview`)."""
    language = draft.language
    with translation.override(negotiation.interface(language)):
        context = pages.present(draft, {}, preview=True)
        response = page(request, "website/story.html", language, context)
    response["Cache-Control"] = "private, no-store"
    return response


def missing(
    request: HttpRequest, language: str, number: int, texts: dict[str, Story]
) -> HttpResponse:
    """Killed: 410 with its notice. In other languages only: 404 that offers them."""
    keys = [story_key(number)]
    if gone := releases.killed(number, language):
        context = pages.present_killed(gone)
        return page(request, "website/gone.html", language, context, keys=keys, status=410)
    offered: dict[str, Any] = {"texts": pages.languages(texts)}
    heading = gettext("This story does not exist in this language") if texts else ""
    return errors.not_found_page(request, language, heading, offered, keys)
