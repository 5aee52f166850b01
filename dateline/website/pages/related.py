"""Stories to read after one: those the desk named, then those most like it, then the newest kin."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime

from django.utils import timezone

from dateline.archive import index, rows, search
from dateline.archive.engines.base import EngineError
from dateline.archive.query import MOST_VALUES, Query
from dateline.archive.rows import StoryRow
from dateline.publishing import outbox, visibility
from dateline.stories.models import Story
from dateline.vocabularies.snapshot import Snapshot, TermInfo

MOST = 4


def to(
    story: Story, offices: Sequence[TermInfo], topics: Sequence[TermInfo], snapshot: Snapshot
) -> list[StoryRow]:
    """At most MOST listed stories, without the story itself and its translations."""
    now = timezone.now()
    # Their keys first: joined, the database may read the whole archive in order of date instead.
    keys = list(story.related.order_by().values_list("pk", flat=True))
    of_language = Story.objects.filter(pk__in=keys, locale=story.locale_id)
    named = visibility.listed(of_language, now)
    ids = list(named.order_by("-published_on", "-number").values_list("pk", flat=True)[:MOST])
    with suppress(EngineError):  # a story can be read while the archive is away
        for found in _found(story, offices, topics, snapshot, now):
            if len(ids) >= MOST:
                break
            ids += [pk for pk in found if pk != story.pk and pk not in ids]
    return rows.fetch(ids[:MOST], snapshot, now)


def _found(
    story: Story,
    offices: Sequence[TermInfo],
    topics: Sequence[TermInfo],
    snapshot: Snapshot,
    now: datetime,
) -> Iterator[list[int]]:
    """Ids from the nearest to the loosest kinship, asked for as long as more are wanted."""
    engine = index.engine_knowing(snapshot)
    yield engine.similar(
        story.pk,
        2 * MOST,
        languages=(story.language,),
        at=int(now.timestamp()),
        barred=outbox.withdrawn_after(engine.cursor()),
    )
    for query in _queries(story.language, offices, topics):
        yield search.find(query, now, snapshot, counted=False).ids


def _queries(
    language: str, offices: Sequence[TermInfo], topics: Sequence[TermInfo]
) -> Iterator[Query]:
    by_office = ("office", tuple(term.slug for term in offices[:MOST_VALUES]))
    by_topic = ("topic", tuple(term.slug for term in topics[:MOST_VALUES]))
    if offices and topics:
        yield Query(language=language, selections=(by_office, by_topic), size=10)
    if offices:
        yield Query(language=language, selections=(by_office,), size=10)
    if topics:
        yield Query(language=language, selections=(by_topic,), size=10)
