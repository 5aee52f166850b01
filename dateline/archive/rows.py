"""The rows of a list: the stories found, fetched through `visibility.listed`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Max
from django.utils import timezone

from dateline.archive.query import Labels
from dateline.publishing import visibility
from dateline.publishing.models import Kind, Version
from dateline.stories.models import Story, StoryDocument, StoryPicture
from dateline.stories.ports import day_start, language_of
from dateline.vocabularies.snapshot import Snapshot, TermInfo


@dataclass
class StoryRow:
    """A story as lists and feeds show it. `published` has a time only where one is known.

    `about` are the offices whose texts close the body, called as they are today.
    """

    id: int
    number: int
    language: str
    headline: str
    summary: str
    dateline: str
    byline: str
    slug: str
    published: date | datetime
    published_on: date
    instant: datetime
    updated_at: datetime | None
    translation_note: str
    source_url: str
    location: str = ""
    genre: TermInfo | None = None
    offices: list[TermInfo] = field(default_factory=list)
    topics: list[TermInfo] = field(default_factory=list)
    corrected_at: datetime | None = None
    picture: StoryPicture | None = None
    body: str | None = None
    notes_to_editors: str = ""
    boilerplate: bool = False
    about: list[TermInfo] = field(default_factory=list)
    version: int | None = None
    expires: datetime | None = None
    pictures: list[StoryPicture] = field(default_factory=list)
    documents: list[StoryDocument] = field(default_factory=list)

    @property
    def path(self) -> str:
        """The story's address on this site."""
        return f"/{self.language}/news/{self.number}/{self.slug}"

    @property
    def terms(self) -> tuple[TermInfo, ...]:
        """All it is filed under: content type, offices, topics."""
        return (*filter(None, [self.genre]), *self.offices, *self.topics)


_COLUMNS = (
    "pk",
    "number",
    "locale_id",
    "headline",
    "summary",
    "dateline",
    "byline",
    "slug",
    "published_on",
    "published_at",
    "updated_at",
    "translation_note",
    "source_url",
    "genre_id",
    "location",
    "expire_at",
)


def fetch(
    ids: Sequence[int],
    snapshot: Snapshot,
    at: datetime | None = None,
    *,
    bodies: bool = False,
    at_address: bool = False,
    labels: Labels = "today",
) -> list[StoryRow]:
    """The listed stories among `ids`, in that order: five queries, whatever their number.

    `bodies` adds what only feeds and exports carry: text, version, all pictures, documents.
    `at_address` takes those as well that can be read at their address alone. `labels` says whether
    terms are called as they are today, or as on each story's publishing date.
    """
    columns = (*_COLUMNS, "body", "notes_to_editors", "boilerplate") if bodies else _COLUMNS
    public = visibility.texts if at_address else visibility.listed
    stories = public(Story.objects.filter(pk__in=ids), at)
    found = {values[0]: _row(values, snapshot) for values in stories.values_list(*columns)}
    for facet in ("office", "topic"):
        _add_terms(found, facet, snapshot)
    for row in found.values():
        row.about = row.offices if row.boilerplate else []
        if labels == "publication":
            _name_as_published(row)
    _add_corrections(found)
    _add_pictures(found, every=bodies)
    if bodies:
        _add_documents(found)
        _add_versions(found)
    return [found[pk] for pk in ids if pk in found]


def earliest_expiry(listed: Iterable[StoryRow]) -> datetime | None:
    """The moment from which a list of these stories must not be shown; None if there is none."""
    return min((row.expires for row in listed if row.expires), default=None)


def _row(values: Sequence[Any], snapshot: Snapshot) -> StoryRow:
    pk, number, locale, headline, summary, dateline, byline, slug = values[:8]
    on, at, updated, note, source, genre, location, expires = values[8:16]
    return StoryRow(
        id=pk,
        number=number,
        language=language_of(locale) or "",
        headline=headline,
        summary=summary,
        dateline=dateline,
        byline=byline,
        slug=slug,
        published=timezone.localtime(at) if at else on,
        published_on=on,
        instant=at or day_start(on),
        updated_at=updated,
        translation_note=note,
        source_url=source,
        location=location,
        genre=snapshot.by_id["genre"].get(genre) if genre else None,
        body=values[16] if len(values) > 16 else None,
        notes_to_editors=values[17] if len(values) > 16 else "",
        boilerplate=values[18] if len(values) > 16 else False,
        expires=expires,
    )


def _add_terms(found: dict[int, StoryRow], facet: str, snapshot: Snapshot) -> None:
    through = getattr(Story, f"{facet}s").through
    links = through.objects.filter(story_id__in=found.keys())
    known = snapshot.by_id[facet]
    terms: dict[int, list[TermInfo]] = defaultdict(list)
    for story, term in links.values_list("story_id", f"{facet}_id"):
        if term in known:
            terms[story].append(known[term])
    for story, row in found.items():
        setattr(row, f"{facet}s", _ordered(terms[story], row))


def _ordered(terms: Iterable[TermInfo], row: StoryRow) -> list[TermInfo]:
    return sorted(terms, key=lambda term: term.label(row.language).casefold())


def _name_as_published(row: StoryRow) -> None:
    day = row.published_on
    row.genre = row.genre and row.genre.on(day)
    row.offices = _ordered((term.on(day) for term in row.offices), row)
    row.topics = _ordered((term.on(day) for term in row.topics), row)


def _add_corrections(found: dict[int, StoryRow]) -> None:
    corrections = Version.objects.filter(story_id__in=found.keys(), kind=Kind.CORRECTION)
    for story, at in corrections.order_by("number").values_list("story_id", "at"):
        found[story].corrected_at = at


def _add_pictures(found: dict[int, StoryRow], *, every: bool) -> None:
    pictures = StoryPicture.objects.filter(story_id__in=found.keys()).order_by("sort_order")
    for picture in pictures.select_related("picture") if every else pictures:
        row = found[picture.story_id]
        row.picture = row.picture or picture
        if every:
            row.pictures.append(picture)


def _add_documents(found: dict[int, StoryRow]) -> None:
    documents = StoryDocument.objects.filter(story_id__in=found.keys()).order_by("sort_order")
    for document in documents.select_related("document"):
        found[document.story_id].documents.append(document)


def _add_versions(found: dict[int, StoryRow]) -> None:
    """The number of each text as it stands: its last version's."""
    versions = Version.objects.filter(story_id__in=found.keys()).order_by()
    for story, number in versions.values_list("story_id").annotate(last=Max("number")):
        found[story].version = number
