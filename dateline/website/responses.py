"""Answers for readers: cacheable by anyone, checked by ETag, and never with a cookie."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponsePermanentRedirect
from django.template.loader import render_to_string
from django.utils.cache import get_conditional_response, patch_cache_control

from dateline.website.frame import frame

FRESH = 60
"""Seconds a page may be shown from a cache: how long a withdrawn story can outlive its verb."""


def page(
    request: HttpRequest,
    template: str,
    language: str,
    context: Mapping[str, Any],
    *,
    status: int = 200,
) -> HttpResponse:
    """Render a page of the site. `context["alternates"]`: the same page in other languages."""
    # Rendered without the request: context processors would look for a session, and a reader has
    # none.
    content = render_to_string(template, {**frame(request, language, context), **context})
    response = HttpResponse(content, status=status)
    response["Content-Language"] = language
    return cacheable(request, response)


def cacheable(request: HttpRequest, response: HttpResponse, seconds: int = FRESH) -> HttpResponse:
    """Mark an answer as public for `seconds`, with an ETag made of what it says; 304 if known."""
    patch_cache_control(response, public=True, max_age=seconds)
    if response.status_code != 200:
        return response
    response["ETag"] = f'"{hashlib.blake2b(response.content, digest_size=12).hexdigest()}"'
    return get_conditional_response(request, etag=response["ETag"], response=response)  # type: ignore[return-value]


def moved(path: str, *, permanent: bool = True, seconds: int = FRESH) -> HttpResponse:
    """Send the reader on to a path of this site."""
    kind = HttpResponsePermanentRedirect if permanent else HttpResponseRedirect
    response = kind(path)
    patch_cache_control(response, public=True, max_age=seconds)
    return response
