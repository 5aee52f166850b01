"""Both engines over the same stories: the same totals, counts and lists; ranked lists overlap."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from indexes import ZONE, swiss

from bench.peers.embedded import search_of
from bench.synthetic import documents, questions
from dateline.archive.engines.base import Engine, Families, Result, Search
from dateline.archive.engines.embedded import EmbeddedEngine
from dateline.archive.engines.opensearch import OpenSearchEngine
from dateline.archive.engines.opensearch.address import Address
from dateline.archive.keywords import parse

pytestmark = pytest.mark.opensearch
STORIES, SHOWN = 1200, 20
FAMILIES: Families = {"office": {"o0": frozenset(["o0", "o3", "o5"]), "o1": frozenset(["o1"])}}
SWISS = (
    "Bundesräte",
    '"conseil fédéral"',
    "l'assicurazione",
    "COVID-19",
    "verordn*",
    '"Der Bundesrat hat an*"',
    "suisse -fédéral",
    "headline:Schweiz",
    "Élection",
)

Pair = tuple[Engine, Engine]


@pytest.fixture(scope="module")
def pair(opensearch_node: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    """Both engines, fed the same in the same order, with edits and removals."""
    embedded = EmbeddedEngine(tmp_path_factory.mktemp("pair") / "archive.sqlite3", ZONE)
    cluster = OpenSearchEngine(Address((opensearch_node,), "pair"), ZONE)
    stories = [
        replace(one, expires=one.instant + 10**8) if one.id % 9 == 0 else one
        for one in documents(STORIES, 5, body=40)
    ]
    for engine in (embedded, cluster):
        engine.set_families(FAMILIES)
        engine.rebuild(iter(stories[:1000]), 1)
        edited = [replace(one, instant=one.instant - 86400 * 900) for one in stories[100:160]]
        engine.apply([*edited, *stories[1000:]], range(1, 300, 13), 2)
    yield embedded, cluster
    cluster.discard()
    for engine in (embedded, cluster):
        engine.close()


def _asked() -> Iterator[Search]:
    for question in questions(5, divisor=5):
        for sort in ("newest", "oldest"):
            search = replace(search_of(question), sort=sort, at=1_500_000_000)
            yield replace(search, offset=search.offset % 900, barred=frozenset(range(2, 60, 5)))


def _told(engine: Engine, search: Search) -> Result:
    """The answer; a facet of which nothing was counted may be left out or empty."""
    result = engine.search(search)
    return replace(result, counts={name: held for name, held in result.counts.items() if held})


def test_lists_totals_and_counts_are_the_same(pair: Pair) -> None:
    embedded, cluster = pair
    asked = list(_asked())
    assert len(asked) > 80
    for search in asked:
        assert _told(cluster, search) == _told(embedded, search), search


def test_what_is_held_is_the_same(pair: Pair) -> None:
    embedded, cluster = pair
    assert list(cluster.documents()) == list(embedded.documents())


def test_ranked_lists_overlap(pair: Pair, record_property: pytest.Function) -> None:
    embedded, cluster = pair
    overlaps = []
    for question in questions(5, divisor=3):
        if question.ranked:
            search = replace(search_of(question), size=SHOWN)
            one, other = embedded.search(search), cluster.search(search)
            assert one.total == other.total
            if one.ids:
                overlaps.append(len({*one.ids} & {*other.ids}) / len(one.ids))
    mean = sum(overlaps) / len(overlaps)
    record_property("overlap of the first 20", f"{mean:.2f}")
    assert mean > 0.6


def test_swiss_questions_find_the_same(
    opensearch_node: str, tmp_path: Path, real_data: Path
) -> None:
    """Real German, French and Italian, with umlauts, apostrophes and hyphens."""
    embedded = EmbeddedEngine(tmp_path / "archive.sqlite3", ZONE)
    cluster = OpenSearchEngine(Address((opensearch_node,), "swiss"), ZONE)
    stories = list(swiss(real_data / "data/swiss-federal-news.jsonl.gz", 400))
    for engine in (embedded, cluster):
        engine.rebuild(iter(stories), 1)
    for typed in SWISS:
        search = Search(clauses=parse(typed), languages=("de", "fr", "it"), size=1000)
        assert _told(cluster, search) == _told(embedded, search), typed
    cluster.discard()
    for engine in (embedded, cluster):
        engine.close()
