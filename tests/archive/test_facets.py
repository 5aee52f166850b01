"""Facets as they are presented: which values, in which order, with which counts and names."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from build import genre, office, topic

from dateline.archive import facets
from dateline.archive.query import FACETS, Problem, Query
from dateline.vocabularies import snapshot as vocabularies
from dateline.vocabularies.models import Office

pytestmark = pytest.mark.django_db


@pytest.fixture
def offices() -> dict[str, Office]:
    """Vienna with two sections, one closed; Astana; Minsk, closed, with a section of its own."""
    made = {"vienna": office("vienna"), "astana": office("astana")}
    made["minsk"] = office("minsk", closed=True)
    made["press"] = office("press", parent=made["vienna"])
    made["old-desk"] = office("old-desk", parent=made["vienna"], closed=True)
    made["archive"] = office("archive", parent=made["minsk"])
    return made


def _offices(
    counted: Mapping[str, int], made: Mapping[str, Office], *chosen: str
) -> tuple[facets.FacetValue, ...]:
    counts = {"office": {str(made[slug].pk): count for slug, count in counted.items()}}
    query = Query("en", selections=(("office", chosen),))
    return _facet(query, counts, "office").values


def _facet(query: Query, counts: Mapping[str, Mapping[str, int]], name: str) -> facets.Facet:
    return facets.present(name, query, counts, vocabularies.current())


def test_values_come_by_count_closed_last_and_children_below_their_parent(
    offices: dict[str, Office],
) -> None:
    counts = {"vienna": 9, "press": 2, "old-desk": 7, "astana": 12, "minsk": 40, "archive": 3}
    shown = [(v.value, v.depth, v.closed) for v in _offices(counts, offices)]
    assert shown == [
        ("astana", 0, False),
        ("vienna", 0, False),
        ("press", 1, False),
        ("old-desk", 1, True),
        ("minsk", 0, True),
        ("archive", 1, False),
    ]


def test_equal_counts_come_by_name() -> None:
    made = {
        slug: office(slug, name) for slug, name in (("b", "beta"), ("a", "Gamma"), ("c", "Alpha"))
    }
    shown = _offices(dict.fromkeys(made, 5), made)
    assert [value.label for value in shown] == ["Alpha", "beta", "Gamma"]


def test_values_without_stories_are_left_out(offices: dict[str, Office]) -> None:
    assert [v.value for v in _offices({"astana": 1}, offices)] == ["astana"]


def test_a_chosen_value_stays_with_its_zero(offices: dict[str, Office]) -> None:
    shown = {v.value: (v.count, v.selected) for v in _offices({"astana": 1}, offices, "press")}
    assert shown == {"astana": (1, False), "press": (0, True)}


def test_a_value_nobody_knows_stays_is_named_as_written_and_comes_last(
    offices: dict[str, Office],
) -> None:
    last = _offices({"astana": 1}, offices, "atlantis")[-1]
    assert last == facets.FacetValue("atlantis", "atlantis", 0, selected=True)


def test_a_value_nobody_knows_matches_nothing_and_is_a_problem() -> None:
    topic("law")
    query = Query("en", selections=(("topic", ("law", "lore")), ("language", ("tlh",))))
    same, problems = facets.resolve(query, vocabularies.current())
    assert same == query
    assert set(problems) == {
        Problem("topic", "lore", "unknown-value"),
        Problem("language", "tlh", "unknown-value"),
    }
    only = Query("en", selections=(("topic", ("lore",)),))
    asked = facets.index_values(only, vocabularies.current())["topic"]
    known = {str(term.id) for term in vocabularies.current().terms("topic")}
    assert asked
    assert not asked & known


def test_the_lists_own_language_is_shown_as_chosen() -> None:
    shown = _facet(Query("en"), {"language": {"en": 7, "fr": 3}}, "language")
    assert [(v.value, v.label, v.count, v.selected) for v in shown.values] == [
        ("en", "English", 7, True),
        ("fr", "Français", 3, False),
    ]


def test_years_and_months_come_newest_first() -> None:
    counts = {"year": {"2019": 2, "2024": 1}, "month": {"2024-03": 1, "2024-11": 4}}
    query = Query("fr", selections=(("year", ("2021",)),))
    years, months = (_facet(query, counts, name) for name in ("year", "month"))
    assert [(v.value, v.count) for v in years.values] == [("2024", 1), ("2021", 0), ("2019", 2)]
    assert [v.label for v in months.values] == ["novembre 2024", "mars 2024"]
    assert [v.value for v in years.selected] == ["2021"]


def test_names_are_in_the_lists_language_whichever_is_active() -> None:
    made = genre("statement", "Statement", names={"fr": "Déclaration"})
    shown = _facet(Query("fr"), {"genre": {str(made.pk): 1}}, "genre")
    assert shown.values[0].label == "Déclaration"


def test_every_facet_of_the_query_has_a_label_and_can_be_presented() -> None:
    shown = [_facet(Query("en"), {}, name) for name in FACETS]
    assert tuple(facet.name for facet in shown) == FACETS
    assert all(facet.label for facet in shown)


def test_labels_may_be_the_newsrooms_own(settings) -> None:  # type: ignore[no-untyped-def]
    from dataclasses import replace

    own = {"office": {"en": "Departments", "fr": "Départements"}}
    settings.NEWSROOM = replace(settings.NEWSROOM, labels=own)
    assert facets.label("office", "fr") == "Départements"
    assert facets.label("office", "ru") == "Departments"
    assert facets.label("topic", "en") == "What we do"
