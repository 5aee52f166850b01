"""The front page, and the way to it."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from dateline.archive import caching, search
from dateline.archive.query import Query
from dateline.website import negotiation
from dateline.website.pages.front import present
from dateline.website.responses import moved, page

STORIES = 10


@require_safe
def root(request: HttpRequest) -> HttpResponse:
    """Send the reader to the front page in the best of the newsroom's languages."""
    language = negotiation.preferred(request, settings.NEWSROOM.languages)
    response = moved(request, f"/{language}/", permanent=False)
    patch_vary_headers(response, ["Accept-Language"])
    return response


@require_safe
def with_slash(request: HttpRequest, language: str) -> HttpResponse:
    """A language's front page has one address."""
    return moved(request, f"/{language}/")


@require_safe
def front(request: HttpRequest, language: str) -> HttpResponse:
    """The newest stories, and the ways into the archive."""
    result = search.search(Query(language=language, size=STORIES))
    keys = caching.query_keys(result.query)
    return page(
        request, "website/front.html", language, present(result), keys=keys, until=result.until
    )
