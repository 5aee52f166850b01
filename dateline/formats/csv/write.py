"""Stories as a table for spreadsheets."""

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import date, datetime, tzinfo

from dateline.formats.csv import protect
from dateline.formats.feed import Entry, moment

CONTENT_TYPE = "text/csv"
HEADER = (
    "number",
    "language",
    "headline",
    "published",
    "updated",
    "genre",
    "offices",
    "topics",
    "byline",
    "summary",
    "url",
    "source",
    "id",
)
_ROWS = 200


def write(entries: Iterable[Entry], zone: tzinfo) -> Iterator[bytes]:
    """Yield the table piece by piece, in UTF-8 with a mark, so that Excel reads it rightly.

    Columns are ``HEADER``; several terms in a cell are parted by "; ", dates are ISO 8601, and no
    cell can be taken for a formula. A date without a time stays one.
    """
    buffer = io.StringIO("\ufeff")
    buffer.seek(0, io.SEEK_END)
    writer = csv.writer(buffer)
    writer.writerow(HEADER)
    for count, entry in enumerate(entries, 1):
        writer.writerow(map(protect, _row(entry, zone)))
        if count % _ROWS == 0:
            yield _taken(buffer)
    yield _taken(buffer)


def _row(entry: Entry, zone: tzinfo) -> tuple[str, ...]:
    return (
        str(entry.number or ""),
        entry.language,
        entry.headline,
        _published(entry.published, zone),
        moment(entry.updated, zone) if entry.updated else "",
        *(_terms(entry, scheme) for scheme in ("genre", "office", "topic")),
        "; ".join(entry.authors),
        entry.summary,
        entry.url,
        entry.source_url,
        entry.id,
    )


def _terms(entry: Entry, scheme: str) -> str:
    return "; ".join(category.label for category in entry.categories if category.scheme == scheme)


def _taken(buffer: io.StringIO) -> bytes:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text.encode("utf-8")


def _published(value: date | datetime, zone: tzinfo) -> str:
    return moment(value, zone) if isinstance(value, datetime) else value.isoformat()
