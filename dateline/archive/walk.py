"""Every story a query finds, for exits that give the whole result and not a page of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from django.utils import timezone

from dateline.archive import index, rows, search
from dateline.archive.query import Query
from dateline.archive.rows import StoryRow
from dateline.vocabularies import snapshot as vocabularies

BATCH = 500


def every_row(query: Query, *, bodies: bool = False) -> Iterator[StoryRow]:
    """All stories a query finds, newest first (or oldest first where it asks for that).

    The query's page and size are a reader's and do not count here. Read in batches that go on
    behind the last story's place, so that what is published or withdrawn meanwhile moves no other
    story out of the walk or into it twice; memory holds a batch.
    """
    snapshot = vocabularies.current()
    engine = index.engine_knowing(snapshot)
    query = replace(query, sort="oldest" if query.sort == "oldest" else "newest", page=1)
    place = None
    while True:
        asked = search.question(query, engine, snapshot, timezone.now())
        found = engine.search(replace(asked, after=place, size=BATCH, counted=False))
        yield from rows.fetch(found.ids, snapshot, bodies=bodies, labels=query.labels)
        if found.last is None or len(found.ids) < BATCH:
            return
        place = found.last
