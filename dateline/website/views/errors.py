"""Pages for what went wrong: each says what, and helps the reader on."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template import loader
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from dateline.archive.engines.base import EngineError
from dateline.website import negotiation, slashes
from dateline.website.responses import moved, page


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: the request itself cannot be understood."""
    text = _("The address or the form holds something this site cannot read.")
    return _error(request, 400, _("This request could not be understood"), text)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: only the desk has doors that are locked."""
    text = _("You may have to log in, or to ask for the right to see it.")
    return _error(request, 403, _("This page is not open to you"), text)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: nothing is at this address; 301 where only a slash was wrong."""
    if path := slashes.meant(request):
        return moved(request, path)
    return not_found_page(request, negotiation.of_request(request))


def server_error(request: HttpRequest) -> HttpResponse:
    """500: printed from one file that needs no database, no language and no other template.

    503 where the archive does not answer: lists come back when it does.
    """
    if isinstance(sys.exception(), EngineError):
        text = _("Lists and searches will be back in a moment. Single stories can be read.")
        response = _error(request, 503, _("The archive does not answer at the moment"), text)
        response["Retry-After"] = "10"
        response["Cache-Control"] = "no-store"
        return response
    return HttpResponse(loader.get_template("website/500.html").render(), status=500)


def not_found_page(
    request: HttpRequest,
    language: str,
    heading: str = "",
    context: Mapping[str, Any] | None = None,
    keys: Iterable[str] = (),
) -> HttpResponse:
    """The 404 page, with a heading of its own where more is known about what is missing."""
    text = _("It may have been moved or withdrawn, or the address may be mistyped.")
    return _error(
        request,
        404,
        heading or _("There is nothing at this address"),
        text,
        language,
        context,
        keys,
    )


def _error(
    request: HttpRequest,
    status: int,
    heading: str,
    text: str,
    language: str = "",
    context: Mapping[str, Any] | None = None,
    keys: Iterable[str] = (),
) -> HttpResponse:
    spoken = language or negotiation.of_request(request)
    shown = {"heading": heading, "text": text, "status": status, **(context or {})}
    response = page(request, "website/error.html", spoken, shown, keys=keys, status=status)
    if not (language or negotiation.of_address(request.path_info)):
        patch_vary_headers(response, ["Accept-Language"])
    return response
