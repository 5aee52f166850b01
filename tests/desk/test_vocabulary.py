"""Offices, topics, content types and press contacts at the desk."""

from __future__ import annotations

from typing import Any

import pytest
from build import draft, genre, office, published, topic
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from webform import filled

from dateline.publishing.models import Change, Subject
from dateline.stories.models import Contact, Story
from dateline.vocabularies import snapshot
from dateline.vocabularies.models import Genre, Office, Topic

pytestmark = pytest.mark.django_db


def names(*rows: dict[str, str], kept: int = 0) -> dict[str, str]:
    """The rows of the form for names, of which the first `kept` exist already."""
    data = {"names-TOTAL_FORMS": str(len(rows)), "names-INITIAL_FORMS": str(kept)}
    for number, row in enumerate(rows):
        blank = {"language": "en", "name": "", "valid_from": "", "valid_until": "", "id": ""}
        for field, value in (blank | row | {"ORDER": str(number + 1)}).items():
            data[f"names-{number}-{field}"] = value
    return data


def add(desk: Client, facet: str, *rows: dict[str, str], **values: Any) -> Any:
    address = f"/desk/{facet}/new/"
    return desk.post(address, filled(desk, address) | names(*rows) | values, follow=True)


def test_an_office_is_opened(keepers_desk: Client) -> None:
    parent = office("secretariat", "Secretariat")
    before = Change.objects.filter(subject=Subject.VOCABULARY).count()
    response = add(
        keepers_desk,
        "office",
        {"name": "Programme Office in Astana"},
        {"language": "ru", "name": "Программный офис в Астане"},
        {"name": "Centre in Astana", "valid_until": "2015-01-01"},
        parent=parent.pk,
        place="Astana, Kazakhstan",
    )
    assert b"created" in response.content
    term = snapshot.current().term("office", "programme-office-in-astana")
    assert term is not None
    assert (term.label("ru"), term.place) == ("Программный офис в Астане", "Astana, Kazakhstan")
    assert [former.name for former in term.former] == ["Centre in Astana"]
    assert [above.slug for above in snapshot.current().ancestors(term)] == ["secretariat"]
    assert Change.objects.filter(subject=Subject.VOCABULARY).count() > before


def test_a_slug_is_made_from_the_english_name_and_never_twice(keepers_desk: Client) -> None:
    for _ in range(2):
        add(keepers_desk, "topic", {"language": "fr", "name": "Médias"}, {"name": "Free media"})
    assert set(Topic.objects.values_list("slug", flat=True)) == {"free-media", "free-media-2"}


def test_a_slug_may_be_chosen_at_first_and_is_fixed_then(keepers_desk: Client) -> None:
    add(keepers_desk, "genre", {"name": "Press release"}, slug="release")
    term = Genre.objects.get(slug="release")
    address = f"/desk/genre/edit/{term.pk}/"
    keepers_desk.post(address, filled(keepers_desk, address, slug="other"))
    assert Genre.objects.get(pk=term.pk).slug == "release"


@pytest.mark.parametrize("slug", ["with space", "ж", "a/b", "'"])
def test_a_slug_unfit_for_an_address_is_refused(keepers_desk: Client, slug: str) -> None:
    add(keepers_desk, "genre", {"name": "Press release"}, slug=slug)
    assert not Genre.objects.exists()


def test_a_slug_in_use_is_refused(keepers_desk: Client) -> None:
    genre("news")
    assert add(keepers_desk, "genre", {"name": "News"}, slug="news").status_code == 200
    assert Genre.objects.count() == 1


def test_a_term_needs_a_name_of_today(keepers_desk: Client) -> None:
    response = add(keepers_desk, "topic", {"name": "Past", "valid_until": "2001-01-01"})
    assert b"A name of today is needed." in response.content
    assert not Topic.objects.exists()


def test_two_names_of_today_in_one_language_are_refused(keepers_desk: Client) -> None:
    response = add(keepers_desk, "topic", {"name": "Media"}, {"name": "Press"})
    assert b"There is another name in this language" in response.content
    assert not Topic.objects.exists()


def test_renaming_keeps_the_slug_and_the_former_name(keepers_desk: Client) -> None:
    term = office("astana", "Centre in Astana")
    row = term.names.get()
    address = f"/desk/office/edit/{term.pk}/"
    rows = names(
        {"id": str(row.pk), "name": "Centre in Astana", "valid_until": "2015-01-01"},
        {"name": "Programme Office in Astana"},
        kept=1,
    )
    keepers_desk.post(address, filled(keepers_desk, address) | rows)
    info = snapshot.current().term("office", "astana")
    assert info is not None
    assert info.label("en") == "Programme Office in Astana"
    assert [former.name for former in info.former] == ["Centre in Astana"]


def test_a_term_is_not_part_of_itself(keepers_desk: Client) -> None:
    upper = office("upper")
    lower = office("lower", parent=upper)
    address = f"/desk/office/edit/{upper.pk}/"
    response = keepers_desk.post(address, filled(keepers_desk, address, parent=lower.pk))
    assert b"cannot be part of itself" in response.content


@pytest.mark.parametrize("make", [office, topic, genre])
def test_a_term_in_use_is_not_deleted(keepers_desk: Client, make: Any) -> None:
    term = make("used")
    field = {"office": "offices", "topic": "topics", "genre": "genre"}[term.facet]
    story = published("Court opens", **{field: term if field == "genre" else (term,)})
    response = keepers_desk.post(f"/desk/{term.facet}/delete/{term.pk}/", follow=True)
    assert b"is in use by 1 story" in response.content
    assert type(term).objects.filter(pk=term.pk).exists()
    kept = Story.objects.get(pk=story.pk)
    assert kept.genre == term if field == "genre" else list(getattr(kept, field).all()) == [term]


def test_a_term_with_others_below_it_is_not_deleted(keepers_desk: Client) -> None:
    upper = office("upper")
    office("lower", parent=upper)
    response = keepers_desk.post(f"/desk/office/delete/{upper.pk}/", follow=True)
    assert b"has others below it" in response.content
    assert Office.objects.count() == 2


def test_an_unused_term_is_deleted(keepers_desk: Client) -> None:
    term = topic("unused")
    assert keepers_desk.post(f"/desk/topic/delete/{term.pk}/").status_code == 302
    assert snapshot.current().term("topic", "unused") is None


def test_a_press_officer_changes_no_vocabulary(desk: Client) -> None:
    term = topic("media")
    for page in (f"edit/{term.pk}/", f"delete/{term.pk}/", "new/"):
        assert desk.post(f"/desk/topic/{page}", {}).status_code == 302
    assert Topic.objects.count() == 1


def test_the_list_of_terms_costs_the_same_for_many(keepers_desk: Client) -> None:
    def cost() -> int:
        keepers_desk.get("/desk/office/")
        with CaptureQueriesContext(connection) as queries:
            keepers_desk.get("/desk/office/")
        return len(queries)

    office("first")
    few = cost()
    for number in range(20):
        office(f"office-{number}")
    assert cost() == few


def test_the_list_counts_the_stories_and_finds_by_any_name(keepers_desk: Client) -> None:
    vienna = office("vienna", "Vienna", names={"fr": "Vienne"})
    office("astana", "Astana")
    published("One", offices=(vienna,))
    draft("Two", offices=(vienna,))
    page = keepers_desk.get("/desk/office/results/?q=vienne").content.decode()
    assert "Vienna" in page
    assert "Astana" not in page
    assert ">2<" in "".join(page.split())


def test_a_press_contact_is_kept_by_a_press_officer(desk: Client) -> None:
    vienna = office("vienna")
    address = "/desk/contact/new/"
    data = filled(desk, address, name="Ada", phone="+43 1 1", out_of_hours_phone="+43 1 2")
    assert desk.post(address, data | {"office": vienna.pk}).status_code == 302
    contact = Contact.objects.get()
    assert (contact.office, contact.out_of_hours_phone) == (vienna, "+43 1 2")
    assert b"Ada" in desk.get("/desk/contact/?q=ada").content
