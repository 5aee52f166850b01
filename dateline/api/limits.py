"""Fair limits: so many requests a minute from one address, told in every answer.

`RateLimit` and `RateLimit-Policy` are as draft-ietf-httpapi-ratelimit-headers-11 has them. Counted
in Django's cache, in windows that begin on the minute: one counter for an address and window, which
the cache raises atomically and forgets by itself.
"""

from __future__ import annotations

import ipaddress
import time
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponseBase

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


def client(request: HttpRequest) -> str:
    """Who asks: an IPv4 address, or the network of an IPv6 one, of which anybody has billions.

    Behind trusted proxies it is the address that the outermost of them saw: each adds the one it
    was asked by to the end of X-Forwarded-For, and all before that may be made up.
    """
    seen = request.META.get("REMOTE_ADDR", "")
    if settings.TRUST_PROXY:
        hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",")]
        seen = hops[-min(settings.PROXIES, len(hops))] or seen
    try:
        address = ipaddress.ip_address(seen)
    except ValueError:
        return "unknown"
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)
