"""Pages for readers: rendered without a session, cacheable by anyone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, cast

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponsePermanentRedirect
from django.template.loader import render_to_string

from dateline.archive import caching
from dateline.website.frame import frame


def page(
    request: HttpRequest,
    template: str,
    language: str,
    context: Mapping[str, Any],
    *,
    keys: Iterable[str] = (),
    until: datetime | None = None,
    status: int = 200,
) -> HttpResponse:
    """Render a page of the site. `context["alternates"]`: the same page in other languages.

    `keys` and `until` are those of `caching.public`.
    """
    # Rendered without the request: context processors would look for a session, and a reader has
    # none.
    content = render_to_string(template, {**frame(request, language, context), **context})
    response = HttpResponse(content, status=status)
    response["Content-Language"] = language
    return cacheable(request, response, keys, until=until)


def cacheable(
    request: HttpRequest,
    response: HttpResponse,
    keys: Iterable[str] = (),
    *,
    until: datetime | None = None,
) -> HttpResponse:
    """`caching.public`, of what is no stream."""
    return cast(HttpResponse, caching.public(request, response, keys, until=until))


def moved(
    request: HttpRequest, path: str, *, keys: Iterable[str] = (), permanent: bool = True
) -> HttpResponse:
    """Send the reader on to a path of this site."""
    kind = HttpResponsePermanentRedirect if permanent else HttpResponseRedirect
    return cacheable(request, kind(path), keys)
