"""Answers to `.atom`, `.rss` and `.json`, and to those who ask only whether anything is new."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from django.http import HttpRequest, HttpResponse, HttpResponseBase

from dateline.archive import caching, freshness
from dateline.archive.query import Query
from dateline.feeds import listing
from dateline.formats import atom as atom_format
from dateline.formats import jsonfeed as json_format
from dateline.formats import rss as rss_format
from dateline.formats.atom.write import write as write_atom
from dateline.formats.feed import Feed
from dateline.formats.jsonfeed.write import write as write_json
from dateline.formats.rss.write import write as write_rss

WRITERS: dict[str, tuple[Callable[[Feed], bytes], str]] = {
    "atom": (write_atom, atom_format.CONTENT_TYPE),
    "rss": (write_rss, rss_format.CONTENT_TYPE),
    "json": (write_json, json_format.CONTENT_TYPE),
}
"""Suffix → writer and media type of every feed format."""


def atom(request: HttpRequest, query: Query) -> HttpResponseBase:
    """The query as Atom (RFC 4287, paged as RFC 5005 has it)."""
    return _listed(request, query, "atom")


def json_feed(request: HttpRequest, query: Query) -> HttpResponseBase:
    """The query as JSON Feed 1.1."""
    return _listed(request, query, "json")


def rss(request: HttpRequest, query: Query) -> HttpResponseBase:
    """The query as RSS 2.0."""
    return _listed(request, query, "rss")


def _listed(request: HttpRequest, query: Query, suffix: str) -> HttpResponseBase:
    feed, until = listing.feed(query, suffix)
    return answer(request, feed, suffix, caching.query_keys(query), until)


def answer(
    request: HttpRequest,
    feed: Feed,
    suffix: str,
    keys: Iterable[str],
    until: datetime | None = None,
) -> HttpResponseBase:
    """The feed in a format of WRITERS, or 304 where the reader has it already.

    Caches that cannot be purged must ask each time: what was withdrawn must be gone everywhere at
    once. `keys` and `until` are those of `caching.public`.
    """
    write, content_type = WRITERS[suffix]
    content = write(feed)
    response = HttpResponse(content, content_type=f"{content_type}; charset=utf-8")
    if feed.hub_url:
        # WebSub (W3C), section 4: where to subscribe stands in headers, whatever the format.
        response["Link"] = f'<{feed.hub_url}>; rel="hub", <{feed.feed_url}>; rel="self"'
    return caching.public(
        request, response, keys, modified=freshness.last_modified(), until=until, ask=True
    )
