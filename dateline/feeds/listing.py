"""A query as a feed: what is the same for every feed format."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings

from dateline.archive import entries, search
from dateline.archive.query import Query
from dateline.archive.search import ResultPage
from dateline.formats.feed import Entry, Feed
from dateline.lib import newsroom

_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
"""When an empty feed was last changed: a moment, since feeds need one, that never moves."""


def feed(query: Query, ending: str) -> Feed:
    """The page of a query as a feed whose own address has this ending.

    Newest first: readers of feeds look for what is new, so relevance, which lists with words are
    sorted by unless told otherwise, does not apply.
    """
    dated = replace(query, sort="newest") if query.sort == "relevance" else query
    page = search.search(dated, bodies=True)
    zone = ZoneInfo(settings.TIME_ZONE)
    listed = [entries.entry(row, query.language) for row in page.stories]
    return Feed(
        title=_title(page),
        home_url=entries.absolute(query.on_page(1).path()),
        feed_url=entries.absolute(query.path(ending)),
        language=query.language,
        updated=max((_changed(entry, zone) for entry in listed), default=_BEGINNING),
        entries=listed,
        next_url=_next(page, query, ending),
        publisher=_publisher(query.language),
        zone=zone,
    )


def _title(page: ResultPage) -> str:
    name = newsroom.say(settings.NEWSROOM.name, page.query.language)
    return f"{page.sentence} – {name}"


def _publisher(language: str) -> str:
    identity = settings.NEWSROOM
    return newsroom.say(identity.organisation or identity.name, language)


def _next(page: ResultPage, query: Query, ending: str) -> str:
    if query.page >= page.pages:
        return ""
    return entries.absolute(query.on_page(query.page + 1).path(ending))


def _changed(entry: Entry, zone: ZoneInfo) -> datetime:
    moment: date | datetime = entry.updated or entry.published
    if isinstance(moment, datetime):
        return moment
    return datetime(moment.year, moment.month, moment.day, tzinfo=zone)
