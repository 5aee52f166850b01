"""Builds all that `make bench-full` measures, so that measuring itself is short.

    python -m bench.prebuild [peers] [dateline] [sites]

Without arguments everything. What is there already is left as it is; folders of another version or
format have other names and can be deleted.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

from bench import building, peers, site, synthetic
from bench.corpora import Corpus, swiss_corpus, synthetic_corpus
from bench.growth import LARGEST_OF_OTHERS, SIZES
from bench.peers.base import Unavailable

LARGE, SMALL, STACK, STORE = 1_000_000, 10_000, 100_000, 20_000
COPIES = 4
"""How often the Swiss file is multiplied: some 98,000 stories."""


def wanted() -> Iterator[tuple[Corpus, str]]:
    """Every archive and peer that is measured, small ones first."""
    for key in peers.NAMES:
        yield synthetic_corpus(SMALL), key
    for size in SIZES:
        if size <= LARGEST_OF_OTHERS:
            yield synthetic_corpus(size, body=synthetic.BODY), "tantivy"
        yield synthetic_corpus(size, body=synthetic.BODY), "dateline"
    yield synthetic_corpus(STACK), "sqlite"
    try:
        swiss = swiss_corpus(COPIES)
    except Unavailable as reason:
        print(f"left out: {reason}")
    else:
        for key in ("dateline", "tantivy", "sqlite", "duckdb", "postgresql"):
            yield swiss, key
    for key in ("tantivy", "duckdb", "sqlite", "postgresql", "dateline"):
        yield synthetic_corpus(LARGE), key


def main(*parts: str) -> None:
    """Build the parts that are named: other engines' archives, Dateline's, filled newsrooms."""
    chosen = parts or ("peers", "dateline", "sites")
    for corpus, key in wanted():
        if ("dateline" if key == "dateline" else "peers") in chosen:
            try:
                building.ensure(corpus, key)
            except (Unavailable, ImportError) as reason:
                print(f"left out: {key}, {corpus.size:,} stories: {reason}")
    if "sites" in chosen:
        for size in (STORE, STACK):
            site.filled(size)


if __name__ == "__main__":
    main(*sys.argv[1:])
