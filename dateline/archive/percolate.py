"""Which of many saved queries find these few stories: the archive's question, turned round.

The stories that changed are put into an index of their own, of the very engine that answers
readers, and each query is asked of it. So a follower is told of exactly what the list shows.
Queries that share no word and no value with any of the stories are not asked: what it costs grows
with what could match. Whoever keeps more queries than fit a call keeps them by `keeping` and looks
them up by `Few.keys`.
"""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

from dateline.archive import candidates, document, facets, search
from dateline.archive.engines.embedded import EmbeddedEngine
from dateline.archive.query import Query
from dateline.vocabularies import snapshot as vocabularies
from dateline.vocabularies.snapshot import Snapshot


def matching(
    queries: Iterable[Query], ids: Collection[int], at: datetime | None = None
) -> dict[Query, frozenset[int]]:
    """Query → those of the stories that its list holds at a moment; queries with none left out.

    Page, size and order of a query do not count.
    """
    with few(ids, at) as stories:
        found = ((query, stories.found_by(query)) for query in queries)
        return {query: answer for query, answer in found if answer}


def keeping(query: Query, snapshot: Snapshot) -> list[candidates.Group]:
    """The groups of keys a query can be kept by (`candidates.groups`)."""
    return candidates.groups(search.asked(query, snapshot, timezone.now()))


@dataclass(frozen=True)
class Few:
    """A few stories in an index of their own. `keys` are those of all of them."""

    keys: set[str]
    _count: int
    _engine: EmbeddedEngine
    _snapshot: Snapshot
    _at: datetime

    def found_by(self, query: Query) -> frozenset[int]:
        """Those of the stories that the query's list holds. One small search, if it could."""
        asked = replace(
            search.asked(query, self._snapshot, self._at),
            offset=0,
            size=self._count,
            sort="newest",
            counted=False,
        )
        if not self._count or not candidates.could_find(asked, self.keys):
            return frozenset()
        return frozenset(self._engine.search(asked).ids)


@contextmanager
def few(ids: Collection[int], at: datetime | None = None) -> Iterator[Few]:
    """Those of the stories that may be listed at a moment, to be asked for."""
    moment = at or timezone.now()
    snapshot = vocabularies.current()
    families = facets.families(snapshot)
    documents = list(document.documents([*ids], moment))
    keys: set[str] = set().union(*(candidates.keys(one, families) for one in documents))
    with tempfile.TemporaryDirectory(prefix="dateline-") as folder:
        engine = EmbeddedEngine(Path(folder) / "few.sqlite3", ZoneInfo(settings.TIME_ZONE))
        try:
            if documents:
                engine.apply(documents, (), 0)
                engine.set_families(families)
            yield Few(keys, len(documents), engine, snapshot, moment)
        finally:
            engine.close()
