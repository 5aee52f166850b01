"""Lists of stories and their facets, as answers."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.utils import timezone

from dateline.api import addresses, fields
from dateline.api.asking import Asked
from dateline.archive import cursors, entries, search
from dateline.archive.engines.base import Place
from dateline.archive.facets import Facet
from dateline.archive.query import Query
from dateline.archive.search import ResultPage
from dateline.vocabularies import snapshot as vocabularies


def stories(asked: Asked) -> tuple[dict[str, Any], datetime | None]:
    """A page of a list: what it is about, how many match, the stories, where it goes on.

    With it the moment from which it must not be shown, if one of its stories expires.
    """
    query = asked.query
    names = asked.own["fields"] or fields.BRIEF
    with_facets = "facets" in asked.own["include"]
    page = search.search(
        query, bodies=fields.needs_bodies(names), after=asked.after, counted=with_facets
    )
    said = {
        "title": page.sentence,
        "total": page.total,
        "url": entries.absolute(query.path()),
        "self": addresses.stories(query, _own(asked, asked.after)),
        "next": _next(asked, page),
        "stories": [fields.story(row, query.language, names) for row in page.stories],
    }
    if with_facets:
        said["facets"] = [facet(one) for one in page.facets]
    return {name: value for name, value in said.items() if value is not None}, page.until


def facets(query: Query) -> dict[str, Any]:
    """The facets of a query's whole answer, and nothing of its stories."""
    snapshot = vocabularies.current()
    found = search.find(query, timezone.now(), snapshot)
    page = ResultPage(query, found.total, [], found.counts, snapshot)
    return {"title": page.sentence, "total": page.total, "facets": [facet(f) for f in page.facets]}


def facet(shown: Facet) -> dict[str, Any]:
    """A facet with its values in the order they are shown in; `closed` is for offices alone."""
    return {
        "name": shown.name,
        "label": shown.label,
        "values": [asdict(value) for value in shown.values],
    }


def _next(asked: Asked, page: ResultPage) -> str | None:
    """The address the list goes on at. By relevance there is no place to go on from: by page."""
    query = asked.query
    if not _goes_on(asked, page):
        return None
    if query.sort == "relevance" or page.last is None:
        return addresses.stories(query.on_page(query.page + 1), _own(asked))
    return addresses.stories(query.on_page(1), _own(asked, page.last))


def _goes_on(asked: Asked, page: ResultPage) -> bool:
    query = asked.query
    if asked.after is None:
        return query.page < page.pages
    if page.last is None:
        return False
    one = replace(query, size=1)
    found = search.find(one, timezone.now(), page.snapshot, after=page.last, counted=False)
    return bool(found.ids)


def _own(asked: Asked, after: Place | None = None) -> str:
    """The API's own parameters, written out again."""
    pairs = {name: ",".join(values) for name, values in asked.own.items() if values}
    return urlencode(pairs | ({"cursor": cursors.write(after)} if after else {}), safe=",")
