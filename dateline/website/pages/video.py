"""Videos of other sites: a link, and a player that is loaded only when a reader asks for it.

A paragraph that is nothing but a link to a video, or its bare address, becomes both. Until the
reader presses the button the page loads nothing from there, so that nobody learns who reads what;
without JavaScript the link is all there is.
"""

from __future__ import annotations

import re
from html import unescape

from django.template.loader import render_to_string

_LINK = r'<a\b[^>]*\bhref="(?P<link>[^"]+)"[^>]*>(?P<title>[^<]+)</a>'
_ALONE = re.compile(rf"<p(?:\s[^>]*)?>\s*(?:{_LINK}|(?P<bare>https://[^\s<]+))\s*</p>")
_SITES = (
    (
        "YouTube",
        re.compile(
            r"https://(?:(?:www\.|m\.)?youtube\.com/(?:watch\?v=|live/|shorts/)|youtu\.be/)"
            r"([\w-]{11})(?:[?&#].*)?"
        ),
        "https://www.youtube-nocookie.com/embed/{}?autoplay=1",
    ),
    (
        "Vimeo",
        re.compile(r"https://(?:www\.)?vimeo\.com/(\d{6,12})(?:[?#].*)?"),
        "https://player.vimeo.com/video/{}?dnt=1&autoplay=1",
    ),
)
"""(name, address of a video, address of its player), which `settings.PLAYERS` must allow."""


def offered(html: str) -> str:
    """The HTML with players offered beside the videos that stand alone."""
    return _ALONE.sub(_offer, html) if "https://" in html else html


def player(address: str) -> tuple[str, str]:
    """(name of the site, address of its player that sets no cookies); "" for what is no video."""
    for name, pattern, player_address in _SITES:
        if found := pattern.fullmatch(address):
            return name, player_address.format(found[1])
    return "", ""


def _offer(found: re.Match[str]) -> str:
    link = unescape(found["link"] or found["bare"])
    site, address = player(link)
    if not address:
        return found[0]
    said = {"link": link, "title": unescape(found["title"] or link), "site": site}
    return render_to_string("website/_video.html", said | {"player": address}).strip()
