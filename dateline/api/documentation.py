"""The OpenAPI document, and the page for people that is made from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain, zip_longest
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils import translation
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe

from dateline.api import addresses, answers, asking, examples, limits, openapi, problems
from dateline.archive import caching
from dateline.stories import ports

ENGLISH = "en"


@dataclass(frozen=True)
class Field:
    """A parameter, or a member of a shape. `shape`: the one its values have, if any."""

    name: str
    kind: str
    description: SafeString
    shape: str = ""
    required: bool = False


@dataclass(frozen=True)
class Shape:
    """What an answer or a body consists of."""

    name: str
    description: SafeString
    fields: list[Field]


@dataclass(frozen=True)
class Call:
    """One address with one method. `example` is an address that answers now; "" if none does."""

    id: str
    method: str
    path: str
    summary: str
    description: SafeString
    parameters: list[Field]
    takes: str
    gives: str
    example: str


def document(request: HttpRequest) -> HttpResponseBase:
    """`openapi.json`: for programs that write programs."""
    asking.only(request)
    return answers.json(request, openapi.document())


@require_safe
def page(request: HttpRequest) -> HttpResponseBase:
    """The documentation, in the site's look and in English, from the same document."""
    assert ports.page is not None  # noqa: S101 - the website is installed
    languages = settings.NEWSROOM.languages
    language = ENGLISH if ENGLISH in languages else languages[0]
    context = present(openapi.document(), examples.addresses(language))
    # The frame's words would otherwise be in the language the browser prefers.
    with translation.override(language):
        shown: HttpResponseBase = ports.page(
            request, "api/documentation.html", language, context, keys=[caching.EVERY_LIST]
        )
    return shown


def present(drawn: Mapping[str, Any], shown: Mapping[str, str]) -> dict[str, Any]:
    """The context of `api/documentation.html`. `shown`: an example for each operation's id."""
    calls: dict[str, list[Call]] = {tag["name"]: [] for tag in drawn["tags"]}
    for path, methods in drawn["paths"].items():
        for method, operation in methods.items():
            calls[operation["tags"][0]].append(_call(method, path, operation, shown))
    return {
        "description": marked(drawn["info"]["description"]),
        "root": addresses.api(""),
        "parts": [
            (tag["name"], marked(tag["description"]), calls[tag["name"]]) for tag in drawn["tags"]
        ],
        "shapes": [_shape(name, schema) for name, schema in _shapes(drawn)],
        "problems": [(kind, marked(kind.advice)) for kind in problems.KINDS],
        "limit": settings.API_LIMIT,
        "window": limits.WINDOW,
        "example": shown["list_stories"],
    }


def marked(text: str) -> SafeString:
    """A description with `names` as code and apostrophes as printers have them."""
    parts = text.split("`")
    words = (escape(part.replace("'", "’")) for part in parts[::2])
    names = (format_html("<code>{}</code>", part) for part in parts[1::2])
    return mark_safe("".join(chain.from_iterable(zip_longest(words, names, fillvalue=""))))


def _call(method: str, path: str, operation: Mapping[str, Any], shown: Mapping[str, str]) -> Call:
    body = operation.get("requestBody", {}).get("content", {}).get(answers.JSON, {})
    given = next(said for status, said in operation["responses"].items() if status < "3")
    answer: dict[str, Any] = next(iter(given.get("content", {}).values()), {})
    return Call(
        id=operation["operationId"],
        method=method.upper(),
        path=f"{addresses.ROOT}{path}",
        summary=operation["summary"],
        description=marked(operation.get("description", "")),
        parameters=[_parameter(parameter) for parameter in operation["parameters"]],
        takes=_kind(body.get("schema", {}))[1],
        gives=_kind(answer.get("schema", {}))[1],
        example=shown.get(operation["operationId"], ""),
    )


def _parameter(parameter: Mapping[str, Any]) -> Field:
    kind, _ = _kind(parameter["schema"])
    where = {"path": "in the address", "header": "header"}.get(parameter["in"], "")
    return Field(
        name=parameter["name"],
        kind=", ".join(filter(None, [kind, where])),
        description=marked(parameter.get("description", "")),
        required=parameter["required"] and parameter["in"] != "path",
    )


# --- shapes -----------------------------------------------------------------------------------
def _shapes(drawn: Mapping[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return sorted(drawn["components"]["schemas"].items())


def _shape(name: str, schema: Mapping[str, Any]) -> Shape:
    required = schema.get("required", ())
    fields = []
    for member, said in schema.get("properties", {}).items():
        kind, shape = _kind(said)
        about = marked(said.get("description", ""))
        fields.append(Field(member, kind, about, shape, member in required))
    return Shape(name, marked(schema.get("description", "")), fields)


_KINDS = {
    "string": "text",
    "integer": "number",
    "boolean": "true or false",
    "object": "object",
    "date": "date",
    "date-time": "moment",
    "uri": "address",
    "uuid": "UUID",
}


def _kind(schema: Mapping[str, Any]) -> tuple[str, str]:
    """What values of a schema are called, and the shape they have ("" for plain ones)."""
    if "$ref" in schema:
        return "", str(schema["$ref"].rpartition("/")[2])
    if choices := schema.get("anyOf"):
        kinds = [_kind(choice) for choice in choices if choice.get("type") != "null"]
        return " or ".join(filter(None, (kind for kind, _ in kinds))), kinds[0][1]
    if schema.get("type") == "array":
        kind, shape = _kind(schema["items"])
        return f"list of {kind}".removesuffix(" of "), shape
    if "enum" in schema:
        return " | ".join(map(str, schema["enum"])), ""
    if "const" in schema:
        return str(schema["const"]), ""
    return _KINDS.get(schema.get("format", "")) or _KINDS.get(schema.get("type", ""), ""), ""
