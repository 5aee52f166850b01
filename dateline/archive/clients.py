"""Who asks, as far as fair limits need to know."""

from __future__ import annotations

import ipaddress

from django.conf import settings
from django.http import HttpRequest


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


def is_own(request: HttpRequest) -> bool:
    """Whether a form was sent by a page of this site (`Sec-Fetch-Site`, `Origin`).

    What says neither is no browser of the last ten years, or hides it: refused as well.
    """
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    ours = {settings.ORIGIN, f"{request.scheme}://{request.get_host()}"}
    if site is None and origin is None:
        return False
    return site in (None, "same-origin") and (origin is None or origin in ours)
