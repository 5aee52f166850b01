"""The floor under a listing page: a plain Django view with the same template and a ready list.

What the listing shows is computed once for each address and kept in memory with all its rows and
facets; each request renders the page from that, through the same middleware and the same server.
`/floor/…` answers what `/…` would answer.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any
from urllib.parse import parse_qs

import django
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import path

django.setup()

from django.utils import timezone  # noqa: E402

from dateline import urls  # noqa: E402 - needs the models
from dateline.archive import search  # noqa: E402
from dateline.archive.query import Parsed, parse  # noqa: E402
from dateline.website.frame import frame  # noqa: E402
from dateline.website.pages.listing import present  # noqa: E402


def floor(request: HttpRequest, language: str) -> HttpResponse:
    """The page, rendered from what is ready."""
    context = _ready(language, request.META["QUERY_STRING"])
    shown = {**frame(request, language, context), **context}
    return HttpResponse(render_to_string("website/listing.html", shown))


@lru_cache(maxsize=5000)
def _ready(language: str, query_string: str) -> dict[str, Any]:
    asked: Parsed = parse(parse_qs(query_string), language, timezone.localdate())
    return present(asked, search.search(asked.query))


urls.urlpatterns[:0] = [path("floor/<language>/news", floor)]  # type: ignore[list-item]
application = WSGIHandler()
