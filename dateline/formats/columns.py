"""What a story is as a row of data: the columns CSV, NDJSON and Parquet share.

One list for all of them, so that a column means the same everywhere and the data dictionary of a
dataset is read off it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from dateline.formats.feed import Entry, sayable
from dateline.lib import html

Kind = Literal["text", "texts", "integer", "date", "moment"]
"""What a cell holds; "texts" are several, "moment" is a date with a time and its zone."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, what its cells are, what it says, and how it is read off an entry.

    A `long` one is left out of tables for spreadsheets, whose cells end at 32,767 characters.
    What is not known is None, or no texts at all.
    """

    name: str
    kind: Kind
    about: str
    value: Callable[[Entry], Any]
    long: bool = False


def _day(entry: Entry) -> date:
    published = entry.published
    return published.date() if isinstance(published, datetime) else published


def _moment(entry: Entry) -> datetime | None:
    return sayable(entry.published) if isinstance(entry.published, datetime) else None


def _terms(scheme: str) -> Callable[[Entry], list[str]]:
    return lambda entry: entry.labels(scheme)


def _slugs(scheme: str) -> Callable[[Entry], list[str]]:
    return lambda entry: [term.term for term in entry.categories if term.scheme == scheme]


def _genre(entry: Entry) -> str | None:
    return next(iter(entry.labels("genre")), None)


def _genre_slug(entry: Entry) -> str | None:
    return next(iter(_slugs("genre")(entry)), None)


COLUMNS: tuple[Column, ...] = (
    Column("id", "text", "Permanent identifier of this text, a URI", lambda entry: entry.id),
    Column(
        "number",
        "integer",
        "The story's number, shared by all its translations",
        lambda entry: entry.number,
    ),
    Column("language", "text", "Language of the text (BCP 47)", lambda entry: entry.language),
    Column("headline", "text", "Headline", lambda entry: entry.headline),
    Column(
        "published_on", "date", "Publishing date in the time zone of the newsroom (ISO 8601)", _day
    ),
    Column(
        "published_at",
        "moment",
        "Moment of publishing (RFC 3339); empty where only the date is known",
        _moment,
    ),
    Column(
        "updated_at",
        "moment",
        "Moment of the last change to the text after publishing (RFC 3339)",
        lambda entry: entry.updated and sayable(entry.updated),
    ),
    Column("genre", "text", "Content type", _genre),
    Column("offices", "texts", "Offices the story is filed under", _terms("office")),
    Column("topics", "texts", "Topics the story is filed under", _terms("topic")),
    Column("genre_slug", "text", "Content type as addresses of the site name it", _genre_slug),
    Column("office_slugs", "texts", "Offices as addresses of the site name them", _slugs("office")),
    Column("topic_slugs", "texts", "Topics as addresses of the site name them", _slugs("topic")),
    Column("dateline", "text", "Place and date the text begins with", lambda entry: entry.dateline),
    Column(
        "location", "text", "Place the story is about or comes from", lambda entry: entry.location
    ),
    Column("byline", "text", "Who wrote it", lambda entry: "; ".join(entry.authors)),
    Column("summary", "text", "Lead: what lists show of the story", lambda entry: entry.summary),
    Column("url", "text", "Address of the text's page", lambda entry: entry.url),
    Column(
        "source", "text", "Address an imported text was taken from", lambda entry: entry.source_url
    ),
    Column(
        "version",
        "integer",
        "Which of the published versions of the text this is, from 1",
        lambda entry: entry.version,
        long=True,
    ),
    Column("body", "text", "Full text as HTML", lambda entry: entry.body_html, long=True),
    Column(
        "text",
        "text",
        "Full text without markup, a line for each paragraph",
        lambda entry: html.text(html.without_pictures(entry.body_html)),
        long=True,
    ),
    Column(
        "pictures",
        "texts",
        "Addresses of the pictures",
        lambda entry: [picture.url for picture in entry.pictures],
        long=True,
    ),
    Column(
        "documents",
        "texts",
        "Addresses of the attached documents",
        lambda entry: [document.url for document in entry.attachments],
        long=True,
    ),
)

SHORT: tuple[Column, ...] = tuple(column for column in COLUMNS if not column.long)
"""The columns of a table for spreadsheets."""


def cells(entry: Entry, columns: Iterable[Column] = COLUMNS) -> dict[str, Any]:
    """Column → value: text, list of texts, integer, date or datetime; None where not known."""
    found = ((column, column.value(entry)) for column in columns)
    return {column.name: None if value == "" else value for column, value in found}
