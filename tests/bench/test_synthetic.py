"""The synthetic archive is what it says it is."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from itertools import islice

import pytest

from bench import synthetic
from bench.synthetic import CARDINALITY, FACETS, KINDS, LANGUAGES
from dateline.archive.analysis import fold, parts, stem_term

SIZE = 12_000


@pytest.fixture(scope="module")
def documents() -> list[synthetic.Document]:
    return list(synthetic.documents(SIZE, body=5))


def test_the_same_seed_and_size_give_the_same_stories(documents: list[synthetic.Document]) -> None:
    assert list(synthetic.documents(SIZE, body=5)) == documents
    other = list(islice(synthetic.documents(SIZE, seed=1, body=5), 100))
    assert [one.headline for one in other] != [one.headline for one in documents[:100]]


def test_moments_are_unique_ascending_and_within_the_years(
    documents: list[synthetic.Document],
) -> None:
    instants = [one.instant for one in documents]
    assert instants == sorted(set(instants))
    years = Counter(datetime.fromtimestamp(instant, UTC).year for instant in instants)
    assert sorted(years) == list(range(1995, 2027))
    assert [one.id for one in documents] == list(range(1, SIZE + 1))


def test_stories_have_the_words_and_values_they_should(
    documents: list[synthetic.Document],
) -> None:
    for one in documents[::50]:
        assert [len(text.split()) for text in (one.headline, one.summary, one.body)] == [10, 60, 5]
        assert one.facets["language"] == (one.language,)
        many = {facet: len(set(one.facets[facet])) for facet in FACETS}
        assert many["genre"] == 1
        assert many["office"] in (1, 2)
        assert many["topic"] in (1, 2, 3, 4)
    for facet in FACETS:
        counts = Counter(value for one in documents for value in one.facets[facet])
        assert len(counts) == CARDINALITY[facet]
        few = [counts[synthetic.value(facet, at)] for at in (0, 2, CARDINALITY[facet] - 1)]
        assert few == sorted(few, reverse=True), "popularity falls"


def test_a_word_is_one_word_to_every_engine() -> None:
    words = synthetic.vocabulary()
    assert len(set(words)) == synthetic.VOCABULARY
    for word in words[::97]:
        assert word.isascii()
        assert word.isalpha()
        assert [part.form for part in parts(word)] == [word] == [fold(word)]
        for language in LANGUAGES:
            assert stem_term(word, language) in (None, f":{language}:{word}")


def test_questions_are_of_all_kinds_and_the_same_each_time() -> None:
    asked = synthetic.questions()
    assert asked == synthetic.questions()
    assert {question.kind for question in asked} == set(KINDS)
    assert {len(question.phrase) for question in asked if question.kind == "phrase"} == {2}
    assert len(synthetic.questions(divisor=4)) < len(asked) / 3
