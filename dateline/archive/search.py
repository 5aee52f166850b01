"""Answering a query: the index finds, the store shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from django.utils import timezone

from dateline.archive import facets, index, keywords, rows, sentence
from dateline.archive.engines.base import Engine, Place, Result, Search
from dateline.archive.facets import Facet
from dateline.archive.query import FACETS, Query
from dateline.archive.rows import StoryRow
from dateline.publishing import outbox
from dateline.stories.ports import day_start
from dateline.vocabularies import snapshot as vocabularies
from dateline.vocabularies.snapshot import Snapshot


@dataclass(frozen=True)
class ResultPage:
    """One page of a query's answer: its stories, and what is true of all that match.

    `counts` are the index's own, by facet and term id; `facet` gives them names and slugs, once
    and only where asked for, since a feed needs none of them. `last` is where the page ends, for
    a reader that goes on from there (`cursors`).
    """

    query: Query
    total: int
    stories: list[StoryRow]
    counts: Mapping[str, Mapping[str, int]]
    snapshot: Snapshot
    last: Place | None = None
    _presented: dict[str, Facet] = field(default_factory=dict, repr=False, compare=False)

    @property
    def pages(self) -> int:
        """How many pages there are; an empty list has one."""
        return max(1, -(-self.total // self.query.size))

    @property
    def until(self) -> datetime | None:
        """When the first of its stories expires; None if none does."""
        return rows.earliest_expiry(self.stories)

    @property
    def sentence(self) -> str:
        """The query in one sentence, in its own language."""
        return sentence.say(self.query, self.snapshot)

    @property
    def facets(self) -> tuple[Facet, ...]:
        """All facets, in their canonical order."""
        return tuple(map(self.facet, FACETS))

    def facet(self, name: str) -> Facet:
        """A facet by name."""
        if name not in self._presented:
            self._presented[name] = facets.present(name, self.query, self.counts, self.snapshot)
        return self._presented[name]


def search(
    query: Query,
    at: datetime | None = None,
    *,
    bodies: bool = False,
    after: Place | None = None,
    counted: bool = True,
) -> ResultPage:
    """The page of stories a query asks for, with total and facets, as they are at a moment.

    Totals and counts come from the index less what was withdrawn since it was last updated;
    stories come from the store, through `visibility.listed`. `after` goes on behind a place in
    place of counting pages (ValueError with the order by relevance); total and counts stay those
    of the whole list. Without `counted` the counts are empty.
    """
    moment = at or timezone.now()
    snapshot = vocabularies.current()
    result = find(query, moment, snapshot, after=after, counted=counted)
    return ResultPage(
        query=query,
        total=result.total,
        stories=rows.fetch(result.ids, snapshot, moment, bodies=bodies, labels=query.labels),
        counts=result.counts,
        snapshot=snapshot,
        last=result.last,
    )


def find(
    query: Query,
    moment: datetime,
    snapshot: Snapshot,
    *,
    after: Place | None = None,
    counted: bool = True,
) -> Result:
    """What the index answers: story ids, total, raw counts, and where the page ends."""
    engine = index.engine_knowing(snapshot)
    whole = question(query, engine, snapshot, moment)
    return engine.search(replace(whole, after=after, counted=counted))


def question(query: Query, engine: Engine, snapshot: Snapshot, moment: datetime) -> Search:
    """A query as an engine understands it, barring what was withdrawn since it last caught up."""
    barred = outbox.withdrawn_after(engine.cursor())
    return replace(asked(query, snapshot, moment), barred=barred)


def asked(query: Query, snapshot: Snapshot, moment: datetime) -> Search:
    """A query as an engine understands it, where nothing has to be barred."""
    return Search(
        clauses=keywords.parse(query.keywords),
        languages=query.languages,
        selections=facets.index_values(query, snapshot),
        since=_start(query.since) if query.since else None,
        until=_end(query.until) if query.until else None,
        sort=query.sort,
        offset=(query.page - 1) * query.size,
        size=query.size,
        at=int(moment.timestamp()),
    )


def _start(day: date) -> int:
    """The first second of a day in the newsroom's time zone."""
    return int(day_start(day).timestamp())


def _end(day: date) -> int | None:
    """The first second after a day; None after the last day there is."""
    return _start(day + timedelta(days=1)) if day < date.max else None
