"""Stories to read after one: those the desk named, then the newest of its offices and topics."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils import timezone

from dateline.archive import rows, search
from dateline.archive.query import MOST_VALUES, Query
from dateline.archive.rows import StoryRow
from dateline.publishing import visibility
from dateline.stories.models import Story
from dateline.vocabularies.snapshot import Snapshot, TermInfo

MOST = 4


def to(
    story: Story, offices: Sequence[TermInfo], topics: Sequence[TermInfo], snapshot: Snapshot
) -> list[StoryRow]:
    """At most MOST listed stories, without the story itself."""
    now = timezone.now()
    named = visibility.listed(story.related.filter(locale=story.locale_id), now)
    ids = list(named.order_by("-published_on", "-number").values_list("pk", flat=True)[:MOST])
    for query in _queries(story.language, offices, topics):
        if len(ids) >= MOST:
            break
        found = search.find(query, now, snapshot).ids
        ids += [pk for pk in found if pk != story.pk and pk not in ids]
    return rows.fetch(ids[:MOST], snapshot, now)


def _queries(
    language: str, offices: Sequence[TermInfo], topics: Sequence[TermInfo]
) -> Iterator[Query]:
    """From the nearest to the loosest kinship."""
    by_office = ("office", tuple(term.slug for term in offices[:MOST_VALUES]))
    by_topic = ("topic", tuple(term.slug for term in topics[:MOST_VALUES]))
    if offices and topics:
        yield Query(language=language, selections=(by_office, by_topic), size=10)
    if offices:
        yield Query(language=language, selections=(by_office,), size=10)
    if topics:
        yield Query(language=language, selections=(by_topic,), size=10)
