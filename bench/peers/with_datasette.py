"""Datasette over HTTP: the JSON of its table page with facets, on the file of the SQLite peer.

Its limits of time are lifted and its suggestions of facets switched off. Its page sorts by a
column, not by relevance, and goes on by a token instead of an offset: ranked keywords and deep
pages are left out. Its counts are of what is listed, a facet's own selection included.
"""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping
from http.client import HTTPConnection
from importlib.metadata import version
from urllib.parse import urlencode

from bench import machine
from bench.peers.base import Answer, Peer, Unavailable
from bench.peers.with_sqlite import FILE, match
from bench.synthetic import KINDS, PAGE, Question
from dateline.archive.engines.base import Document

_SETTINGS = {
    "sql_time_limit_ms": 120_000,
    "facet_time_limit_ms": 120_000,
    "suggest_facets": "off",
    "default_facet_size": 500,
    "max_returned_rows": 1000,
    "allow_download": "off",
    "cache_size_kb": 256_000,
}
IDLE = 3.0
"""Seconds after which the connection is opened anew: the server closes it after five."""
_NAMES = {"offices": "office", "topics": "topic"}
FACETED = [
    ("_facet", "language"),
    ("_facet", "genre"),
    ("_facet", "year"),
    ("_facet_array", "offices"),
    ("_facet_array", "topics"),
]


def free_port() -> int:
    """A port of the loopback interface that nobody listens on now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


class Datasette(Peer):
    """The server as its own command starts it, asked through one connection that is kept open."""

    name = "Datasette"
    kinds = frozenset(KINDS) - {"keywords, ranked", "deep page"}
    disjunctive = False
    shares = "sqlite"
    _server: subprocess.Popen[bytes] | None = None

    @classmethod
    def version(cls) -> str:
        return version("datasette")

    def build(self, documents: Iterable[Document]) -> None:
        raise Unavailable("it reads what the SQLite peer built")

    def start(self) -> None:
        self.port = free_port()
        settings = [
            part for name, value in _SETTINGS.items() for part in ("--setting", name, str(value))
        ]
        command = ["serve", str(self.folder / FILE), "--port", str(self.port), *settings]
        self._server = subprocess.Popen(
            [sys.executable, "-m", "datasette", *command],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        wait_for("127.0.0.1", self.port)

    def open(self) -> None:
        self._connection = HTTPConnection("127.0.0.1", self.port, timeout=300)
        self._used = time.monotonic()

    def answer(self, question: Question) -> Answer:
        if time.monotonic() - self._used > IDLE:
            self._connection.close()  # the next request opens it again
        self._connection.request("GET", address(question))
        response = self._connection.getresponse()
        told = json.loads(response.read())
        self._used = time.monotonic()
        if response.status != 200:
            raise RuntimeError(f"{response.status}: {told.get('error')}")
        counts = {
            _NAMES.get(name, name): {str(one["value"]): one["count"] for one in held["results"]}
            for name, held in told["facet_results"].items()
        }
        ids = tuple(row["id"] for row in told["rows"])
        return Answer(ids, told["filtered_table_rows_count"], counts)

    def servers(self) -> list[int]:
        return machine.descendants(self._server.pid) if self._server else []

    def close(self) -> None:
        self._connection.close()

    def stop(self) -> None:
        if self._server:
            self._server.terminate()
            self._server.wait()


def address(question: Question) -> str:
    """The path of the table page that answers the question, as JSON."""
    asked = [*FACETED, ("_size", str(PAGE)), ("_sort_desc", "instant"), ("_shape", "objects")]
    if question.has_text:
        asked += [("_search", match(question)), ("_searchmode", "raw")]
    asked += [("_where", where) for where in _wheres(question.selections)]
    return f"/{FILE.removesuffix('.db')}/story.json?{urlencode(asked)}"


def _wheres(selections: Mapping[str, tuple[str, ...]]) -> Iterable[str]:
    for facet, values in selections.items():
        listed = ", ".join("'" + value.replace("'", "''") + "'" for value in values)
        if facet in ("office", "topic"):
            yield f"id in (select story from story_{facet} where {facet} in ({listed}))"
        else:
            yield f"{facet} in ({listed})"


def wait_for(host: str, port: int, seconds: float = 60) -> None:
    """Return once something listens there; raises Unavailable when nothing does in time."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with socket.socket() as trial:
            if not trial.connect_ex((host, port)):
                return
        time.sleep(0.05)
    raise Unavailable(f"nothing listened on port {port} within {seconds:.0f} s")
