"""A query as a feed: what is the same for every feed format."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings

from dateline.archive import entries, search
from dateline.archive.query import Query
from dateline.archive.search import ResultPage
from dateline.feeds import withdrawals
from dateline.formats.feed import Archive, Entry, Feed
from dateline.lib import newsroom

_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
"""When an empty feed was last changed: a moment, since feeds need one, that never moves."""


def feed(query: Query, ending: str) -> tuple[Feed, datetime | None]:
    """The page of a query as a feed whose own address has this ending, and when it expires.

    Newest first: readers of feeds look for what is new, so relevance, which lists with words are
    sorted by unless told otherwise, does not apply.
    """
    dated = replace(query, sort="newest") if query.sort == "relevance" else query
    page = search.search(dated, bodies=True)
    zone = ZoneInfo(settings.TIME_ZONE)
    listed = [_carried(entries.entry(row, query.language)) for row in page.stories]
    gone = withdrawals.recent(query.languages) if query.page == 1 else []
    moments = [*(_changed(entry, zone) for entry in listed), *(one.at for one in gone)]
    made = Feed(
        title=_title(page),
        home_url=entries.absolute(query.on_page(1).path()),
        feed_url=entries.absolute(query.path(ending)),
        language=query.language,
        updated=max(moments, default=_BEGINNING),
        entries=listed,
        next_url=_next(page, query, ending),
        publisher=publisher(query.language),
        zone=zone,
        hub_url=settings.WEBSUB_HUB,
        archive=_archive(page, dated, ending),
        withdrawn=gone,
    )
    return made, page.until


def _carried(entry: Entry) -> Entry:
    """The entry with its text, or without where the organisation wants readers on its pages."""
    return entry if settings.NEWSROOM.feed_text == "full" else replace(entry, body_html="")


def _archive(page: ResultPage, query: Query, ending: str) -> Archive:
    """The feed's place among its archive documents (RFC 5005, section 4).

    They are the full pages counted from the oldest story: what is published later changes none of
    them, and what does not fill a page yet is in the feed itself, which is as long as a page.
    """
    full = page.total // query.size

    def at(number: int) -> str:
        if not 1 <= number <= full:
            return ""
        document = replace(query, sort="oldest", page=number)
        return entries.absolute(document.path(ending))

    if query.sort == "newest":
        return Archive(previous_url=at(full)) if query.page == 1 else Archive()
    if query.page > full:
        return Archive()
    current = replace(query, sort="newest", page=1)
    return Archive(
        current_url=entries.absolute(current.path(ending)),
        previous_url=at(query.page - 1),
        following_url=at(query.page + 1),
    )


def _title(page: ResultPage) -> str:
    name = newsroom.say(settings.NEWSROOM.name, page.query.language)
    return f"{page.sentence} – {name}"


def publisher(language: str) -> str:
    """Who publishes: the organisation, or the newsroom where none is named."""
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
