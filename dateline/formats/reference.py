"""A story as something to cite: what every reference format says of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from dateline.formats.feed import Entry, Publisher
from dateline.lib import slugs


@dataclass(frozen=True, slots=True)
class Reference:
    """One version of one text. `authors` are the organisation where no byline is known.

    `url` is the permanent address; `note` says which version was read and what became of it.
    """

    key: str
    title: str
    authors: Sequence[str]
    publisher: str
    newsroom: str
    issued: date
    url: str
    language: str
    genre: str
    version: int | None
    note: str
    abstract: str
    keywords: Sequence[str]

    @classmethod
    def of(cls, entry: Entry, publisher: Publisher) -> Reference:
        """What there is to cite of an entry."""
        published = entry.published
        return cls(
            key=f"{slugs.slug(publisher.name, 24)}-{entry.number}-{entry.language}",
            title=f"[Retracted] {entry.headline}" if entry.canceled else entry.headline,
            authors=tuple(entry.authors) or (publisher.name,),
            publisher=publisher.name,
            newsroom=publisher.newsroom,
            issued=published.date() if isinstance(published, datetime) else published,
            url=entry.id.partition("#")[0],
            language=entry.language,
            genre=", ".join(entry.labels("genre")),
            version=entry.version,
            note=_note(entry),
            abstract=entry.summary,
            keywords=(*entry.labels("topic"), *entry.labels("office")),
        )


def _note(entry: Entry) -> str:
    """Which version, of when; for a text that must not be used, why."""
    if entry.canceled:
        return entry.note
    changed = entry.updated or entry.published
    day = changed.date() if isinstance(changed, datetime) else changed
    return f"Version {entry.version}, {day.isoformat()}" if entry.version else ""
