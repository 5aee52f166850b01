"""Three real nodes: one killed under load, then all of them; and nothing promised is lost."""

from __future__ import annotations

import json
import os
import random
import secrets
import shutil
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from urllib.request import urlopen

import opensearch_nodes as nodes
import pytest
from build import indexed, published
from django.conf import settings
from django.test import Client
from indexes import ZONE, find, story

from dateline.archive import check, index
from dateline.archive.engines.base import Document, EngineError, Search
from dateline.archive.engines.opensearch import OpenSearchEngine
from dateline.archive.engines.opensearch.address import Address
from dateline.archive.keywords import parse
from dateline.operations import indexing

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


@contextmanager
def _asking(engine: OpenSearchEngine) -> Iterator[list[Reader]]:
    """Some readers at work until the block ends, however it ends."""
    stopping = threading.Event()
    readers = [Reader(engine, stopping) for _ in range(READERS)]
    threads = [threading.Thread(target=reader.run) for reader in readers]
    for thread in threads:
        thread.start()
    try:
        yield readers
    finally:
        stopping.set()
        for thread in threads:
            thread.join()


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


def _all(engine: OpenSearchEngine) -> Iterator[int]:
    """Every id, newest first, page after page as a walk reads them."""
    found = engine.search(Search(size=1000))
    while found.ids:
        yield from found.ids
        found = engine.search(Search(size=1000, after=found.last))


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
    cursor, healing, chance = 1, [], random.Random(7)
    with _asking(engine) as readers:
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

    last = cursor * SIZE
    assert engine.cursor() == cursor
    assert list(_all(engine)) == list(range(last, 0, -1))
    assert engine.search(Search()).counts["office"] == {
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


def test_many_who_find_no_index_make_one(cluster: nodes.Cluster) -> None:
    address = Address(tuple(cluster.urls), f"first-{secrets.token_hex(6)}")
    engines = [OpenSearchEngine(address, ZONE) for _ in range(6)]
    with ThreadPoolExecutor(len(engines)) as together:
        assert list(together.map(OpenSearchEngine.cursor, engines)) == [0] * len(engines)
    engines[0].apply([story(1, "peace")], [], 1)
    assert [find(engine, "peace") for engine in engines] == [[1]] * len(engines)
    engines[0].discard()
    for engine in engines:
        engine.close()


@pytest.fixture
def site(cluster: nodes.Cluster, monkeypatch: pytest.MonkeyPatch) -> Iterator[Client]:
    """The site, on the cluster."""
    index.close()
    hosts = ",".join(url.removeprefix("http://") for url in cluster.urls)
    monkeypatch.setattr(settings, "SEARCH", f"opensearch://{hosts}/site-{secrets.token_hex(6)}")
    yield Client(raise_request_exception=False)
    index.close()


@pytest.mark.django_db
def test_after_all_disks_are_lost_the_worker_fills_a_new_index(
    cluster: nodes.Cluster, site: Client
) -> None:
    for day in range(1, 25):
        published(f"Court {day}", published=date(2024, 1, day))
    indexed()
    assert "24 stories" in _listing(site)
    for node in cluster.nodes:
        cluster.kill(node)
        shutil.rmtree(node.folder / "data")
    assert "does not answer" in _listing(site, 503)
    late = published("Court 25", published=date(2024, 1, 25))
    assert site.get(late.get_absolute_url()).status_code == 200
    for node in cluster.nodes:
        cluster.start(node)
    cluster.wait()
    indexing.catch_up_fully()
    assert "25 stories" in _listing(site)
    assert list(check.compare(index.engine())) == []


def _listing(site: Client, status: int = 200) -> str:
    answer = site.get("/en/news?keywords=court")
    assert answer.status_code == status
    return answer.content.decode()
