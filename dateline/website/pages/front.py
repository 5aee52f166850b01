"""The newest stories and the archive's doors, as the front page shows them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.conf import settings

from dateline.archive.facets import FacetValue
from dateline.archive.query import Query
from dateline.archive.search import ResultPage
from dateline.lib import newsroom
from dateline.website.pages.histogram import histogram, span
from dateline.website.pages.listing import feeds

DOORS = 12
"""How many offices and topics stand on the front page."""


def present(result: ResultPage) -> dict[str, Any]:
    """The context of `website/front.html`, all of it from one search."""
    language = result.query.language
    return {
        "section": "front",
        "query": result.query,
        "result": result,
        "lead": result.stories[0] if result.stories else None,
        "second": result.stories[1:3],
        "latest": result.stories[3:],
        "introduction": newsroom.say(settings.NEWSROOM.introduction, language),
        "genres": result.facet("genre").values,
        "offices": _doors(result, "office"),
        "topics": _doors(result, "topic"),
        "span": span(result),
        "histogram": histogram(replace(result, query=Query(language=language))),
        "follow": feeds(result.query),
        "alternates": {tag: f"/{tag}/" for tag in settings.NEWSROOM.languages},
    }


def _doors(result: ResultPage, facet: str) -> list[FacetValue]:
    """The busiest open ones, in the order of their names."""
    busiest = sorted(
        (value for value in result.facet(facet).values if not value.closed),
        key=lambda value: -value.count,
    )[:DOORS]
    return sorted(busiest, key=lambda value: value.label.casefold())
