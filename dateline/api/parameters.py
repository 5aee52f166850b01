"""The parameters of lists as the OpenAPI document describes them: drawn from the query itself."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any, get_args

from django.conf import settings

from dateline.api import fields
from dateline.archive.query import (
    DEFAULT_SIZE,
    LONGEST_DATE,
    LONGEST_KEYWORDS,
    MOST_VALUES,
    PARAMETERS,
    SIZES,
    Labels,
)

_SLUG = r"^[A-Za-z0-9_-]{1,120}$"
_BELOW = "Any of them, or of those below them."
_DATE = "A day, month or year, as people write them: 2016, 2016-03, 14 March 2016. Inclusive."


def _words() -> dict[str, Any]:
    return {"type": "string", "minLength": 1, "maxLength": LONGEST_KEYWORDS}


def _several(item: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": item, "minItems": 1, "maxItems": MOST_VALUES}


def _date() -> dict[str, Any]:
    return {"type": "string", "minLength": 1, "maxLength": LONGEST_DATE}


def _described(name: str) -> tuple[str, dict[str, Any]]:
    """What a parameter of the listing means, and its schema."""
    slug = {"type": "string", "pattern": _SLUG}
    return {
        "keywords": (
            'Words, "a phrase", begin*, -without, headline:word. All must match.',
            _words(),
        ),
        "language": (
            "Widens the list beyond the language of the address.",
            _several({"type": "string", "enum": list(settings.NEWSROOM.languages)}),
        ),
        "genre": ("Content types, by slug. Any of them.", _several(slug)),
        "office": (f"Offices, by slug. {_BELOW}", _several(slug)),
        "topic": (f"Topics, by slug. {_BELOW}", _several(slug)),
        "year": ("Years.", _several({"type": "string", "pattern": "^[12][0-9]{3}$"})),
        "month": (
            "Months.",
            _several({"type": "string", "pattern": "^[12][0-9]{3}-(0[1-9]|1[0-2])$"}),
        ),
        "predecessors": (
            "With `yes` the offices and topics asked for bring along those that led to them.",
            {"type": "string", "enum": ["yes"]},
        ),
        "from": (_DATE, _date()),
        "to": (_DATE, _date()),
        "sort": (
            "The order. With `keywords` by relevance unless told otherwise, else newest first.",
            {"type": "string", "enum": ["newest", "oldest", "relevance"]},
        ),
        "labels": (
            "What stories' terms are called: as they are `today`, or as they were on each story's "
            "date of `publication`. Facets and titles say today's names.",
            {"type": "string", "enum": list(get_args(Labels)), "default": "today"},
        ),
        "size": (
            "Stories in an answer.",
            {"type": "integer", "enum": list(SIZES), "default": DEFAULT_SIZE},
        ),
        "page": (
            "A page by number. Programs follow `next` instead, which nothing published meanwhile "
            "moves.",
            {"type": "integer", "minimum": 1, "maximum": 9_999_999},
        ),
    }[name]


def listing(names: Iterable[str] = PARAMETERS) -> list[dict[str, Any]]:
    """The listing's own parameters."""
    return [_parameter(name, *_described(name)) for name in names]


def own() -> list[dict[str, Any]]:
    """What the API adds to them."""
    cursor = {"type": "string", "pattern": "^[A-Za-z0-9_-]{4,80}$"}
    return [
        _parameter("cursor", "Where to go on, as `next` has it.", cursor),
        chosen("fields", fields.EVERY, "Only these fields. `id`, `number` and the like stay."),
        chosen("include", ("facets",), "Facets with their counts, besides the stories."),
    ]


def chosen(name: str, known: Collection[str], description: str) -> dict[str, Any]:
    """A list of names with commas between."""
    items = {"type": "string", "enum": list(known)}
    schema = {"type": "array", "items": items, "minItems": 1}
    return _parameter(name, description, schema) | {"style": "form", "explode": False}


def text(name: str, description: str, longest: int, *, required: bool) -> dict[str, Any]:
    """A text."""
    schema = {"type": "string", "maxLength": longest} | ({"minLength": 1} if required else {})
    return _parameter(name, description, schema) | {"required": required}


def header(name: str, description: str, schema: dict[str, Any] | None = None) -> dict[str, Any]:
    """A header of a request."""
    return _parameter(name, description, schema or {"type": "string"}) | {"in": "header"}


def _parameter(name: str, description: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {
        "in": "query",
        "name": name,
        "description": description,
        "required": False,
        "schema": schema,
    }
