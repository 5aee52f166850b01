"""Joining names across languages: what is certain is joined, what is not is reported."""

from __future__ import annotations

from itertools import permutations

import pytest
from build import office
from hypothesis import given
from hypothesis import strategies as st

from dateline.importing.joins import Evidence, Joins
from dateline.vocabularies import names
from dateline.vocabularies.models import Office, OfficeName, Topic

LANGUAGES = ("de", "en", "fr")


def _joins(*releases: dict[str, tuple[str, ...]]) -> Joins:
    evidence = Evidence()
    for release in releases:
        evidence.see(release)
    return Joins("office", evidence)


def _names(joins: Joins, language: str, name: str) -> dict[str, str]:
    term = joins.term(language, names.fold(name))
    assert term is not None
    return dict(term.names)


def test_names_in_one_place_are_one_term() -> None:
    joins = _joins(
        {"de": ("Amt", "Rat"), "fr": ("Office", "Conseil")},
        {"fr": ("Conseil",), "en": ("Council",)},
    )
    assert _names(joins, "de", "Amt") == {"de": "Amt", "fr": "Office"}
    assert _names(joins, "en", "council") == {"de": "Rat", "fr": "Conseil", "en": "Council"}
    assert joins.apart == []
    assert joins.across_languages == 2


def test_two_names_in_one_place_stay_apart_and_are_reported() -> None:
    joins = _joins({"de": ("Amt",), "en": ("Office",)}, {"de": ("Amt",), "en": ("Bureau",)})
    assert _names(joins, "en", "Office") == {"en": "Office"}
    assert _names(joins, "de", "Amt") == {"de": "Amt"}
    (apart,) = joins.apart
    assert (apart.language, set(apart.names)) == ("en", {"Office", "Bureau"})
    assert "Amt" in apart.reason


def test_lists_of_unequal_length_say_nothing() -> None:
    joins = _joins({"de": ("Amt", "Rat"), "en": ("Office",)})
    assert _names(joins, "en", "Office") == {"en": "Office"}
    assert {name for apart in joins.apart for name in apart.names} == {"Amt", "Rat", "Office"}


def test_a_contradiction_in_one_language_leaves_the_others_joined() -> None:
    joins = _joins(
        {"de": ("Amt",), "fr": ("Office",), "en": ("Bureau",)},
        {"de": ("Amt",), "fr": ("Office",), "en": ("Agency",)},
    )
    assert _names(joins, "fr", "Office") == {"de": "Amt", "fr": "Office"}


def test_spellings_that_fold_alike_are_one_name() -> None:
    joins = _joins(
        {"de": ("Amt – Bern",), "en": ("Office",)}, {"de": ("AMT - Bern",), "en": ("Office",)}
    )
    assert joins.apart == []
    assert _names(joins, "de", "amt - bern")["en"] == "Office"


WORDS = st.sampled_from([f"word {n}" for n in range(8)])


@given(st.lists(st.lists(WORDS, min_size=1, max_size=4, unique=True), min_size=1, max_size=12))
def test_with_faithful_order_every_name_is_joined_with_its_own(releases: list[list[str]]) -> None:
    """Whatever releases there are: translations that keep the order are joined without doubt."""
    joins = _joins(
        *(
            {tag: tuple(f"{tag} {word}" for word in words) for tag in LANGUAGES}
            for words in releases
        )
    )
    for word in {word for words in releases for word in words}:
        expected = {tag: f"{tag} {word}" for tag in LANGUAGES}
        assert _names(joins, "fr", f"fr {word}") == expected
    assert joins.apart == []


@given(st.lists(st.permutations(["a", "b", "c"]), min_size=1, max_size=4))
def test_no_term_ever_has_two_names_of_a_language(orders: list[list[str]]) -> None:
    joins = _joins(
        *({"de": ("A", "B", "C"), "fr": tuple(order), "en": ("x", "y", "z")} for order in orders)
    )
    seen: dict[tuple[str, str], int] = {}
    for tag, listed in {"de": "ABC", "fr": "abc", "en": "xyz"}.items():
        for name in listed:
            term = joins.term(tag, names.fold(name))
            assert term is not None
            assert term.names[tag] == name
            seen[tag, name] = id(term)


@pytest.mark.django_db
class TestTerms:
    """Terms made by an import, and found again."""

    def test_a_new_term_has_its_names_and_an_english_slug(self, bring, record) -> None:
        bring(
            [
                record(group="g", language="de", offices=["Amt für Umwelt"]),
                record(id="2", group="g", offices=["Environment Office"]),
            ]
        )
        made = Office.objects.get()
        assert made.slug == "environment-office"
        assert dict(made.names.values_list("language", "name")) == {
            "de": "Amt für Umwelt",
            "en": "Environment Office",
        }

    def test_terms_are_matched_by_former_names_case_and_spacing(self, bring, record) -> None:
        astana = office("astana", "Programme Office in Astana", names={"de": "Büro in Astana"})
        astana.names.create(language="en", name="Centre in Almaty", valid_until="2007-12-31")
        astana.save()
        spelt = [
            "programme  office in ASTANA",
            "CENTRE IN ALMATY",
            "büro in astana",
            "Programme Office in Astana (closed)",
        ]
        report = bring([record(id=str(n), offices=[name]) for n, name in enumerate(spelt)])
        assert report.terms.get("office") is None
        assert Office.objects.get().stories.count() == 4
        assert not Office.objects.get().closed, "an import does not close an office the desk knows"

    def test_closed_is_a_state_of_a_new_office(self, bring, record) -> None:
        bring([record(offices=["Office in Yerevan (closed)"])])
        made = Office.objects.get()
        assert (str(made), made.slug, made.closed) == (
            "Office in Yerevan",
            "office-in-yerevan",
            True,
        )

    def test_a_known_term_gains_the_names_it_lacked(self, bring, record) -> None:
        office("environment", "Environment Office")
        bring(
            [
                record(group="g", language="de", offices=["Amt für Umwelt"]),
                record(id="2", group="g", offices=["Environment Office"]),
            ]
        )
        assert Office.objects.count() == 1
        assert OfficeName.objects.filter(language="de").get().name == "Amt für Umwelt"

    def test_names_of_two_known_terms_are_not_merged(self, bring, record) -> None:
        office("one", "Environment Office")
        office("two", "x", names={"fr": "Office de l'environnement"})
        report = bring(
            [
                record(group="g", language="de", offices=["Amt für Umwelt"]),
                record(id="2", group="g", offices=["Environment Office"]),
                record(id="3", group="g", language="fr", offices=["Office de l’environnement"]),
            ]
        )
        assert Office.objects.count() == 3
        assert any("two terms here already" in apart.reason for apart in report.apart)

    def test_slugs_differ_where_names_do(self, bring, record) -> None:
        bring([record(topics=["C", "C+", "C++", "c"])])
        assert set(Topic.objects.values_list("slug", flat=True)) == {"c", "c-2", "c-3"}

    @pytest.mark.parametrize("order", list(permutations(range(3))))
    def test_the_order_of_a_file_decides_nothing_about_terms(self, bring, record, order) -> None:
        records = [
            record(group="g", language="de", offices=["Amt", "Rat"]),
            record(id="2", group="g", language="fr", offices=["Office", "Conseil"]),
            record(id="3", group="g", offices=["Bureau", "Council"]),
        ]
        bring([records[place] for place in order], batch=1)
        assert {
            frozenset(made.names.values_list("name", flat=True)) for made in Office.objects.all()
        } == {
            frozenset({"Amt", "Office", "Bureau"}),
            frozenset({"Rat", "Conseil", "Council"}),
        }
