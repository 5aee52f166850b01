"""Addresses of the API, all behind its door."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase
from django.urls import URLPattern, path, re_path

from dateline.api import documentation, problems
from dateline.api.addresses import ROOT
from dateline.api.door import View, door
from dateline.api.problems import ProblemError
from dateline.api.v1 import api

_WRITING = ("/drafts", "/draft")


def _nowhere(request: HttpRequest, rest: str) -> HttpResponseBase:
    raise ProblemError(problems.NOT_FOUND)


def _behind_the_door(route: str, view: View) -> URLPattern:
    reading = not any(part in route for part in _WRITING)
    return path(f"{ROOT[1:]}/{route}", door(view, reading=reading))


urlpatterns = [
    path(f"{ROOT[1:]}/", documentation.page),
    path(f"{ROOT[1:]}/openapi.json", door(documentation.document)),
    *(
        _behind_the_door(str(one.pattern), one.callback)
        for one in api.urls[0]
        if one.callback and str(one.pattern)
    ),
    # Whatever else: `<path:rest>` would leave an address with a line's end in it to the website.
    re_path(rf"^{ROOT[1:]}/(?P<rest>(?s:.*))\Z", door(_nowhere)),
]
