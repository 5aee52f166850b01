"""What the interface tells people to type is what the newsroom understands."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from django.utils.translation import gettext, override, pgettext

from dateline.archive import facets, keywords, sentence
from dateline.archive.query import Query
from dateline.lib import dates
from dateline.operations import translations
from dateline.vocabularies.snapshot import Snapshot, TermInfo

LANGUAGES = ("en", "ru", "fr", "de", "es", "it", "ar")
WORDS = Path(__file__).parents[2] / "dateline/demonstration/data/listing.json"
TODAY = date(2025, 6, 1)


@pytest.fixture(autouse=True, scope="module")
def _compiled() -> None:
    translations.compile_changed()


@pytest.fixture(autouse=True, params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> Iterator[str]:
    with override(request.param):
        yield request.param


def test_the_date_boxes_hint_is_read_as_dates(language: str) -> None:
    hint = gettext("As you would write them: 2016, March 2016, 14 March 2016")
    examples = hint.partition(":")[2].replace("،", ",").split(",")
    assert [dates.typed(example, language, TODAY) for example in examples] == [
        (date(2016, 1, 1), date(2016, 12, 31)),
        (date(2016, 3, 1), date(2016, 3, 31)),
        (date(2016, 3, 14), date(2016, 3, 14)),
    ]


def test_the_search_examples_do_what_is_said_of_them() -> None:
    (phrase,) = keywords.parse(pgettext("example of a phrase", "“rule of law”"))
    (beginning,) = keywords.parse(pgettext("example of a beginning", "parliament*"))
    (excluded,) = keywords.parse(pgettext("example of an excluded word", "-statement"))
    assert phrase.kind == "phrase"
    assert " " in phrase.text
    assert beginning.kind == "prefix"
    assert excluded.excluded


def test_the_search_boxes_placeholder_shows_a_phrase_and_an_excluded_word() -> None:
    clauses = keywords.parse(gettext("Words, “a phrase”, -without"))
    assert any(clause.kind == "phrase" for clause in clauses)
    assert any(clause.excluded for clause in clauses)


def test_labels_are_those_the_demonstration_uses(language: str) -> None:
    words = json.loads(WORDS.read_text())
    for facet in facets.VOCABULARIES:
        assert facets.label(facet, language) == words["labels"][facet][language]
    assert gettext("Publishing date") == words["labels"]["published"][language]
    assert sentence.heading(language) == words["heading"][language]


def test_a_name_stands_in_a_sentence_as_the_newsroom_wrote_it(language: str) -> None:
    """Names cannot be inflected, so no pattern may ask for it: here each stands whole."""
    terms = {"office": "Бюро ОБСЕ в Ереване", "topic": "Права человека", "genre": "Новости"}
    snapshot = _Terms(terms)
    said = sentence.say(Query(language, selections=tuple((f, (f,)) for f in terms)), snapshot)
    assert said.startswith(terms["genre"])
    assert all(name in said for name in terms.values())
    if language != "en":
        with override("en"):
            english = sentence.say(
                Query("en", selections=tuple((f, (f,)) for f in terms)), snapshot
            )
        assert said != english


class _Terms(Snapshot):
    """A vocabulary in which every term is its facet's one name."""

    def __init__(self, names: dict[str, str]) -> None:
        object.__setattr__(self, "names", names)

    def term(self, facet: str, slug: str) -> TermInfo:
        return _Named(self.names[facet])  # type: ignore[attr-defined,return-value]


class _Named:
    def __init__(self, name: str) -> None:
        self.name = name

    def label(self, language: str) -> str:
        return self.name
