"""Pages about the site itself."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from dateline.archive import endings
from dateline.archive.caching import EVERYTHING
from dateline.lib import newsroom
from dateline.website.responses import page


@require_safe
def about(request: HttpRequest, language: str) -> HttpResponse:
    """Who runs the newsroom, how to search it, follow it and take from it."""
    context = {
        "section": "about",
        "about": newsroom.say(settings.NEWSROOM.about, language),
        "endings": endings.every(),
        "alternates": _everywhere("about"),
    }
    return page(request, "website/about.html", language, context, keys=[EVERYTHING])


@require_safe
def accessibility(request: HttpRequest, language: str) -> HttpResponse:
    """What the site does for everybody's reading, and whom to tell where it does not."""
    context = {"section": "", "alternates": _everywhere("accessibility")}
    return page(request, "website/accessibility.html", language, context, keys=[EVERYTHING])


def _everywhere(name: str) -> dict[str, str]:
    return {tag: f"/{tag}/{name}" for tag in settings.NEWSROOM.languages}
