"""OpenSearch through Dateline's own engine for it: one node on loopback, started for this.

The node is that of tools/opensearch: 512 MB of heap, no plugins. It is asked for all counts and
the page in one request, as the engine does when an archive is served from a cluster. A core takes
in some 500 stories a second, so it is measured up to 100,000: a million would take most of an hour.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from importlib import import_module
from types import ModuleType
from typing import Any
from zoneinfo import ZoneInfo

import httpx

from bench import machine
from bench.corpora import ROOT
from bench.peers.base import Answer, Peer, Unavailable
from bench.peers.embedded import ask
from bench.synthetic import Question
from dateline.archive.engines.base import Document
from dateline.archive.engines.opensearch import OpenSearchEngine
from dateline.archive.engines.opensearch.address import Address

_TOOLS = ROOT / "tools" / "opensearch"


class OpenSearch(Peer):
    """A cluster of one node, its data below the folder."""

    name = "OpenSearch"
    most = 100_000
    _cluster: Any = None

    @classmethod
    def version(cls) -> str:
        told = re.search(r"<opensearch\.version>([\d.]+)<", (_TOOLS / "pom.xml").read_text())
        return told[1] if told else "2"

    def start(self) -> None:
        nodes = _nodes()
        self._cluster = nodes.Cluster(1, folder=self.folder / "nodes")
        try:
            self._cluster.__enter__()
        except nodes.NoNodes as reason:
            raise Unavailable(str(reason)) from reason
        # Answering is not being ready: it first reads its shards back from the disk.
        ready = f"{self._cluster.urls[0]}/_cluster/health?wait_for_status=yellow&timeout=60s"
        httpx.get(ready, timeout=70)

    def build(self, documents: Iterable[Document]) -> None:
        engine = self._engine()
        engine.rebuild(documents, 0)
        engine.close()

    def open(self) -> None:
        self._opened = self._engine()

    def answer(self, question: Question) -> Answer:
        return ask(self._opened, question)

    def servers(self) -> list[int]:
        return [node.process.pid for node in self._cluster.nodes if node.process]

    def disk(self) -> int:
        return machine.disk(self.folder / "nodes" / "n0" / "data")

    def close(self) -> None:
        self._opened.close()

    def stop(self) -> None:
        """Its data stay: leaving the cluster's own context would remove them."""
        if self._cluster:
            for node in self._cluster.nodes:
                self._cluster.kill(node)

    def _engine(self) -> OpenSearchEngine:
        hosts = tuple(self._cluster.urls)
        return OpenSearchEngine(Address(hosts=hosts, name="bench"), ZoneInfo("UTC"))


def _nodes() -> ModuleType:
    if str(_TOOLS) not in sys.path:
        sys.path.append(str(_TOOLS))
    return import_module("opensearch_nodes")
