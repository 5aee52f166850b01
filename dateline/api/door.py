"""What every address of the API shares: limits, CORS for reading, HEAD, one language of its own."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import translation

from dateline.api import limits, problems
from dateline.api.problems import ProblemError

View = Callable[..., HttpResponseBase]

EXPOSED = "Content-Language, ETag, Last-Modified, Link, RateLimit, RateLimit-Policy, Retry-After"
_ASKED = "Accept, Content-Type, If-Modified-Since, If-None-Match"
_A_DAY = "86400"
SAFE = ("GET", "HEAD", "OPTIONS")


def door(view: View, *, reading: bool = True) -> View:
    """A view behind the API's door. What is not for reading is closed to other sites' pages."""

    @wraps(view)
    def respond(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        standing = limits.count(request)
        if standing is not None and standing.exceeded:
            answer = _too_many(standing)
        elif request.method == "OPTIONS":
            answer = _options(reading=reading)
        else:
            answer = _asked(view, request, *args, **kwargs)
        if standing is not None:
            standing.tell(answer)
        if reading:
            answer["Access-Control-Allow-Origin"] = "*"
            answer["Access-Control-Expose-Headers"] = EXPOSED
        return answer

    respond.csrf_exempt = True  # type: ignore[attr-defined] # no cookie opens anything here
    return respond


def _asked(view: View, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
    """The view's answer, its own words in English; HEAD is asked as GET, the server cuts it."""
    method = request.method
    if method == "HEAD":
        request.method = "GET"
    with translation.override("en"):
        try:
            answer = view(request, *args, **kwargs)
        except ProblemError as problem:
            answer = problems.response(problem)
        finally:
            request.method = method
    return _not_allowed(answer) if answer.status_code == 405 else answer


def _not_allowed(answer: HttpResponseBase) -> HttpResponse:
    allowed = {*answer["Allow"].split(", "), "OPTIONS"} | (
        {"HEAD"} if "GET" in answer["Allow"] else set()
    )
    headers = {"Allow": ", ".join(sorted(allowed))}
    return problems.response(ProblemError(problems.METHOD_NOT_ALLOWED, headers=headers))


def _too_many(standing: limits.Standing) -> HttpResponseBase:
    detail = f"{standing.quota} requests in {limits.WINDOW} seconds are fair to all."
    return problems.response(
        ProblemError(problems.QUOTA_EXCEEDED, detail, {"violated-policies": ["default"]})
    )


def _options(*, reading: bool) -> HttpResponseBase:
    """The preflight of other sites' pages: they may read."""
    answer = HttpResponse(status=204)
    del answer["Content-Type"]
    if reading:
        answer["Allow"] = ", ".join(SAFE)
        answer["Access-Control-Allow-Methods"] = ", ".join(SAFE)
        answer["Access-Control-Allow-Headers"] = _ASKED
        answer["Access-Control-Max-Age"] = _A_DAY
    return answer
