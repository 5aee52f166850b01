"""Stories as a table for spreadsheets."""

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import date, datetime, tzinfo
from typing import Any

from dateline.formats.columns import SHORT, cells
from dateline.formats.csv import protect
from dateline.formats.feed import Entry, moment

CONTENT_TYPE = "text/csv"
HEADER = tuple(column.name for column in SHORT)
PARTED = "; "
"""Between several terms in one cell."""
_ROWS = 200


def write(entries: Iterable[Entry], zone: tzinfo) -> Iterator[bytes]:
    """Yield the table piece by piece, in UTF-8 with a mark, so that Excel reads it rightly.

    Columns are ``HEADER``; several terms in a cell are parted by "; ", dates are ISO 8601, and no
    cell can be taken for a formula. The header comes at once, before any story is read.
    """
    buffer = io.StringIO("\ufeff")
    buffer.seek(0, io.SEEK_END)
    writer = csv.writer(buffer)
    writer.writerow(HEADER)
    yield _taken(buffer)
    for count, entry in enumerate(entries, 1):
        values = cells(entry, SHORT).values()
        writer.writerow(protect(_cell(value, zone)) for value in values)
        if count % _ROWS == 0:
            yield _taken(buffer)
    yield _taken(buffer)


def _cell(value: Any, zone: tzinfo) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return moment(value, zone)
    if isinstance(value, date):
        return value.isoformat()
    return PARTED.join(value) if isinstance(value, list) else str(value)


def _taken(buffer: io.StringIO) -> bytes:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text.encode("utf-8")
