"""Addresses with a slash too many or too few, as people type them and mail programs mend them."""

from __future__ import annotations

from django.http import Http404, HttpRequest
from django.urls import Resolver404, resolve
from django.utils.encoding import escape_uri_path, iri_to_uri


def meant(request: HttpRequest) -> str:
    """The address of the page that was meant, with its query; "" where there is none either.

    Only pages for readers lose a slash: what lies behind a secret address is not asked in passing.
    """
    if request.method not in ("GET", "HEAD"):
        return ""
    path = request.path_info
    if path == "/desk":
        return _with_query(request, "/desk/")
    if path.endswith("/") and _is_there(request, path[:-1]):
        return _with_query(request, path[:-1])
    return ""


def _is_there(request: HttpRequest, path: str) -> bool:
    """Whether a reader gets anything but a 404 at this path: what is hidden stays so."""
    try:
        match = resolve(path, urlconf="dateline.website.urls")
        return bool(match.func(request, *match.args, **match.kwargs).status_code != 404)
    except (Resolver404, Http404):
        return False


def _with_query(request: HttpRequest, path: str) -> str:
    query = request.META.get("QUERY_STRING", "")
    return escape_uri_path(path) + (f"?{iri_to_uri(query)}" if query else "")
