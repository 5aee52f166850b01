"""Where things are: absolute addresses of the API and of the pages they belong to."""

from __future__ import annotations

from django.conf import settings

from dateline.archive.query import Query
from dateline.vocabularies.snapshot import TermInfo

ROOT = "/api/v1"
NAMES = {"office": "offices", "topic": "topics", "genre": "genres"}
"""Facet → the vocabulary's name in addresses."""


def api(path: str) -> str:
    """The full address of a path below the API's root."""
    return f"{settings.ORIGIN}{ROOT}{path}"


def stories(query: Query, extra: str = "") -> str:
    """A query as an API call: the listing's own parameters, then the API's (`extra`)."""
    asked = "&".join(filter(None, [query.write(), extra]))
    return api(f"/{query.language}/stories") + (f"?{asked}" if asked else "")


def story(language: str, number: int) -> str:
    """One text."""
    return api(f"/{language}/stories/{number}")


def term(info: TermInfo) -> str:
    """A term: its address here is its identifier everywhere."""
    return api(f"/vocabularies/{NAMES[info.facet]}/{info.slug}")


def vocabulary(facet: str) -> str:
    """A vocabulary."""
    return api(f"/vocabularies/{NAMES[facet]}")
