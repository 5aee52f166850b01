"""The list an endpoint follows, from the address an administrator pasted."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from django.conf import settings
from django.utils import timezone

from dateline.archive import facets
from dateline.archive.query import Query, parse
from dateline.vocabularies import snapshot as vocabularies


class NoListing(ValueError):  # noqa: N818 - what was pasted, not a defect
    """The address is not one of this site's lists; the argument says what of it is wrong."""


def query(address: str) -> Query:
    """The query behind `/en/news?…`, with or without the site's origin. Raises NoListing.

    Renamed and merged terms are followed, as they are when the page is opened.
    """
    parts = urlsplit(address.removeprefix(settings.ORIGIN))
    language, _, rest = parts.path.strip("/").partition("/")
    if parts.netloc or rest != "news" or language not in settings.NEWSROOM.languages:
        raise NoListing(address)
    given = parse_qs(parts.query, keep_blank_values=True)
    parsed = parse(given, language, timezone.localdate())
    resolved, unknown = facets.resolve(parsed.query, vocabularies.current())
    if problems := (*parsed.problems, *unknown):
        raise NoListing(f"{problems[0].parameter}={problems[0].value}")
    return resolved


def followed(address: str) -> Query:
    """What an endpoint that follows this list is told of now. Raises NoListing.

    What came after its offices and topics joins them, as for those who follow by e-mail.
    """
    return facets.carried_on(query(address), vocabularies.current())
