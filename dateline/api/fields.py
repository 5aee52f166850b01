"""A story's fields: each is declared here once, for lists, for one story and for `fields=`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from dateline.api import addresses
from dateline.archive import entries
from dateline.archive.rows import StoryRow
from dateline.formats.feed import Entry
from dateline.vocabularies.snapshot import TermInfo

ALWAYS = ("id", "number", "language", "state", "url", "self")
"""What tells a story from others is in every answer."""

_Read = Callable[[StoryRow, str], Any]


def _terms(name: str) -> _Read:
    return lambda row, language: [
        term(info, language, row.published_on) for info in getattr(row, name)
    ]


_BRIEF: dict[str, _Read] = {
    "headline": lambda row, language: row.headline,
    "summary": lambda row, language: row.summary,
    "dateline": lambda row, language: row.dateline,
    "byline": lambda row, language: row.byline,
    "location": lambda row, language: row.location,
    "published": lambda row, language: published(row.published),
    "updated": lambda row, language: moment(row.updated_at),
    "corrected": lambda row, language: moment(row.corrected_at),
    "translation_note": lambda row, language: row.translation_note,
    "source_url": lambda row, language: row.source_url,
    "genre": lambda row, language: row.genre and term(row.genre, language, row.published_on),
    "offices": _terms("offices"),
    "topics": _terms("topics"),
}
_FULL: dict[str, Callable[[Entry], Any]] = {
    "body": lambda entry: entry.body_html,
    "pictures": lambda entry: [_filled(asdict(picture)) for picture in entry.pictures],
    "documents": lambda entry: [_filled(asdict(document)) for document in entry.attachments],
}
BRIEF = tuple(_BRIEF)
"""What a list gives unless told otherwise."""

EVERY = (*_BRIEF, *_FULL)
"""All that `fields=` may name; one story has them all unless told otherwise."""


def needs_bodies(names: Iterable[str]) -> bool:
    """Whether any of these is in the rows only when they are read with their bodies."""
    return not _FULL.keys().isdisjoint(names)


def story(row: StoryRow, language: str, names: Iterable[str]) -> dict[str, Any]:
    """A listed story with these fields; what it does not have is left out, lists apart.

    Its terms are named in `language`, the list's.
    """
    said = identity(row.number, row.language, "published", entries.absolute(row.path))
    carried = entries.entry(row, language) if needs_bodies(names) else None
    for name in names:
        if name in _BRIEF:
            said[name] = _BRIEF[name](row, language)
        elif carried is not None:
            said[name] = _FULL[name](carried)
    return {name: value for name, value in said.items() if value not in (None, "")}


def identity(number: int, language: str, state: str, url: str) -> dict[str, Any]:
    """What is in every answer about a story."""
    return {
        "id": entries.absolute(f"/n/{number}#{language}"),
        "number": number,
        "language": language,
        "state": state,
        "url": url,
        "self": addresses.story(language, number),
    }


def term(info: TermInfo, language: str, on: date | None = None) -> dict[str, str]:
    """A term as a story names it, with what it was called on a day, where that is another name."""
    said = {"slug": info.slug, "label": info.label(language), "id": addresses.term(info)}
    then = info.on(on).label(language) if on else said["label"]
    return said | ({"label_at_publication": then} if then != said["label"] else {})


def published(value: date | datetime | None) -> date | datetime | None:
    """A publishing date: a moment to the second, or a day where no time is known."""
    return moment(value) if isinstance(value, datetime) else value


def moment(at: datetime | None) -> datetime | None:
    """A moment on the newsroom's clock; None stays None."""
    return timezone.localtime(at).replace(microsecond=0) if at else None


def _filled(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}
