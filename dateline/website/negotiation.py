"""Which language a reader gets: from the address, else from what the browser says it prefers."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation.trans_real import parse_accept_lang_header


def of_address(path: str) -> str | None:
    """The content language an address begins with: "/fr/news" is "fr"; None if with none."""
    first = path.lstrip("/").partition("/")[0]
    return first if first in settings.NEWSROOM.languages else None


def of_request(request: HttpRequest) -> str:
    """The language of the address, else the reader's preference among the newsroom's."""
    return of_address(request.path_info) or preferred(request, settings.NEWSROOM.languages)


def preferred(request: HttpRequest, available: Sequence[str]) -> str:
    """The best of `available` for `Accept-Language` (RFC 9110, 12.5.4), else the first."""
    accepted = parse_accept_lang_header(request.headers.get("Accept-Language", ""))
    folded = {tag.lower(): tag for tag in available}
    for tag, _weight in accepted:
        if found := folded.get(tag) or folded.get(tag.partition("-")[0]):
            return found
    return available[0]


def interface(language: str) -> str:
    """The language a page's own words are in: the content's where Dateline speaks it."""
    spoken = settings.NEWSROOM.interface_languages
    base = language.partition("-")[0]
    return next((tag for tag in (language, base) if tag in spoken), spoken[0])
