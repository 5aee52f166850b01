"""The OpenAPI document: what the routers declare, with what every answer has in common."""

from __future__ import annotations

from copy import deepcopy
from functools import lru_cache
from typing import Any

from django.conf import settings

from dateline.api import limits, problems
from dateline.api.addresses import ROOT
from dateline.api.v1 import api
from dateline.lib import newsroom

_DESCRIPTION = """\
Everything this newsroom publishes, for programs. Reading needs no key. The addresses and parameters
are those of the site's own lists, so that any list you can see is one call: every listing links to
its own."""

_SCHEMA = {"$ref": "#/components/schemas/Problem"}


def document() -> dict[str, Any]:
    """The document as this newsroom serves it (OpenAPI 3.1); not to be changed by the caller."""
    name = newsroom.say(settings.NEWSROOM.name, "en")
    return _drawn(name, settings.ORIGIN, settings.API_LIMIT)


@lru_cache(maxsize=4)
def _drawn(name: str, origin: str, limit: int) -> dict[str, Any]:
    """Drawn once: it takes a fifth of a second, and changes with these settings alone."""
    drawn = deepcopy(dict(api.get_openapi_schema(path_prefix="")))
    drawn["info"] |= {
        "title": f"{name}: API",
        "description": _DESCRIPTION,
    }
    drawn["servers"] = [{"url": f"{origin}{ROOT}"}]
    drawn["tags"] = [{"name": name, "description": said} for name, said in TAGS.items()]
    for address, methods in drawn["paths"].items():
        for operation in methods.values():
            _complete(operation, address, limit)
    return drawn


TAGS = {
    "Stories": "Lists of stories, and each story with what is known of it.",
    "Vocabularies": "Offices, topics and content types, with their names over time.",
    "Writing": "Drafts and verbs, for tokens an administrator made with `dateline token`.",
}


def _complete(operation: dict[str, Any], address: str, limit: int) -> None:
    """Tell what ninja cannot know: error types, headers, the languages there are."""
    for parameter in operation["parameters"]:
        if parameter["in"] == "path":
            parameter["schema"] = _part_of_address(parameter)
    responses = {str(status): said for status, said in operation["responses"].items()}
    operation["responses"] = responses
    if limit:
        responses["429"] = {"description": "Too Many Requests"}
    for status, response in responses.items():
        if int(status) >= 400:
            response["content"] = {problems.CONTENT_TYPE: {"schema": _SCHEMA}}
        response["headers"] = _headers(int(status), address, limit)


def _part_of_address(parameter: dict[str, Any]) -> dict[str, Any]:
    if parameter["name"] == "language":
        return {"type": "string", "enum": list(settings.NEWSROOM.languages)}
    if parameter["name"] == "number":
        return {"type": "integer", "minimum": 1, "maximum": 999_999_999}
    if parameter["name"] == "slug":
        return {"type": "string", "pattern": "^[A-Za-z0-9_-]{1,120}$"}
    schema: dict[str, Any] = parameter["schema"]
    return schema


def _headers(status: int, address: str, limit: int) -> dict[str, Any]:
    """The headers of an answer that programs may want to look at."""
    told = {}
    if limit:
        told["RateLimit"] = "How many requests are left (r), until when in seconds (t)."
        told["RateLimit-Policy"] = f"How many are fair (q) in {limits.WINDOW} seconds (w)."
    if status in (200, 201):
        told["ETag"] = "Send it in `If-None-Match` to be told whether anything changed."
    if status == 200 and address.endswith("/stories"):
        told["Link"] = "Where the list goes on (`rel=next`)."
    if status == 201:
        told["Location"] = "Where the draft is."
    if status == 429:
        told["Retry-After"] = "Seconds."
    return {
        name: {"description": said, "schema": {"type": "string"}} for name, said in told.items()
    }
