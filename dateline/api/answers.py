"""Answers for readers: JSON that caches may keep, checked by ETag each time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from dateline.archive import caching

JSON = "application/json"
JSON_LD = "application/ld+json"


def json(
    request: HttpRequest,
    content: Mapping[str, Any],
    keys: Iterable[str] = (caching.EVERYTHING,),
    *,
    media_type: str = JSON,
    language: str = "",
    links: Mapping[str, str] | None = None,
    modified: datetime | None = None,
    until: datetime | None = None,
) -> HttpResponseBase:
    """The content as JSON, or 304 where the reader has it already.

    `links` are relation → address for the Link header (RFC 8288); `keys`, `modified` and `until`
    are those of `caching.public`. Caches that cannot be purged must ask each time: what was
    withdrawn must be gone everywhere at once.
    """
    answer = HttpResponse(orjson.dumps(content), content_type=media_type)
    if language:
        answer["Content-Language"] = language
    if links:
        answer["Link"] = ", ".join(f'<{address}>; rel="{name}"' for name, address in links.items())
    return caching.public(request, answer, keys, modified=modified, until=until, ask=True)
