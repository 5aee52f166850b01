"""A whole new index file from the store.

Documents come in any order and are more than memory holds. So each batch's postings are sorted and
put aside, and all are merged in the documents' order at the end.
"""

from __future__ import annotations

import gc
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import TypeVar

from dateline.archive.engines.base import Document
from dateline.archive.engines.embedded import gists, merging, runs, schema, writing
from dateline.archive.engines.embedded.columns import Columns
from dateline.archive.engines.embedded.lexicon import Lexicon
from dateline.archive.engines.embedded.merging import Renumbering
from dateline.archive.engines.embedded.runs import Run, Spool
from dateline.archive.engines.embedded.weighing import Weighed, weigh

AT_ONCE = 4_096
"""Documents weighed at once: some 100 MB of arrays."""

_T = TypeVar("_T")
Progress = Callable[[int], None]


def batches(items: Iterable[_T], size: int) -> Iterator[list[_T]]:
    source = iter(items)
    while batch := list(islice(source, size)):
        yield batch


@contextmanager
def uncollected() -> Iterator[None]:
    """Without Python's search for reference cycles.

    Weighing makes millions of short-lived objects and no cycles; looking for some takes an eighth
    of the time.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def build(
    path: Path, built: Path, documents: Iterable[Document], cursor: int, progress: Progress | None
) -> None:
    """Write a complete index file at `built`, for the index at `path`."""
    lexical = schema.aside(path, "lexicon")
    source = schema.create(lexical)
    try:
        with runs.spooling(schema.aside(path, "spool")) as spool:
            taken = _Taken(source, spool)
            for batch in batches(documents, AT_ONCE):
                with uncollected():
                    taken.take(batch)
                if progress:
                    progress(taken.count)
            spool.finish()
            target = schema.create(built)
            taken.write(target)
            target.execute("UPDATE state SET cursor = ?", (cursor,))
            schema.finish(target, built)
    finally:
        source.close()
        lexical.unlink(missing_ok=True)


class _Taken:
    """The documents taken in so far."""

    def __init__(self, source: sqlite3.Connection, spool: Spool) -> None:
        self._source, self._spool = source, spool
        self._lexicon = Lexicon(source)
        self._columns = Columns()
        self._runs: list[Run] = []
        self._leading: list[tuple[runs.Piece, runs.Piece]] = []
        self.count = 0

    def take(self, batch: list[Document]) -> None:
        self._source.execute("BEGIN")
        weighed = weigh(self._lexicon, batch)
        self._source.execute("COMMIT")
        entered = map(writing.entered, batch)
        self._columns.add(entered, weighed.fields[:, 0].tolist(), weighed.sizes.tolist())
        self._runs.append(runs.run(self._spool, self.count, weighed))
        self._lead(weighed)
        self.count += len(batch)

    def _lead(self, weighed: Weighed) -> None:
        documents, forms = gists.leading(weighed.forms, weighed.fields)
        self._leading.append((self._spool.add(documents, "<u2"), self._spool.add(forms, "<u4")))

    def write(self, target: sqlite3.Connection) -> None:
        self._columns.arrange()
        terms = Renumbering(self._source)
        target.execute("BEGIN")
        frequency = merging.merge(target, self._runs, self._columns, terms, self._spool)
        self._columns.write(target)
        rarity = gists.Rarity(frequency, terms.new)
        for run, (documents, forms) in zip(self._runs, self._leading, strict=True):
            pairs = (self._spool.read(documents).astype(int), self._spool.read(forms).astype(int))
            gists.write(target, self._columns, rarity, run.first, *pairs)
        target.execute("COMMIT")
