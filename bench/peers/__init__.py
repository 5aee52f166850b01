"""The engines that are measured beside each other, each behind `base.Peer`."""

from __future__ import annotations

from importlib import import_module

from bench.peers.base import Peer

# Imported only where they run: a process must not carry the others' libraries in its memory.
_WHERE = {
    "dateline": "embedded:Embedded",
    "tantivy": "with_tantivy:Tantivy",
    "sqlite": "with_sqlite:Sqlite",
    "duckdb": "with_duckdb:DuckDb",
    "postgresql": "with_postgresql:PostgreSql",
    "datasette": "with_datasette:Datasette",
    "wagtail": "with_wagtail:Wagtail",
    "opensearch": "with_opensearch:OpenSearch",
}
NAMES = tuple(_WHERE)


def find(key: str) -> type[Peer]:
    """The peer by its short name."""
    module, name = _WHERE[key].split(":")
    found: type[Peer] = getattr(import_module(f"bench.peers.{module}"), name)
    return found
