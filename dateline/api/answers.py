"""Answers for readers: JSON that caches may keep, checked by ETag each time."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import http_date

JSON = "application/json"
JSON_LD = "application/ld+json"


def json(
    request: HttpRequest,
    content: Mapping[str, Any],
    *,
    media_type: str = JSON,
    language: str = "",
    links: Mapping[str, str] | None = None,
    modified: datetime | None = None,
) -> HttpResponse:
    """The content as JSON, or 304 where the reader has it already.

    `links` are relation → address for the Link header (RFC 8288). `modified`: when what this was
    made of last changed. Caches must ask each time: what was withdrawn must be gone everywhere at
    once.
    """
    body = orjson.dumps(content)
    answer = HttpResponse(body, content_type=media_type)
    answer["ETag"] = etag(body)
    answer["Cache-Control"] = "public, no-cache"
    if language:
        answer["Content-Language"] = language
    if links:
        answer["Link"] = ", ".join(f'<{address}>; rel="{name}"' for name, address in links.items())
    seconds = int(modified.timestamp()) if modified else None
    if seconds:
        answer["Last-Modified"] = http_date(seconds)
    return get_conditional_response(request, answer["ETag"], seconds, answer)  # type: ignore[return-value]


def etag(body: bytes) -> str:
    """A strong entity tag of some bytes."""
    return f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'
