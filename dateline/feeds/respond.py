"""Answers to `.atom` and `.json`, and to those who ask only whether anything is new."""

from __future__ import annotations

import hashlib

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import http_date

from dateline.archive import freshness
from dateline.archive.query import Query
from dateline.feeds import listing
from dateline.formats import atom as atom_format
from dateline.formats import jsonfeed as json_format
from dateline.formats.atom.write import write as write_atom
from dateline.formats.jsonfeed.write import write as write_json


def atom(request: HttpRequest, query: Query) -> HttpResponseBase:
    """The query as Atom (RFC 4287, paged as RFC 5005 has it)."""
    return _answer(request, write_atom(listing.feed(query, "atom")), atom_format.CONTENT_TYPE)


def json_feed(request: HttpRequest, query: Query) -> HttpResponseBase:
    """The query as JSON Feed 1.1."""
    return _answer(request, write_json(listing.feed(query, "json")), json_format.CONTENT_TYPE)


def _answer(request: HttpRequest, content: bytes, content_type: str) -> HttpResponseBase:
    """The feed, or 304 where the reader has it already.

    Caches must ask each time: what was withdrawn must be gone everywhere at once.
    """
    modified = freshness.last_modified()
    etag = f'"{hashlib.blake2b(content, digest_size=12).hexdigest()}"'
    answer = HttpResponse(content, content_type=f"{content_type}; charset=utf-8")
    answer["ETag"] = etag
    answer["Cache-Control"] = "no-cache"
    if modified:
        answer["Last-Modified"] = http_date(modified.timestamp())
    seconds = int(modified.timestamp()) if modified else None
    return get_conditional_response(request, etag, seconds, answer)  # type: ignore[return-value]
