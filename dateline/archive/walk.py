"""Every story a query finds, for exits that give the whole result and not a page of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from django.utils import timezone

from dateline.archive import index, rows, search
from dateline.archive.engines.base import Engine, Search
from dateline.archive.query import Query
from dateline.archive.rows import StoryRow
from dateline.vocabularies import snapshot as vocabularies

BATCH = 500


def every_row(query: Query) -> Iterator[StoryRow]:
    """All stories a query finds, newest first (or oldest first where it asks for that).

    The query's page and size are a reader's and do not count here. Read in batches that go on
    from the last story's instant, so that what is published or withdrawn meanwhile moves no other
    story out of the walk; memory holds a batch and the ids of one instant.
    """
    snapshot = vocabularies.current()
    engine = index.engine_knowing(snapshot)
    place = _Place(oldest=query.sort == "oldest")
    while True:
        asked = search.question(query, engine, snapshot, timezone.now())
        ids = engine.search(place.narrow(asked)).ids
        yield from rows.fetch([pk for pk in ids if pk not in place.given], snapshot)
        if len(ids) < BATCH:
            return
        place.advance(engine, ids)


@dataclass
class _Place:
    """How far a walk has come: the instant it reached, and the stories of that instant given."""

    oldest: bool
    instant: int | None = None
    given: set[int] = field(default_factory=set)
    offset: int = 0

    def narrow(self, asked: Search) -> Search:
        """The question for what comes next."""
        asked = replace(
            asked,
            sort="oldest" if self.oldest else "newest",
            offset=self.offset,
            size=BATCH,
        )
        if self.instant is None:
            return asked
        if self.oldest:
            return replace(asked, since=self.instant)
        return replace(asked, until=self.instant + 1)

    def advance(self, engine: Engine, ids: list[int]) -> None:
        """Go on behind these stories."""
        instants = {pk: held.instant for pk, held in engine.get(ids).items()}
        reached = (max if self.oldest else min)(instants.values(), default=self.instant)
        if reached != self.instant:
            self.instant, self.given, self.offset = reached, set(), 0
        here = [pk for pk, instant in instants.items() if instant == reached]
        self.given.update(here)
        self.offset += len(here)
