"""A record as it will be stored: in a known language, dated, within the store's bounds."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Final
from uuid import UUID, uuid5

from django.conf import settings
from django.utils import timezone

from dateline.formats.record import Record, Rejection
from dateline.importing import identity
from dateline.lib import html
from dateline.stories.models import Story
from dateline.stories.ports import day_start

FACETS: Final = ("genre", "office", "topic")
_RAW = 500
_BOUNDED: Final = tuple(
    (name, Story._meta.get_field(column).max_length or 0)
    for name, column in (
        ("headline", "headline"),
        ("dateline", "dateline"),
        ("byline", "byline"),
        ("location", "location"),
        ("url", "source_url"),
    )
)
_LONGEST_NAME = 255
_LONGEST_ID = 240
"""Leaves room in the store's 255 characters for "#2" or a language."""
_YEARS = range(1000, 9999)
_RELATIVE = re.compile(
    r"<(?:a|img)\s[^>]*?(?:href|src)\s*=\s*[\"']?(?![\"'#]|[a-z][a-z0-9+.-]*:)", re.IGNORECASE
)


@dataclass(slots=True)
class Text:
    """One story to be: what the store will hold of a record, terms still by name.

    `key` stands for (id, language) within the file; `external_id` is what the store will know it
    by, once `identity` has told repeated ones apart. `body` is raw until `cleaned`.
    """

    line: int
    key: int
    external_id: str
    has_id: bool
    translation_key: UUID
    language: str
    published_on: date
    published_at: datetime | None
    updated_at: datetime | None
    headline: str
    summary: str
    body: str
    dateline: str
    byline: str
    location: str
    url: str
    genre: str
    offices: tuple[str, ...]
    topics: tuple[str, ...]
    withdrawn: bool
    cut: bool
    fingerprint: str

    def numbered(self, occurrence: int) -> Text:
        """This text as one of several in its file that look alike and have no id."""
        name = f"#{occurrence}"
        key = uuid5(self.translation_key, name)
        return replace(self, external_id=self.external_id + name, translation_key=key)


class Unusable(ValueError):  # noqa: N818 - the record's state, raised and caught within this package
    """A record the store cannot take: of which field, and why."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason)
        self.field = field
        self.reason = reason

    def rejection(self, record: Record) -> Rejection:
        """What to write of it."""
        return Rejection(record.line, self.field, self.reason, record.headline[:_RAW])


@dataclass(frozen=True, slots=True)
class Door:
    """Where records come in: who they are from, and the language of those that do not say."""

    source: str
    language: str

    def check(self, record: Record) -> str:
        """The language the record's story will be in. Raises Unusable."""
        language = self._language(record)
        for name, longest in _BOUNDED:
            if len(getattr(record, name)) > longest:
                raise Unusable(name, f"it is longer than {longest} characters")
        for facet, names in (
            ("genre", (record.genre or "",)),
            ("offices", record.offices),
            ("topics", record.topics),
        ):
            if any(len(name) > _LONGEST_NAME for name in names):
                raise Unusable(facet, f"a name is longer than {_LONGEST_NAME} characters")
        if len(record.external_id or "") > _LONGEST_ID:
            raise Unusable("external_id", f"it is longer than {_LONGEST_ID} characters")
        if record.published.year not in _YEARS:
            raise Unusable(
                "published", f"no newsroom published in the year {record.published.year}"
            )
        return language

    def enter(self, record: Record) -> Text:
        """The record as a Text. Raises Unusable."""
        language = self.check(record)
        on, at = _published(record.published)
        updated = _moment(record.updated) if record.updated else None
        name = record.external_id or identity.fingerprint(record)
        return Text(
            line=record.line,
            key=identity.key(record, language),
            external_id=name,
            has_id=record.external_id is not None,
            translation_key=identity.translation_key(self.source, record.group, name),
            language=language,
            published_on=on,
            published_at=at,
            updated_at=updated if updated and updated > (at or day_start(on)) else None,
            headline=record.headline,
            summary=record.summary,
            body=record.body,
            dateline=record.dateline,
            byline=record.byline,
            location=record.location,
            url=record.url,
            genre=record.genre or "",
            offices=record.offices,
            topics=record.topics,
            withdrawn=record.withdrawn,
            cut=record.cut,
            fingerprint=identity.content_fingerprint(record),
        )

    def _language(self, record: Record) -> str:
        asked = record.language or self.language
        known = settings.NEWSROOM.languages
        for tag in (asked, asked.partition("-")[0]):
            if tag in known:
                return tag
        wanted = ", ".join(f'"{tag}"' for tag in (*known, asked))
        raise Unusable(
            "language",
            f"no story is written in “{asked}” here; to allow it, write languages = [{wanted}] "
            "in newsroom.toml and import again",
        )


def printed(found: Record | Text, facet: str) -> tuple[str, ...]:
    """The names a record or text carries in a facet, as its source prints them."""
    if facet == "genre":
        return (found.genre,) if found.genre else ()
    return found.offices if facet == "office" else found.topics


def cleaned(text: Text) -> Text:
    """The text with its body as it may be shown: the only way a body gets into the store."""
    base = text.url if _RELATIVE.search(text.body) else ""
    return replace(text, body=html.clean(text.body, base))


def _published(published: date | datetime) -> tuple[date, datetime | None]:
    if not isinstance(published, datetime):
        return published, None
    moment = _moment(published)
    return timezone.localdate(moment), moment


def _moment(moment: datetime) -> datetime:
    """A moment in UTC to the second; without a zone, in the newsroom's."""
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=timezone.get_default_timezone())
    return moment.astimezone(UTC).replace(microsecond=0)
