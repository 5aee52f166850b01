"""What every feed is written from: plain values, whatever they were drawn from."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from urllib.parse import quote


@dataclass(frozen=True, slots=True)
class Category:
    """A vocabulary term an entry carries: its facet ("topic"), slug and name."""

    scheme: str
    term: str
    label: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with an entry; ``size`` in bytes, None when unknown."""

    url: str
    content_type: str
    title: str = ""
    size: int | None = None


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of an entry at an address of its own, with what must be said along with it."""

    url: str
    content_type: str
    alt: str = ""
    caption: str = ""
    credit: str = ""
    licence: str = ""


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom to call about an entry; what is not known is ""."""

    name: str
    role: str = ""
    email: str = ""
    phone: str = ""
    out_of_hours_phone: str = ""


@dataclass(frozen=True, slots=True)
class Publisher:
    """Who publishes: the organisation, its newsroom's name and address, and the time it keeps.

    ``zone`` is the one in which a date without a time begins.
    """

    name: str
    newsroom: str
    url: str
    zone: tzinfo = UTC

    def term_url(self, term: Category) -> str:
        """The address of a term's page or list here: what identifies it to others."""
        slug = quote(term.term)
        if term.scheme == "genre":
            return f"{self.url}news?genre={slug}"
        return f"{self.url}{term.scheme}s/{slug}"


@dataclass(frozen=True, slots=True)
class Entry:
    """One story in one language. ``id`` is a URI that never changes; ``body_html`` is cleaned.

    ``number`` is the story's in this newsroom, ``source_url`` the address it was taken from,
    ``version`` which of its published texts this is. A ``canceled`` entry must not be used any
    more (IPTC's publishing status): it has no text, and ``note`` says why.
    """

    id: str
    url: str
    headline: str
    published: date | datetime
    language: str
    updated: datetime | None = None
    summary: str = ""
    body_html: str = ""
    authors: Sequence[str] = ()
    categories: Sequence[Category] = ()
    pictures: Sequence[Picture] = ()
    attachments: Sequence[Attachment] = ()
    number: int | None = None
    source_url: str = ""
    dateline: str = ""
    location: str = ""
    version: int | None = None
    contacts: Sequence[Contact] = ()
    canceled: bool = False
    note: str = ""

    def labels(self, scheme: str) -> list[str]:
        """The names of the entry's terms of one facet."""
        return [category.label for category in self.categories if category.scheme == scheme]


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """An entry that must not be used any more: its id, since when, and the public reason."""

    id: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Archive:
    """Where a feed stands among its archive documents (RFC 5005, section 4); "" where none is.

    ``current_url`` is given by an archive document alone and leads to the feed people follow.
    """

    current_url: str = ""
    previous_url: str = ""
    following_url: str = ""


@dataclass(frozen=True, slots=True)
class Feed:
    """A listing as a feed. ``zone`` is the newsroom's, in which a date without a time begins."""

    title: str
    home_url: str
    feed_url: str
    language: str
    updated: datetime
    entries: Sequence[Entry] = field(default=())
    description: str = ""
    next_url: str = ""
    icon_url: str = ""
    publisher: str = ""
    zone: tzinfo = UTC
    hub_url: str = ""
    archive: Archive = Archive()
    withdrawn: Sequence[Withdrawn] = ()


def moment(value: date | datetime, zone: tzinfo) -> str:
    """Return RFC 3339 of a moment; a date is the start of that day in ``zone``."""
    if not isinstance(value, datetime):
        value = datetime.combine(value, time.min)
    if value.tzinfo is None:
        value = value.replace(tzinfo=zone)
    return sayable(value).replace(microsecond=0).isoformat()


def sayable(value: datetime) -> datetime:
    """The same moment at a distance from UTC that formats can say, which is in whole minutes.

    Before zones were agreed on, places had times of their own: Vienna 1:05:21 until 1893.
    """
    if (value.utcoffset() or timedelta()) % timedelta(minutes=1):
        return value.astimezone(UTC)
    return value
