"""Dateline's own engine, as the website opens it."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path
from zoneinfo import ZoneInfo

from bench.peers.base import Answer, Peer
from bench.synthetic import LANGUAGES, PAGE, Question
from dateline.archive.engines.base import Document, Engine, Search
from dateline.archive.engines.embedded import EmbeddedEngine, schema
from dateline.archive.keywords import Clause


def search_of(question: Question) -> Search:
    """The question as Dateline's engines take it, with word stems in all six languages."""
    clauses = [Clause(word) for word in question.words]
    if question.phrase:
        clauses.append(Clause(" ".join(question.phrase), "phrase"))
    if question.prefix:
        clauses.append(Clause(question.prefix, "prefix"))
    return Search(
        clauses=tuple(clauses),
        languages=LANGUAGES,
        selections={facet: frozenset(values) for facet, values in question.selections.items()},
        sort="relevance" if question.ranked else "newest",
        offset=question.offset,
        size=PAGE,
    )


def ask(engine: Engine, question: Question) -> Answer:
    """The answer; what the engine counts besides (months) is computed and left out here."""
    result = engine.search(search_of(question))
    counts = {facet: held for facet, held in result.counts.items() if facet != "month"}
    return Answer(tuple(result.ids), result.total, counts)


class Embedded(Peer):
    """The embedded engine over one file."""

    name = "Dateline"
    _engine: EmbeddedEngine

    @classmethod
    def version(cls) -> str:
        return version("dateline")

    @classmethod
    def layout(cls) -> str:
        return f"format-{schema.VERSION}"

    @property
    def _file(self) -> Path:
        return self.folder / "archive.sqlite3"

    def build(self, documents: Iterable[Document]) -> None:
        self.open()
        self._engine.rebuild(documents, 0)
        self._engine.close()

    def open(self) -> None:
        self._engine = EmbeddedEngine(self._file, ZoneInfo("UTC"))

    def answer(self, question: Question) -> Answer:
        return ask(self._engine, question)

    def close(self) -> None:
        self._engine.close()
