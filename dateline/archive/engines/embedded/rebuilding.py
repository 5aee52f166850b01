"""A whole new index file, in the documents' order: from the store, or from an index with many late.

Documents come in any order and are more than memory holds. So they are first weighed into a spool
(an index file without postings), and then read back from it in their order.
"""

from __future__ import annotations

import gc
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import TypeVar

import numpy as np
import orjson

from dateline.archive.engines.base import Document
from dateline.archive.engines.embedded import postings
from dateline.archive.engines.embedded.lexicon import Lexicon
from dateline.archive.engines.embedded.weighing import content_terms, contents, weigh

AT_ONCE = 2_000
"""Documents weighed at once: some 60 MB of arrays."""
ORDERED_AT_ONCE = 4_096

_T = TypeVar("_T")

_IN_ORDER = """
    SELECT slot, id, number, language, instant, expires, facets, fingerprint FROM place
    WHERE id IS NOT NULL ORDER BY instant, number, language, id
"""
_CONTENTS = "SELECT slot, terms, forms FROM content WHERE slot IN (SELECT value FROM json_each(?))"
_PLACE = "INSERT INTO place VALUES (?, ?, ?, ?, ?, ?, NULL, ?, ?)"
_SPOOLED = "REPLACE INTO place VALUES (?, ?, ?, ?, ?, ?, NULL, ?, ?)"


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


def spool(
    db: sqlite3.Connection,
    documents: Iterable[Document],
    progress: Callable[[int], None] | None,
) -> None:
    """Write everything but postings, in the order of arrival; the last of equal ids counts."""
    lexicon = Lexicon(db)
    count = 0
    for batch in batches(documents, AT_ONCE):
        with uncollected():
            db.execute("BEGIN")
            _spool(db, lexicon, count, batch)
            db.execute("COMMIT")
        count += len(batch)
        if progress:
            progress(count)


def _spool(db: sqlite3.Connection, lexicon: Lexicon, first: int, batch: list[Document]) -> None:
    weighed = weigh(lexicon, batch)
    slots = range(first, first + len(batch))
    db.executemany(
        "INSERT INTO content VALUES (?, ?, ?)",
        zip(slots, contents(weighed), weighed.forms, strict=True),
    )
    db.executemany(
        _SPOOLED,
        [
            (slot, d.id, d.number, d.language, d.instant, d.expires, facets, d.fingerprint())
            for slot, d, facets in zip(slots, batch, weighed.facets, strict=True)
        ],
    )


def arrange(source: sqlite3.Connection, target: sqlite3.Connection) -> None:
    """Write the source's documents, in their order, into an empty index file."""
    highest = source.execute("SELECT terms FROM state").fetchone()[0]
    used = np.zeros(highest + 1, bool)
    first = 0
    for places in batches(source.execute(_IN_ORDER), ORDERED_AT_ONCE):
        with uncollected():
            target.execute("BEGIN")
            _arrange(source, target, first, places, used)
            target.execute("COMMIT")
        first += len(places)
    target.execute("BEGIN")
    terms = source.execute("SELECT text, id FROM term ORDER BY text")
    target.executemany("INSERT INTO term VALUES (?, ?)", (row for row in terms if used[row[1]]))
    target.execute("UPDATE state SET terms = ?", (highest,))
    target.execute("COMMIT")


def _arrange(
    source: sqlite3.Connection,
    target: sqlite3.Connection,
    first: int,
    places: Sequence[tuple[int, int, int, str, int, int | None, bytes, bytes]],
    used: postings.Flags,
) -> None:
    old = [place[0] for place in places]
    held = {row[0]: row[1:] for row in source.execute(_CONTENTS, (orjson.dumps(old).decode(),))}
    slots = range(first, first + len(places))
    target.executemany(
        _PLACE, [(slot, *place[1:]) for slot, place in zip(slots, places, strict=True)]
    )
    target.executemany(
        "INSERT INTO content VALUES (?, ?, ?)",
        [(slot, *held[place]) for slot, place in zip(slots, old, strict=True)],
    )
    found = [content_terms(held[place][0]) for place in old]
    terms = np.concatenate([one for one, _ in found])
    at = np.repeat(np.array(slots, np.int64), [len(one) for one, _ in found])
    used[terms] = True
    order = np.argsort(terms, kind="stable")
    impacts = np.concatenate([two for _, two in found])
    postings.append(target, terms[order], at[order], impacts[order])
    for block in range(first >> postings.BLOCK_BITS, (slots[-1] + 1) >> postings.BLOCK_BITS):
        postings.pack(target, block)
