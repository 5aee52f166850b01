"""The vocabularies in memory: the same as in the store, and new as soon as the store is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from build import genre, office, published, topic
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import ProtectedError
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from dateline.publishing.models import Change
from dateline.vocabularies import snapshot as vocabularies
from dateline.vocabularies.models import Genre, Office, OfficeName, Topic
from dateline.vocabularies.snapshot import FormerName, TermInfo

pytestmark = pytest.mark.django_db


def test_a_term_is_all_that_the_store_says_of_it() -> None:
    old = office("almaty", "Centre in Almaty", closed=True, closed_on=date(2015, 1, 1))
    above = office("kazakhstan")
    made = office(
        "astana",
        "Office in Astana",
        names={"ru": "Офис в Астане"},
        parent=above,
        place="Astana, Kazakhstan",
        opened_on=date(1998, 7, 1),
    )
    made.names.create(
        language="en",
        name="Centre in Astana",
        valid_from=date(1999, 1, 1),
        valid_until=date(2014, 1, 1),
    )
    made.abouts.create(language="en", text="What it does.")
    made.save()
    old.successors.add(made)
    now = vocabularies.current()
    term = now.term("office", "astana")
    assert term is not None
    assert term.names == {"en": "Office in Astana", "ru": "Офис в Астане"}
    assert [(name.name, name.valid_until) for name in term.former] == [
        ("Centre in Astana", date(2014, 1, 1))
    ]
    assert (term.place, term.opened_on, term.closed) == (
        "Astana, Kazakhstan",
        date(1998, 7, 1),
        False,
    )
    assert (term.label("ru"), term.label("fr")) == ("Офис в Астане", "Office in Astana")
    assert (term.about("en"), term.about("fr")) == ("What it does.", "What it does.")
    assert [each.slug for each in now.ancestors(term)] == ["kazakhstan"]
    closed = now.term("office", "almaty")
    assert closed is not None
    assert (closed.closed, closed.closed_on, closed.successors) == (
        True,
        date(2015, 1, 1),
        (made.pk,),
    )


def test_a_term_without_names_is_called_by_its_slug() -> None:
    Topic.objects.create(slug="nameless")
    term = vocabularies.current().term("topic", "nameless")
    assert term is not None
    assert term.label("en") == "nameless"


_days = st.integers(0, 12).map(lambda n: date(2014, 1, 1) + timedelta(days=n))
_former = st.builds(
    FormerName, st.sampled_from(["en", "fr"]), st.sampled_from("ABCD"), st.none() | _days, _days
)


@given(
    st.lists(_former, max_size=4, unique_by=lambda name: (name.language, name.valid_until)),
    st.dictionaries(st.sampled_from(["en", "fr"]), st.sampled_from("XY")),
    st.sampled_from(["en", "fr", "ru"]),
    _days,
)
def test_a_term_is_called_what_it_was_called_on_the_day(
    former: list[FormerName], names: dict[str, str], language: str, day: date
) -> None:
    former.sort(key=lambda name: name.valid_until)
    term = TermInfo("office", 1, "slug", names, tuple(former))
    held = [name for name in former if (name.valid_from or day) <= day and day <= name.valid_until]

    def called(tag: str) -> str | None:
        return next((name.name for name in held if name.language == tag), names.get(tag))

    known = (called(tag) for tag in (language, "en", *names, "fr"))
    assert term.on(day).label(language) == next(filter(None, known), "slug")
    if not held:
        assert term.on(day) == term


def test_families_are_descendants_at_any_depth() -> None:
    top = topic("top")
    middle, other = topic("middle", parent=top), topic("other", parent=top)
    bottom = topic("bottom", parent=middle)
    now = vocabularies.current()
    assert now.families["topic"] == {
        top.pk: {top.pk, middle.pk, other.pk, bottom.pk},
        middle.pk: {middle.pk, bottom.pk},
        other.pk: {other.pk},
        bottom.pk: {bottom.pk},
    }
    found = now.term("topic", "top")
    assert found is not None
    assert {term.slug for term in now.children(found)} == {"middle", "other"}


def test_nothing_changed_costs_one_small_query(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    office("vienna")
    before = vocabularies.current()
    with django_assert_num_queries(1):
        assert vocabularies.current() is before


def _rename(made: Office) -> None:
    name = made.names.get()
    name.name = "Elsewhere"
    name.save()


def _translate(made: Office) -> None:
    made.names.create(language="fr", name="Vienne")
    made.save()


def _describe(made: Office) -> None:
    made.abouts.create(language="en", text="About")
    made.save()


_CHANGES: dict[str, Callable[[Office], Any]] = {
    "saved": lambda made: made.save(),
    "renamed": _rename,
    "named in another language": _translate,
    "described": _describe,
    "succeeded": lambda made: made.successors.add(Office.objects.create(slug="next")),
    "deleted": lambda made: made.delete(),
    "joined by another": lambda made: office("minsk"),
}


@pytest.mark.parametrize("change", _CHANGES.values(), ids=_CHANGES)
def test_every_change_is_seen_at_once_and_told_to_followers(
    change: Callable[[Office], Any],
) -> None:
    made = office("vienna", "Vienna")
    before, told = vocabularies.current(), Change.objects.count()
    change(made)
    after = vocabularies.current()
    assert after.stamp != before.stamp
    assert after == vocabularies.load(after.stamp)
    assert Change.objects.filter(subject="vocabulary").count() > 0
    assert Change.objects.count() > told


@pytest.mark.django_db(transaction=True)
def test_a_change_taken_back_is_forgotten_even_if_another_follows_unseen() -> None:
    made = office("vienna", "Vienna")
    before = vocabularies.current()
    with pytest.raises(RuntimeError), transaction.atomic():
        _read_and_fail(made)
    assert vocabularies.current() == before
    with pytest.raises(RuntimeError), transaction.atomic():
        _read_and_fail(made)
    other = Office.objects.create(slug="minsk")  # one change, as many as were taken back
    assert vocabularies.current().by_id["office"].keys() == {made.pk, other.pk}
    assert vocabularies.current().by_id["office"][made.pk].names == {"en": "Vienna"}


def _read_and_fail(made: Office) -> None:
    OfficeName.objects.create(term=made, language="fr", name="Vienne")
    assert "fr" in vocabularies.current().by_id["office"][made.pk].names
    raise RuntimeError


def test_no_term_is_part_of_itself() -> None:
    top = office("top")
    below = office("below", parent=top)
    top.parent = below
    with pytest.raises(ValidationError, match="part of itself"):
        top.clean()
    below.parent = below
    with pytest.raises(ValidationError, match="part of itself"):
        below.clean()


def test_a_closing_date_closes() -> None:
    with pytest.raises(ValidationError, match="closed"):
        Office(slug="minsk", closed_on=date(2011, 3, 31)).clean()
    Office(slug="minsk", closed=True, closed_on=date(2011, 3, 31)).clean()


def test_a_term_with_terms_or_stories_below_it_stays() -> None:
    top, kind = office("top"), genre("news")
    office("below", parent=top)
    published("Court opens", genre=kind)
    for term in (top, kind):
        with pytest.raises(ProtectedError):
            term.delete()


def test_a_slug_belongs_to_one_term_of_a_facet() -> None:
    office("media")
    topic("media")
    now = vocabularies.current()
    assert now.term("office", "media") != now.term("topic", "media")
    assert now.term("genre", "media") is None
    assert list(now.terms("genre")) == [] == list(Genre.objects.all())
