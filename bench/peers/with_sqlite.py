"""SQLite with FTS5 and GROUP BY, as a careful owner of a Django site would set it up.

The rows that are counted are narrow and indexed, the links to offices and topics are tables
clustered by value with an index the other way round; words live in an FTS5 table without a copy of
the texts, with prefix indexes. What matches is found once for each base and counted from there.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from pathlib import Path

from bench.peers.base import Answer, Peer, bases, year
from bench.synthetic import PAGE, Question
from dateline.archive.engines.base import Document

# `offices` and `topics` as JSON are there for Datasette, which reads the same file.
SCHEMA = """
CREATE TABLE story (
    id INTEGER PRIMARY KEY, instant INTEGER, year INTEGER, language TEXT, genre TEXT,
    offices TEXT, topics TEXT
);
CREATE TABLE story_office (office TEXT, story INTEGER, PRIMARY KEY (office, story)) WITHOUT ROWID;
CREATE TABLE story_topic (topic TEXT, story INTEGER, PRIMARY KEY (topic, story)) WITHOUT ROWID;
CREATE VIRTUAL TABLE story_fts USING fts5(
    headline, summary, body, content="story", content_rowid="id", prefix='2 3 4'
);
"""
INDEXES = """
CREATE INDEX by_instant ON story (instant);
CREATE INDEX by_language ON story (language, instant);
CREATE INDEX by_genre ON story (genre, instant);
CREATE INDEX by_year ON story (year);
CREATE INDEX office_of ON story_office (story, office);
CREATE INDEX topic_of ON story_topic (story, topic);
INSERT INTO story_fts (story_fts) VALUES ('optimize');
ANALYZE;
"""
_COUNTED = {
    "language": ("language", "story", "m"),
    "genre": ("genre", "story", "m"),
    "year": ("year", "story", "m"),
    "office": ("office", "story_office", "m JOIN story_office ON story = id"),
    "topic": ("topic", "story_topic", "m JOIN story_topic ON story = id"),
}
"""Facet → its column, the table that counts it for all stories, and for those in `m`."""
FILE = "stories.db"


class Sqlite(Peer):
    """One file, one connection, mapped into memory."""

    name = "SQLite FTS5"

    @classmethod
    def version(cls) -> str:
        return sqlite3.sqlite_version

    @property
    def file(self) -> Path:
        return self.folder / FILE

    def build(self, documents: Iterable[Document]) -> None:
        db = sqlite3.connect(self.file, isolation_level=None)
        db.executescript(f"PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; BEGIN; {SCHEMA}")
        source = iter(documents)
        while batch := list(islice(source, 2_000)):
            _insert(db, batch)
        db.executescript(f"{INDEXES} PRAGMA journal_mode=WAL;")
        db.close()

    def open(self) -> None:
        self._db = sqlite3.connect(f"file:{self.file}?mode=ro", uri=True)
        self._db.executescript(
            "PRAGMA mmap_size=16000000000; PRAGMA cache_size=-256000; PRAGMA temp_store=MEMORY;"
        )

    def answer(self, question: Question) -> Answer:
        counts: dict[str, dict[str, int]] = {}
        for at, (selections, facets) in enumerate(bases(question)):
            wanted = [*facets, "year"] if at == 0 else facets
            counts |= self._counts(question, selections, wanted)
        return Answer(self._page(question), sum(counts["year"].values()), counts)

    def _counts(
        self, question: Question, selections: Mapping[str, tuple[str, ...]], facets: Sequence[str]
    ) -> dict[str, dict[str, int]]:
        where, values = _where(question, selections)
        found: dict[str, dict[str, int]] = {facet: {} for facet in facets}
        for facet, value, count in self._db.execute(_counting(where, facets), values):
            found[facet][str(value)] = count
        return found

    def _page(self, question: Question) -> tuple[int, ...]:
        if question.ranked:
            where, values = _where(question, question.selections, ranked=True)
            source, order = "story_fts JOIN story ON id = story_fts.rowid", "story_fts.rank"
        else:
            where, values = _where(question, question.selections)
            source, order = "story", "instant DESC"
        query = f"SELECT id FROM {source} {where} ORDER BY {order} LIMIT ? OFFSET ?"
        return tuple(row[0] for row in self._db.execute(query, [*values, PAGE, question.offset]))

    def close(self) -> None:
        self._db.close()


def _insert(db: sqlite3.Connection, batch: Sequence[Document]) -> None:
    db.executemany(
        "INSERT INTO story VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            (
                one.id,
                one.instant,
                year(one.instant),
                one.language,
                next(iter(one.facets.get("genre", ())), None),
                json.dumps(one.facets.get("office", ())),
                json.dumps(one.facets.get("topic", ())),
            )
            for one in batch
        ],
    )
    for facet in ("office", "topic"):
        links = [(value, one.id) for one in batch for value in one.facets.get(facet, ())]
        db.executemany(f"INSERT INTO story_{facet} VALUES (?, ?)", links)
    db.executemany(
        "INSERT INTO story_fts (rowid, headline, summary, body) VALUES (?, ?, ?, ?)",
        [(one.id, one.headline, one.summary, one.body) for one in batch],
    )


def match(question: Question) -> str:
    """The words asked for, in FTS5's language."""
    parts = [f'"{word}"' for word in question.words]
    if question.phrase:
        parts.append(f'"{" ".join(question.phrase)}"')
    if question.prefix:
        parts.append(f'"{question.prefix}" *')
    return " AND ".join(parts)


def _where(
    question: Question, selections: Mapping[str, tuple[str, ...]], *, ranked: bool = False
) -> tuple[str, list[str | int]]:
    """The WHERE clause ('' for everything) and its values."""
    conditions: list[str] = []
    values: list[str | int] = []
    if question.has_text:
        inner = "SELECT rowid FROM story_fts WHERE story_fts MATCH ?"
        conditions.append("story_fts MATCH ?" if ranked else f"id IN ({inner})")
        values.append(match(question))
    for facet, chosen in selections.items():
        marks = ", ".join("?" * len(chosen))
        linked = f"id IN (SELECT story FROM story_{facet} WHERE {facet} IN ({marks}))"
        own = f"story.{facet} IN ({marks})"
        conditions.append(linked if facet in ("office", "topic") else own)
        values += chosen
    return ("WHERE " + " AND ".join(conditions) if conditions else ""), values


def _counting(where: str, facets: Iterable[str]) -> str:
    """One statement that counts these facets of what matches."""
    if not where:  # each is an index read from end to end
        return " UNION ALL ".join(
            f"SELECT '{facet}', {column}, count(*) FROM {table} GROUP BY {column}"
            for facet, (column, table, _) in _named(facets)
        )
    return (
        f"WITH m AS MATERIALIZED (SELECT id, language, genre, year FROM story {where}) "
        + " UNION ALL ".join(
            f"SELECT '{facet}', {column}, count(*) FROM {source} GROUP BY {column}"
            for facet, (column, _, source) in _named(facets)
        )
    )


def _named(facets: Iterable[str]) -> Iterable[tuple[str, tuple[str, str, str]]]:
    return [(facet, _COUNTED[facet]) for facet in facets]
