"""What every reader yields: one story as its source tells it, or why it could not be read."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(slots=True)
class Record:
    """One story in one language, as the source has it; nothing is matched or cleaned yet.

    ``line`` is the line of the source (from 1) where the record starts. ``published`` is a date
    when the source gives no time; a naive datetime is in the newsroom's zone. ``headline``,
    ``summary``, ``dateline`` and ``byline`` are plain text, ``body`` is HTML that has *not* been
    cleaned. ``dateline`` has no closing dash, and ``summary`` does not repeat it. ``cut`` says
    that the source itself ended inside this record.
    """

    headline: str
    published: date | datetime
    line: int
    external_id: str | None = None
    group: str | None = None
    language: str | None = None
    genre: str | None = None
    offices: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    summary: str = ""
    body: str = ""
    dateline: str = ""
    byline: str = ""
    location: str = ""
    url: str = ""
    updated: datetime | None = None
    withdrawn: bool = False
    cut: bool = False


@dataclass(slots=True)
class Rejection:
    """A record that could not be read: where it starts, which field, why, and its first text."""

    line: int
    field: str
    reason: str
    raw: str
