"""Answers to `.atom`, `.rss` and `.json`, and to those who ask only whether anything is new."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import http_date

from dateline.archive import freshness
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
    return answer(request, listing.feed(query, "atom"), "atom")


def json_feed(request: HttpRequest, query: Query) -> HttpResponseBase:
    """The query as JSON Feed 1.1."""
    return answer(request, listing.feed(query, "json"), "json")


def rss(request: HttpRequest, query: Query) -> HttpResponseBase:
    """The query as RSS 2.0."""
    return answer(request, listing.feed(query, "rss"), "rss")


def answer(request: HttpRequest, feed: Feed, suffix: str) -> HttpResponseBase:
    """The feed in a format of WRITERS, or 304 where the reader has it already.

    Caches must ask each time: what was withdrawn must be gone everywhere at once.
    """
    write, content_type = WRITERS[suffix]
    content = write(feed)
    modified = freshness.last_modified()
    etag = f'"{hashlib.blake2b(content, digest_size=12).hexdigest()}"'
    response = HttpResponse(content, content_type=f"{content_type}; charset=utf-8")
    response["ETag"] = etag
    if feed.hub_url:
        # WebSub (W3C), section 4: where to subscribe stands in headers, whatever the format.
        response["Link"] = f'<{feed.hub_url}>; rel="hub", <{feed.feed_url}>; rel="self"'
    response["Cache-Control"] = "no-cache"
    if modified:
        response["Last-Modified"] = http_date(modified.timestamp())
    seconds = int(modified.timestamp()) if modified else None
    return get_conditional_response(request, etag, seconds, response)  # type: ignore[return-value]
