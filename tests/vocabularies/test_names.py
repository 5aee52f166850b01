"""Names as sources print them: one term whatever the spelling, and a state that is no name."""

from __future__ import annotations

from datetime import date

import pytest
from build import office, topic
from hypothesis import given
from hypothesis import strategies as st

from dateline.vocabularies import names
from dateline.vocabularies import snapshot as vocabularies


@pytest.mark.parametrize(
    ("printed", "name", "closed"),
    [
        ("OSCE Office in Yerevan (closed)", "OSCE Office in Yerevan", True),
        ("OSCE Office in Yerevan  (Closed) ", "OSCE Office in Yerevan", True),
        ("  OSCE\u00a0Secretariat\n", "OSCE Secretariat", False),
        ("Office for closed (sic) cases", "Office for closed (sic) cases", False),
        ("(closed)", "(closed)", False),
    ],
)
def test_closed_is_a_state(printed: str, name: str, closed: bool) -> None:
    assert names.read(printed) == names.PrintedName(name, closed)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Rule of Law", "rule  of law"),
        ("Human Trafficking – Prevention", "human trafficking - prevention"),
        ("Journalists’ safety", "Journalists' safety"),
        ("STRASSE", "straße"),
        ("\uff21stana", "Astana"),  # a wide A
        ("Бишкек", "БИШКЕК"),
    ],
)
def test_spellings_of_one_name_are_equal(one: str, other: str) -> None:
    assert names.fold(one) == names.fold(other)


@given(st.text(max_size=60))
def test_folding_again_changes_nothing(text: str) -> None:
    assert names.fold(names.fold(text)) == names.fold(text)


@pytest.mark.django_db
def test_a_term_is_found_by_any_name_it_has_or_had() -> None:
    made = office("astana", "Programme Office in Astana", names={"ru": "Офис в Астане"})
    made.names.create(language="en", name="Centre in Almaty", valid_until=date(2015, 1, 1))
    made.save()
    index = names.index(vocabularies.current(), "office")
    for printed in ("programme office in ASTANA", "офис в астане", "Centre in Almaty", "astana"):
        assert index[names.fold(printed)] == made.pk


@pytest.mark.django_db
def test_todays_name_wins_over_one_given_up() -> None:
    old = office("centre", "Centre for Media")
    old.names.create(language="en", name="Media Office", valid_until=date(2015, 1, 1))
    old.save()
    new = office("media", "Media Office")
    index = names.index(vocabularies.current(), "office")
    assert index[names.fold("Media Office")] == new.pk
    assert index[names.fold("Centre for Media")] == old.pk


@pytest.mark.django_db
def test_facets_do_not_share_names() -> None:
    office("media", "Media")
    assert names.fold("Media") not in names.index(vocabularies.current(), "topic")
    topic("media", "Media")
    assert names.fold("Media") in names.index(vocabularies.current(), "topic")
