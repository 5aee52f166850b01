"""API v1: its routers, how bodies are read, and how failures are told."""

from __future__ import annotations

import logging
from typing import Any

import orjson
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.signals import got_request_exception
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.parser import Parser

from dateline.api import problems, reading, writing
from dateline.api.problems import ProblemError

log = logging.getLogger(__name__)

JSON_BODIES = ("application/json", "application/merge-patch+json")


class JsonParser(Parser):
    """Bodies are JSON, said to be JSON, in UTF-8."""

    def parse_body(self, request: HttpRequest) -> Any:
        if request.content_type not in JSON_BODIES:
            raise ProblemError(problems.UNSUPPORTED)
        try:
            return orjson.loads(request.body)
        except orjson.JSONDecodeError as error:
            raise ProblemError(problems.BAD_REQUEST, f"Not JSON: {error}.") from error


api = NinjaAPI(
    title="Dateline API",
    version="1",
    openapi_url=None,
    docs_url=None,
    urls_namespace="api-v1",
    parser=JsonParser(),
)
api.add_router("", reading.router)
api.add_router("", writing.router)


@api.exception_handler(ProblemError)
def tell(request: HttpRequest, error: Any) -> HttpResponse:
    """What the views themselves refuse."""
    return problems.response(error)


@api.exception_handler(Http404)
def missing(request: HttpRequest, error: Any) -> HttpResponse:
    """What is not there."""
    return problems.response(ProblemError(problems.NOT_FOUND))


@api.exception_handler(ValidationError)
def invalid(request: HttpRequest, error: Any) -> HttpResponse:
    """Values that do not fit the document, each with the place it stands at."""
    errors = [{"field": _pointer(one["loc"]), "detail": one["msg"]} for one in error.errors]
    if any(one["loc"][0] == "path" for one in error.errors):
        return problems.response(ProblemError(problems.NOT_FOUND))
    return problems.response(ProblemError(problems.INVALID, members={"errors": errors}))


@api.exception_handler(HttpError)
def unreadable(request: HttpRequest, error: Any) -> HttpResponse:
    """A body that could not be read: ninja wraps what the parser said."""
    said = error.__context__
    known = said if isinstance(said, ProblemError) else ProblemError(problems.BAD_REQUEST)
    return problems.response(known)


@api.exception_handler(RequestDataTooBig)
def too_large(request: HttpRequest, error: Any) -> HttpResponse:
    """A body nobody writes by hand."""
    detail = f"At most {settings.DATA_UPLOAD_MAX_MEMORY_SIZE} bytes."
    return problems.response(ProblemError(problems.TOO_LARGE, detail))


@api.exception_handler(Exception)
def failed(request: HttpRequest, error: Any) -> HttpResponse:
    """What should not happen: in the log with its traceback, and told without."""
    got_request_exception.send(sender=None, request=request)
    log.error("the API failed at %s", request.path, exc_info=error)
    return problems.response(ProblemError(problems.FAILURE))


def _pointer(place: tuple[Any, ...]) -> str:
    """ninja's ("body", "change", "topics", 0) as the JSON Pointer /topics/0; a header by name."""
    if place[0] == "body":
        return "".join(f"/{part}" for part in place[2:])
    return str(place[-1])
