"""DuckDB: columns, all facets in one statement. No word search: see `kinds`.

DuckDB's full-text extension is fetched from DuckDB's own server when it is installed, and it has
neither phrases nor prefixes; a scan with LIKE would be no fair stand-in for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

import duckdb
import pyarrow

from bench.peers.base import Answer, Peer, bases, year
from bench.synthetic import PAGE, Question
from dateline.archive.engines.base import Document

_COLUMN = {"office": "unnest(office)", "topic": "unnest(topic)"}
_ENUMS = ("language", "genre")


class DuckDb(Peer):
    """One file, with as many threads as there are cores (DuckDB's default)."""

    name = "DuckDB"
    kinds = frozenset({"match all", "facets", "deep page"})

    @classmethod
    def version(cls) -> str:
        return str(duckdb.__version__)

    @property
    def _file(self) -> Path:
        return self.folder / "stories.duckdb"

    def build(self, documents: Iterable[Document]) -> None:
        db = duckdb.connect(str(self._file))
        db.execute(
            "CREATE TABLE arriving (id INTEGER, instant BIGINT, year SMALLINT, language VARCHAR,"
            " genre VARCHAR, office VARCHAR[], topic VARCHAR[])"
        )
        source = iter(documents)
        while batch := list(islice(source, 20_000)):
            db.register("batch", _columns(batch))
            db.execute("INSERT INTO arriving SELECT * FROM batch")
        for facet in _ENUMS:
            db.execute(f"CREATE TYPE {facet}s AS ENUM (SELECT DISTINCT {facet} FROM arriving)")
        db.execute(
            "CREATE TABLE story AS SELECT id, instant, year, language::languages AS language,"
            " genre::genres AS genre, office, topic FROM arriving ORDER BY instant"
        )
        db.execute("DROP TABLE arriving")
        db.execute("CHECKPOINT")
        db.close()

    def open(self) -> None:
        self._db = duckdb.connect(str(self._file), read_only=True)

    def answer(self, question: Question) -> Answer:
        parts: list[str] = []
        values: list[Any] = []
        for at, (selections, facets) in enumerate(bases(question)):
            where, chosen = _where(selections)
            for facet in [*facets, "year"] if at == 0 else facets:
                column = _COLUMN.get(facet, facet)
                rows = f"SELECT {column} AS value FROM story {where}"
                parts.append(f"SELECT '{facet}', value::VARCHAR, count(*) FROM ({rows}) GROUP BY 2")
                values += chosen
        counts: dict[str, dict[str, int]] = {}
        for facet, value, count in self._db.execute(" UNION ALL ".join(parts), values).fetchall():
            counts.setdefault(facet, {})[value] = count
        return Answer(self._page(question), sum(counts.get("year", {}).values()), counts)

    def _page(self, question: Question) -> tuple[int, ...]:
        where, values = _where(question.selections)
        query = f"SELECT id FROM story {where} ORDER BY instant DESC LIMIT {PAGE} OFFSET ?"
        rows = self._db.execute(query, [*values, question.offset]).fetchall()
        return tuple(row[0] for row in rows)

    def close(self) -> None:
        self._db.close()


def _columns(batch: list[Document]) -> pyarrow.Table:
    return pyarrow.table(
        {
            "id": [one.id for one in batch],
            "instant": [one.instant for one in batch],
            "year": [year(one.instant) for one in batch],
            "language": [one.language for one in batch],
            "genre": [next(iter(one.facets.get("genre", ())), None) for one in batch],
            "office": [list(one.facets.get("office", ())) for one in batch],
            "topic": [list(one.facets.get("topic", ())) for one in batch],
        }
    )


def _where(selections: Mapping[str, tuple[str, ...]]) -> tuple[str, list[Any]]:
    conditions: list[str] = []
    values: list[Any] = []
    for facet, chosen in selections.items():
        if facet in _ENUMS:
            conditions.append(f"{facet} IN ({', '.join('?' * len(chosen))})")
            values += chosen
        else:
            conditions.append(f"list_has_any({facet}, ?)")
            values.append(list(chosen))
    return ("WHERE " + " AND ".join(conditions) if conditions else ""), values
