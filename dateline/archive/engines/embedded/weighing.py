"""Documents to arrays: which terms each one has, and how much each term says of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dateline.archive.analysis import RUN
from dateline.archive.engines.base import Document
from dateline.archive.engines.embedded.lexicon import SEPARATOR, Lexicon
from dateline.archive.engines.embedded.postings import Impacts, Integers, groups

WEIGHTS = np.array([8, 3, 1])
"""How much a word counts in headline, summary and body."""
USUAL_LENGTH = 300.0
"""Words of a usual story; fixed, so that a document's impacts depend on nothing but itself."""
K1, B = 1.2, 0.75
"""BM25's parameters, at the values Robertson and Zaragoza (2009) recommend to start from."""
_DOCUMENT_BITS, _WEIGHT_BITS = 16, 4
_POSITION_BITS = 28


@dataclass(frozen=True, slots=True)
class Weighed:
    """A batch's postings, sorted by term and then document (an index into the batch).

    `forms` are the forms of all documents, one after the other, a separator before each field;
    `fields` says how many of them each field has: a row of three for each document.
    """

    terms: Integers
    documents: Integers
    impacts: Impacts
    forms: Integers
    fields: Integers

    @property
    def sizes(self) -> Integers:
        """How many forms, separators included, each document has."""
        sizes: Integers = self.fields.sum(axis=1)
        return sizes


TONGUE = ""
"""The facet, of the index's own, that holds the language a document is written in."""


def facet_term(facet: str, value: str) -> str:
    return f"@{facet}:{value}"


def weigh(lexicon: Lexicon, batch: Sequence[Document]) -> Weighed:
    """At most 65,536 documents at a time."""
    runs, lengths = _runs(lexicon, batch)
    field = np.repeat(np.arange(3 * len(batch)), lengths)
    parts = lexicon.parts(runs)
    field_of_part = field[parts.run]
    whole, whole_stem = lexicon.wholes(runs)
    text = _keys(
        np.concatenate((parts.forms, parts.stems, whole, whole_stem)),
        np.concatenate((field_of_part, field_of_part, field, field)),
    )
    keys = np.concatenate((text, _facet_keys(_facets(lexicon, batch))))
    terms, documents, frequencies, headline = _summed(keys)
    fields = np.bincount(field_of_part, minlength=3 * len(batch)).reshape(-1, 3)
    words = fields.sum(axis=1) - 3
    impacts = _impacts(frequencies, words[documents]) | (headline << np.uint8(7))
    return Weighed(terms, documents, impacts, parts.forms, fields)


def _runs(lexicon: Lexicon, batch: Sequence[Document]) -> tuple[Integers, Integers]:
    """The numbers of all runs, and how many each field has; a separator begins each field."""
    lexicon.trim()
    separator = np.array([SEPARATOR])
    numbers: list[Integers] = []
    lengths: list[int] = []
    for document in batch:
        language = document.language.partition("-")[0].lower()
        for text in (document.headline, document.summary, document.body):
            # In lower case, since a run that is written in two cases would be analysed twice.
            runs = RUN.findall(text.lower())
            numbers += separator, lexicon.numbers(language, runs)
            lengths.append(len(runs) + 1)
    lexicon.learn()
    return np.concatenate(numbers), np.array(lengths, np.int64)


def _facets(lexicon: Lexicon, batch: Sequence[Document]) -> list[list[int]]:
    texts = [
        {facet_term(facet, value) for facet, values in d.facets.items() for value in values}
        | {facet_term(TONGUE, d.language)}
        for d in batch
    ]
    ids = lexicon.ids(text for one in texts for text in one)
    return [sorted(ids[text] for text in one) for one in texts]


def _keys(terms: Integers, fields: Integers) -> Integers:
    """Term, document and weight in one integer, in which they sort; without the absent term 0."""
    terms, fields = terms[terms > 0], fields[terms > 0]
    every = np.arange(fields.max(initial=-1) + 1)
    places: Integers = every // 3 << _WEIGHT_BITS | WEIGHTS[every % 3]
    return terms << _DOCUMENT_BITS + _WEIGHT_BITS | places[fields]


def _facet_keys(facets: list[list[int]]) -> Integers:
    """A facet value says nothing of a text's relevance: its weight is 0."""
    terms = np.array([term for one in facets for term in one], np.int64)
    documents = np.repeat(np.arange(len(facets)), [len(one) for one in facets])
    return (terms << _DOCUMENT_BITS | documents) << _WEIGHT_BITS


def _summed(keys: Integers) -> tuple[Integers, Integers, Integers, Impacts]:
    """Distinct (term, document) pairs in order, their summed weights, 1 for those in a headline."""
    keys = np.sort(keys)
    pairs = keys >> _WEIGHT_BITS
    starts, ends = groups(pairs)
    weights = keys & ((1 << _WEIGHT_BITS) - 1)
    sums = np.add.reduceat(weights, starts) if len(starts) else weights
    headline = (weights[ends - 1] == WEIGHTS[0]).astype(np.uint8)
    pairs = pairs[starts]
    return pairs >> _DOCUMENT_BITS, pairs & ((1 << _DOCUMENT_BITS) - 1), sums, headline


def _impacts(frequencies: Integers, words: Integers) -> Impacts:
    """BM25's saturated frequency, without the term's rarity, on a scale of 127."""
    length = K1 * (1 - B + B * words / USUAL_LENGTH)
    return np.ceil(127 * frequencies / (frequencies + length)).astype(np.uint8)


def positions(forms: Integers) -> tuple[Integers, Integers]:
    """The forms of a batch in order of form, without separators, and where each stands."""
    keys = np.sort(forms << _POSITION_BITS | np.arange(len(forms)))
    keys = keys[np.searchsorted(keys, (SEPARATOR + 1) << _POSITION_BITS) :]
    return keys >> _POSITION_BITS, keys & ((1 << _POSITION_BITS) - 1)


def cut(data: bytes, sizes: Integers) -> list[bytes]:
    """`data` in pieces of these sizes."""
    ends = np.cumsum(sizes)
    return [data[a:b] for a, b in zip((ends - sizes).tolist(), ends.tolist(), strict=True)]


def contents(weighed: Weighed) -> list[tuple[bytes, bytes]]:
    """For each document its terms in order, 32 bits each, then their impacts, a byte each; and its
    forms as they stand in the text."""
    order = np.argsort(weighed.documents.astype(np.uint16), kind="stable")  # a radix sort
    counts = np.bincount(weighed.documents, minlength=len(weighed.fields))
    terms = cut(weighed.terms[order].astype("<i4").tobytes(), 4 * counts)
    impacts = cut(weighed.impacts[order].tobytes(), counts)
    forms = cut(weighed.forms.astype("<i4").tobytes(), 4 * weighed.sizes)
    return [(a + b, c) for a, b, c in zip(terms, impacts, forms, strict=True)]


def content_terms(content: bytes) -> tuple[Integers, Impacts]:
    """What `contents` wrote of one document's terms."""
    count = len(content) // 5
    terms = np.frombuffer(content, "<i4", count).astype(np.int64)
    return terms, np.frombuffer(content, np.uint8, count, 4 * count)
