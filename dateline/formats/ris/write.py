"""A story as a RIS record."""

from __future__ import annotations

from collections.abc import Iterator

from dateline.formats.feed import Entry, Publisher
from dateline.formats.reference import Reference


def write(entry: Entry, publisher: Publisher) -> bytes:
    """Return the record in UTF-8: one field on a line, lines end as RIS has it (CR LF)."""
    fields = _fields(Reference.of(entry, publisher))
    lines = (f"{tag}  - {' '.join(text.split())}" for tag, text in fields if text)
    return "\r\n".join([*lines, "ER  - ", ""]).encode()


def _fields(reference: Reference) -> Iterator[tuple[str, str]]:
    day = reference.issued
    yield "TY", "ELEC"
    yield "ID", reference.key
    yield "TI", reference.title
    yield from (("AU", name) for name in reference.authors)
    yield "PY", str(day.year)
    yield "DA", f"{day:%Y/%m/%d}"
    yield "PB", reference.publisher
    yield "T2", reference.newsroom
    yield "M3", reference.genre
    yield "ET", str(reference.version or "")
    yield "N1", reference.note
    yield "AB", reference.abstract
    yield from (("KW", keyword) for keyword in reference.keywords)
    yield "LA", reference.language
    yield "UR", reference.url
