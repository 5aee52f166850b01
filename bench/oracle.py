"""The slow truth: what must be answered, found by looking at every document."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from bench.peers.base import Answer, year
from bench.synthetic import FACETS, PAGE, Question
from dateline.archive.engines.base import Document


def answer(documents: Sequence[Document], question: Question) -> Answer:
    """The answer by brute force; a ranked question's ids are all that match, newest first."""
    matching = [document for document in documents if _says(document, question)]
    full = [document for document in matching if _has(document, question.selections)]
    full.sort(key=lambda document: -document.instant)
    counts = {
        facet: Counter(
            value
            for document in matching
            if _has(document, _without(question.selections, facet))
            for value in document.facets[facet]
        )
        for facet in FACETS
    } | {"year": Counter(str(year(document.instant)) for document in full)}
    page = full if question.ranked else full[question.offset : question.offset + PAGE]
    return Answer(tuple(document.id for document in page), len(full), counts)


def _says(document: Document, question: Question) -> bool:
    fields = [text.split() for text in (document.headline, document.summary, document.body)]
    words = {word for field in fields for word in field}
    return (
        words.issuperset(question.words)
        and (not question.phrase or any(_runs(field, question.phrase) for field in fields))
        and (not question.prefix or any(word.startswith(question.prefix) for word in words))
    )


def _runs(field: list[str], phrase: tuple[str, ...]) -> bool:
    return phrase in zip(*(field[at:] for at in range(len(phrase))), strict=False)


def _has(document: Document, selections: Mapping[str, Iterable[str]]) -> bool:
    return all(
        not set(document.facets[facet]).isdisjoint(values) for facet, values in selections.items()
    )


def _without(selections: Mapping[str, tuple[str, ...]], facet: str) -> dict[str, tuple[str, ...]]:
    return {other: values for other, values in selections.items() if other != facet}
