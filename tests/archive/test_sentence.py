"""The query in one sentence: it names all that narrows the list, in every language."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from build import genre, office, topic
from django.utils.translation import override

from dateline.archive import sentence
from dateline.archive.query import Query
from dateline.vocabularies import snapshot as vocabularies

pytestmark = pytest.mark.django_db
LANGUAGES = ("en", "ru", "fr", "de", "es", "it", "ar")


@pytest.fixture(autouse=True)
def _terms() -> None:
    genre("news", "News", names={"fr": "Actualités"})
    genre("statement", "Statements")
    office("astana", "the Programme Office in Astana")
    topic("law", "rule of law")
    topic("gender", "gender equality")
    topic("media", "media freedom")


def _say(own: str = "en", **parts: object) -> str:
    chosen = tuple((facet, values) for facet, values in parts.items() if isinstance(values, tuple))
    rest = {name: value for name, value in parts.items() if not isinstance(value, tuple)}
    query = Query(own, selections=chosen, **rest)  # type: ignore[arg-type]
    return sentence.say(query, vocabularies.current())


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({}, "News and press releases"),
        ({"genre": ("news",)}, "News"),
        (
            {"genre": ("news",), "office": ("astana",), "topic": ("law",)},
            "News from the Programme Office in Astana about rule of law",
        ),
        ({"genre": ("news", "statement")}, "News or Statements"),
        (
            {"topic": ("gender", "law", "media")},
            "News and press releases about gender equality, rule of law or media freedom",
        ),
        ({"keywords": "court"}, "News and press releases with “court”"),
        ({"year": ("2016",)}, "News and press releases, 2016"),
        ({"year": ("2016",), "month": ("2016-03",)}, "News and press releases, March 2016"),
        ({"year": ("2015",), "month": ("2016-03",)}, "News and press releases, March 2016, 2015"),
        (
            {"since": date(2016, 3, 14), "until": date(2016, 4, 1)},
            "News and press releases, from 14 March 2016 until 1 April 2016",
        ),
        ({"language": ("en", "fr")}, "News and press releases (English or Français)"),
        ({"topic": ("lore",)}, "News and press releases about lore"),
    ],
)
def test_english(parts: dict[str, object], said: str) -> None:
    assert _say(**parts) == said


@pytest.mark.parametrize("language", LANGUAGES)
def test_in_every_language_all_that_narrows_the_list_is_named(language: str) -> None:
    """What is not translated yet is said in English rather than not at all."""
    said = _say(
        language,
        genre=("statement",),
        office=("astana",),
        topic=("law", "media"),
        year=("2016",),
        keywords="court 100%",
        since=date(2016, 3, 14),
    )
    for piece in ("Statements", "Astana", "rule of law", "media freedom", "court 100%"):
        assert piece in said
    assert "%(" not in said
    assert any(year in said for year in ("2016", "٢٠١٦"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_speaks_the_lists_language_whichever_is_active(language: str) -> None:
    alone = _say(language, topic=("law",))
    with override("it"):
        assert _say(language, topic=("law",)) == alone
    assert "Actualités" in _say("fr", genre=("news",))


def test_the_plain_list_is_called_what_the_newsroom_calls_it(settings) -> None:  # type: ignore[no-untyped-def]
    own = {"en": "Newsroom", "fr": "Salle de presse"}
    settings.NEWSROOM = replace(settings.NEWSROOM, heading=own)
    assert _say("fr") == "Salle de presse"
    assert _say("en", year=("2016",)) == "Newsroom, 2016"


def test_page_size_and_sort_are_not_part_of_the_question() -> None:
    assert _say(page=4, size=100, sort="oldest") == _say()
