"""Which of many saved queries find these few stories: the archive's question, turned round.

The stories that changed are put into an index of their own, of the very engine that answers
readers, and each query is asked of it. So a follower is told of exactly what the list shows.
"""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

from dateline.archive import document, facets, search
from dateline.archive.engines.embedded import EmbeddedEngine
from dateline.archive.query import Query
from dateline.publishing import outbox
from dateline.vocabularies import snapshot as vocabularies


def matching(
    queries: Iterable[Query], ids: Collection[int], at: datetime | None = None
) -> dict[Query, frozenset[int]]:
    """Query → those of the stories that its list holds at a moment; queries with none left out.

    Page, size and order of a query do not count. Costs one small search a query.
    """
    moment = at or timezone.now()
    snapshot = vocabularies.current()
    head = outbox.head()
    found: dict[Query, frozenset[int]] = {}
    with tempfile.TemporaryDirectory(prefix="dateline-") as folder:
        engine = EmbeddedEngine(Path(folder) / "few.sqlite3", ZoneInfo(settings.TIME_ZONE))
        try:
            engine.apply(document.documents([*ids], moment), (), head)
            engine.set_families(facets.families(snapshot))
            for query in queries:
                asked = search.question(query, engine, snapshot, moment)
                whole = replace(asked, offset=0, size=len(ids), sort="newest", counted=False)
                if answer := engine.search(whole).ids:
                    found[query] = frozenset(answer)
        finally:
            engine.close()
    return found
