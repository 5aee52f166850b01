"""Fair limits: so many requests a minute from one address, told in every answer.

`RateLimit` and `RateLimit-Policy` are as draft-ietf-httpapi-ratelimit-headers-11 has them. Counted
in Django's cache, in windows that begin on the minute: one counter for an address and window, which
the cache raises atomically and forgets by itself.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponseBase

from dateline.archive.clients import client

WINDOW = 60
"""Seconds."""

_POLICY = "default"


@dataclass(frozen=True)
class Standing:
    """How an address stands in the present window."""

    quota: int
    used: int
    seconds: int

    @property
    def exceeded(self) -> bool:
        """Whether the request that was just counted is one too many."""
        return self.used > self.quota

    def tell(self, answer: HttpResponseBase) -> None:
        """Put it into an answer's headers."""
        left = max(0, self.quota - self.used)
        answer["RateLimit"] = f'"{_POLICY}";r={left};t={self.seconds}'
        answer["RateLimit-Policy"] = f'"{_POLICY}";q={self.quota};w={WINDOW}'
        if self.exceeded:
            answer["Retry-After"] = str(self.seconds)


def count(request: HttpRequest) -> Standing | None:
    """Count a request; None where the newsroom sets no limit."""
    quota = settings.API_LIMIT
    if not quota:
        return None
    now = time.time()
    window, passed = divmod(int(now), WINDOW)
    key = f"api-limit:{client(request)}:{window}"
    # Added first, so that the counter has an end; raising it afterwards is atomic.
    cache.add(key, 0, timeout=2 * WINDOW)
    try:
        used = cache.incr(key)
    except ValueError:  # the cache threw it out between the two
        used = 1
    return Standing(quota, used, WINDOW - passed)
