"""Three real nodes: one killed under load, then all of them; and nothing promised is lost."""

from __future__ import annotations

import json
import os
import random
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.request import urlopen

import opensearch_nodes as nodes
import pytest
from indexes import ZONE, find, story

from dateline.archive.engines.base import Document, EngineError, Search
from dateline.archive.engines.opensearch import OpenSearchEngine
from dateline.archive.engines.opensearch.address import Address
from dateline.archive.keywords import parse

pytestmark = [pytest.mark.opensearch, pytest.mark.soak, pytest.mark.timeout(1800)]

FULL = os.environ.get("DATELINE_SOAK") == "full"
ROUNDS, BATCHES, SIZE = (9, 60, 50) if FULL else (1, 8, 25)
READERS = 2


@pytest.fixture(scope="module")
def cluster() -> Iterator[nodes.Cluster]:
    try:
        with nodes.Cluster(3) as running:
            yield running
    except nodes.NoNodes as lacking:
        pytest.skip(f"no OpenSearch: {lacking}")


@pytest.fixture
def engine(cluster: nodes.Cluster) -> Iterator[OpenSearchEngine]:
    opened = OpenSearchEngine(Address(tuple(cluster.urls), "trial"), ZONE)
    yield opened
    opened.discard()
    opened.close()


@dataclass
class Reader:
    """Asks without a pause, and remembers what went wrong and the longest wait for an answer."""

    engine: OpenSearchEngine
    stopping: threading.Event
    asked: int = 0
    errors: list[str] = field(default_factory=list)
    longest: float = 0.0
    totals: list[int] = field(default_factory=list)

    def run(self) -> None:
        last = time.monotonic()
        while not self.stopping.is_set():
            self.asked += 1
            try:
                result = self.engine.search(Search(clauses=parse("peace"), languages=("en",)))
            except EngineError as error:
                self.errors.append(str(error))
                continue
            self.totals.append(result.total)
            now = time.monotonic()
            self.longest, last = max(self.longest, now - last), now


def _documents(start: int) -> list[Document]:
    return [
        story(n, f"peace {n}", facets={"office": (str(n % 7),)}) for n in range(start, start + SIZE)
    ]


def _put(engine: OpenSearchEngine, batch: list[Document], cursor: int) -> None:
    """Apply a batch as the worker does: what fails is tried again."""
    end = time.monotonic() + 120
    while True:
        try:
            return engine.apply(batch, [], cursor)
        except EngineError:
            if time.monotonic() > end:
                raise


def _healed(cluster: nodes.Cluster) -> float:
    """Seconds until all three nodes hold everything again."""
    began = time.monotonic()
    wanted = "wait_for_nodes=3&wait_for_status=green&timeout=120s"
    with urlopen(f"{cluster.urls[0]}/_cluster/health?{wanted}", timeout=150) as answer:
        health = json.load(answer)
    assert (health["status"], health["number_of_nodes"]) == ("green", 3)
    return time.monotonic() - began


def test_a_node_killed_under_load_takes_nothing_along(
    cluster: nodes.Cluster, engine: OpenSearchEngine, record_property: pytest.Function
) -> None:
    engine.rebuild(iter(_documents(1)), 1)
    _healed(cluster)
    stopping = threading.Event()
    readers = [Reader(engine, stopping) for _ in range(READERS)]
    threads = [threading.Thread(target=reader.run) for reader in readers]
    for thread in threads:
        thread.start()
    cursor, healing, chance = 1, [], random.Random(7)
    for round_ in range(ROUNDS):
        victim = cluster.nodes[round_ % 3 if FULL else chance.randrange(3)]
        for batch in range(BATCHES):
            if batch == BATCHES // 3:
                cluster.kill(victim)
            cursor += 1
            _put(engine, _documents((cursor - 1) * SIZE + 1), cursor)
        cluster.start(victim)
        cluster.wait()
        healing.append(_healed(cluster))
    stopping.set()
    for thread in threads:
        thread.join()

    last = cursor * SIZE
    assert engine.cursor() == cursor
    everything = engine.search(Search(size=last))
    assert everything.ids == list(range(last, 0, -1))
    assert everything.counts["office"] == {
        str(value): len(range(value or 7, last + 1, 7)) for value in range(7)
    }
    asked = sum(reader.asked for reader in readers)
    errors = [error for reader in readers for error in reader.errors]
    assert len(errors) <= asked // 20, errors[:3]
    for reader in readers:
        assert reader.totals == sorted(reader.totals)
    record_property("nodes killed", ROUNDS)
    record_property("questions", asked)
    record_property("refused", len(errors))
    record_property("longest wait", f"{max(reader.longest for reader in readers):.1f} s")
    record_property("healed within", f"{max(healing):.1f} s")


def test_all_killed_say_so_and_the_store_brings_everything_back(
    cluster: nodes.Cluster, engine: OpenSearchEngine
) -> None:
    engine.rebuild(iter(_documents(1)), 1)
    for node in cluster.nodes:
        cluster.kill(node)
    with pytest.raises(EngineError, match="does not answer"):
        find(engine, "peace")
    for node in cluster.nodes:
        cluster.start(node)
    cluster.wait()
    _healed(cluster)
    assert find(engine, "peace") == list(range(SIZE, 0, -1))
    engine.discard()
    assert find(engine, "peace") == []
    engine.rebuild(iter(_documents(1)), 2)
    assert find(engine, "peace") == list(range(SIZE, 0, -1))
    assert engine.cursor() == 2
