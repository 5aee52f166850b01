"""The records a harvester asks for: every text that has ever been public, deleted ones included."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from django.conf import settings
from django.db.models import Q, QuerySet

from dateline.archive import rows
from dateline.archive.rows import StoryRow
from dateline.exports.oai.arguments import OaiError, Window
from dateline.lib import languages
from dateline.publishing.models import Datestamp
from dateline.stories.models import Story
from dateline.vocabularies import snapshot as vocabularies
from dateline.vocabularies.snapshot import Snapshot

PAGE = 100
FACETS = ("genre", "office", "topic")


@dataclass(frozen=True)
class Record:
    """One text: `row` is None once it is no longer public (a "deleted" record)."""

    identifier: str
    at: datetime
    sets: tuple[str, ...]
    row: StoryRow | None


def page(window: Window) -> tuple[list[Record], Window | None]:
    """The next records of a list, in order of their datestamps, and where it goes on."""
    snapshot = vocabularies.current()
    stamps = list(_stamps(window, snapshot)[: PAGE + 1])
    if not stamps:
        raise OaiError("noRecordsMatch", "No record changed in that time, or in that set.")
    shown = stamps[:PAGE]
    rest = replace(window, after=(shown[-1].at, shown[-1].story_id)) if stamps[PAGE:] else None
    return list(_records(shown, snapshot)), rest


def one(identifier: str) -> Record:
    """The record behind an identifier."""
    start, _, language = identifier.rpartition("#")
    number = start.removeprefix(f"{settings.ORIGIN}/n/")
    if start != number and number.isascii() and number.isdigit() and len(number) < 10:
        stamps = Datestamp.objects.filter(number=int(number), language=language)
        # A text deleted and written anew has two; the later one is the text.
        if stamp := stamps.order_by("-at").first():
            return next(_records([stamp], vocabularies.current()))
    raise OaiError("idDoesNotExist", "There is no record of that identifier.")


def earliest() -> datetime | None:
    """The first datestamp there is; None for an empty archive."""
    return Datestamp.objects.order_by("at").values_list("at", flat=True).first()


def sets(language: str) -> Iterator[tuple[str, str]]:
    """Every set as (setSpec, name): the languages, and the terms of each vocabulary."""
    for tag in settings.NEWSROOM.languages:
        yield f"language:{tag}", languages.endonym(tag)
    snapshot = vocabularies.current()
    for facet in FACETS:
        for term in sorted(snapshot.terms(facet), key=lambda term: term.slug):
            yield f"{facet}:{term.slug}", term.label(language)


def _stamps(window: Window, snapshot: Snapshot) -> QuerySet[Datestamp]:
    stamps: QuerySet[Datestamp] = Datestamp.objects.order_by("at", "story_id")
    if window.set:
        stamps = stamps.filter(_of_set(window.set, snapshot))
    if window.since:
        stamps = stamps.filter(at__gte=window.since)
    if window.until:
        stamps = stamps.filter(at__lt=window.until)
    if window.after:
        at, pk = window.after
        stamps = stamps.filter(Q(at__gt=at) | Q(at=at, story_id__gt=pk), at__gte=at)
    return stamps


def _of_set(name: str, snapshot: Snapshot) -> Q:
    facet, _, value = name.partition(":")
    if facet == "language" and value in settings.NEWSROOM.languages:
        return Q(language=value)
    term = snapshot.term(facet, value) if facet in FACETS else None
    if term is None:
        raise OaiError("badArgument", f"There is no set {name[:80]!r}.")
    family = snapshot.families[facet].get(term.id, frozenset([term.id]))
    stories = Story.objects.filter(**{f"{facet}{'' if facet == 'genre' else 's'}__in": family})
    return Q(story_id__in=stories.values("pk"))


def _records(stamps: Iterable[Datestamp], snapshot: Snapshot) -> Iterator[Record]:
    stamps = list(stamps)
    ids = [stamp.story_id for stamp in stamps]
    public = {row.id: row for row in rows.fetch(ids, snapshot)}
    for stamp in stamps:
        row = public.get(stamp.story_id)
        yield Record(
            identifier=f"{settings.ORIGIN}/n/{stamp.number}#{stamp.language}",
            at=stamp.at,
            sets=(f"language:{stamp.language}", *(_sets(row) if row else ())),
            row=row,
        )


def _sets(row: StoryRow) -> Iterator[str]:
    for term in (*filter(None, [row.genre]), *row.offices, *row.topics):
        yield f"{term.facet}:{term.slug}"
