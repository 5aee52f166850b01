"""tantivy, the Rust library in the manner of Lucene, through its Python binding.

Facets are fast fields counted by terms aggregations, one aggregation request for the whole answer
and one for each selected facet. One field holds the three texts, so that one query asks all of
them; tantivy leaves a gap between them that no phrase crosses.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from importlib.metadata import version
from typing import Any

import tantivy
from tantivy import Occur, Query

from bench.peers.base import Answer, Peer, bases, year
from bench.synthetic import FACETS, PAGE, Question
from dateline.archive.engines.base import Document

HEAP = 1_000_000_000
"""Bytes the writer may hold before it writes a segment: few, large segments answer faster."""
THREADS = 2
MOST_VALUES = 500


class Tantivy(Peer):
    """An index folder, its segments merged as its own policy has it."""

    name = "tantivy"

    @classmethod
    def version(cls) -> str:
        return version("tantivy")

    def build(self, documents: Iterable[Document]) -> None:
        schema = _schema()
        writer = tantivy.Index(schema, str(self.folder)).writer(HEAP, THREADS)
        for document in documents:
            writer.add_document(_document(document, schema))
        writer.commit()
        writer.wait_merging_threads()

    def open(self) -> None:
        self._schema = _schema()
        self._searcher = tantivy.Index.open(str(self.folder)).searcher()

    def answer(self, question: Question) -> Answer:
        full = self._query(question, question.selections)
        found: Any = self._searcher.search(
            full,
            PAGE,
            count=True,
            offset=question.offset,
            order_by_field=None if question.ranked else "instant",
        )
        ids: list[Any] = self._searcher.fast_field_values("id", [at for _, at in found.hits])
        return Answer(tuple(ids), found.count, self._counts(question))

    def _counts(self, question: Question) -> dict[str, dict[str, int]]:
        counts: dict[str, dict[str, int]] = {}
        for at, (selections, facets) in enumerate(bases(question)):
            wanted = [*facets, "year"] if at == 0 else facets
            query = self._query(question, selections)
            asked = {name: {"terms": {"field": name, "size": MOST_VALUES}} for name in wanted}
            for name, held in self._searcher.aggregate(query, asked).items():
                counts[name] = {_key(one["key"]): one["doc_count"] for one in held["buckets"]}
        return counts

    def _query(self, question: Question, selections: Mapping[str, tuple[str, ...]]) -> Query:
        parts = [self._word(word) for word in question.words]
        if question.phrase:
            parts.append(Query.phrase_query(self._schema, "text", list(question.phrase)))
        if question.prefix:
            pattern = re.escape(question.prefix) + ".*"
            parts.append(Query.regex_query(self._schema, "text", pattern))
        parts += [self._any_of(facet, values) for facet, values in selections.items()]
        if not parts:
            return Query.all_query()
        return Query.boolean_query([(Occur.Must, part) for part in parts])

    def _word(self, word: str) -> Query:
        return Query.term_query(self._schema, "text", word)

    def _any_of(self, facet: str, values: Iterable[str]) -> Query:
        terms = [Query.term_query(self._schema, facet, value, "basic") for value in values]
        any_of = Query.boolean_query([(Occur.Should, term) for term in terms])
        return Query.const_score_query(any_of, 0.0)


def _schema() -> Any:
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("id", indexed=True, fast=True)
    builder.add_integer_field("instant", indexed=True, fast=True)
    builder.add_unsigned_field("year", indexed=True, fast=True)
    for facet in FACETS:
        builder.add_text_field(facet, fast=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("text")
    return builder.build()


def _document(document: Document, schema: Any) -> tantivy.Document:
    fields = {facet: list(document.facets.get(facet, ())) for facet in FACETS} | {
        "id": document.id,
        "instant": document.instant,
        "year": year(document.instant),
        "text": [document.headline, document.summary, document.body],
    }
    return tantivy.Document.from_dict(fields, schema)


def _key(key: str | float) -> str:
    return key if isinstance(key, str) else str(int(key))
