"""What comes when: at the desk, and in one's own calendar program."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from build import draft, office, published
from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from dateline.people.models import Membership, Role
from dateline.publishing import verbs

pytestmark = pytest.mark.django_db


@pytest.fixture
def planned() -> Any:
    """Something of every kind, in two offices."""
    vienna, tirana = office("vienna"), office("tirana")
    soon = timezone.now() + timedelta(minutes=5)
    verbs.schedule(draft("Going live", published=None, offices=(vienna,)), soon)
    published("Embargoed", published=None, embargoed_until=soon, offices=(vienna,))
    published("Ending", published=None, expire_at=soon, offices=(vienna,))
    verbs.schedule(draft("Elsewhere", published=None, offices=(tirana,)), soon)
    return vienna


@pytest.fixture
def editor(planned: Any) -> Client:
    person = get_user_model().objects.create_user("editor")
    Membership.objects.create(user=person, role=Role.EDITOR, office=planned)
    client = Client()
    client.force_login(person)
    return client


def month(client: Client) -> BeautifulSoup:
    moment = timezone.localtime() + timedelta(minutes=5)
    answer = client.get("/desk/planning/", {"month": f"{moment:%Y-%m}"})
    assert answer.status_code == 200
    return BeautifulSoup(answer.content, "html.parser")


def test_the_month_shows_what_comes_and_nothing_of_other_offices(editor: Client) -> None:
    entries = [item.get_text(" ", strip=True) for item in month(editor).select(".desk-month li")]
    assert sum("goes live" in entry for entry in entries) == 1
    assert sum("becomes public" in entry for entry in entries) == 1
    assert sum("is taken down" in entry for entry in entries) == 1
    assert not any("Elsewhere" in entry for entry in entries)


@pytest.mark.parametrize("query", ["month=soon", "month=2026-13", "language=xx"])
def test_what_is_no_month_is_not_found(editor: Client, query: str) -> None:
    assert editor.get(f"/desk/planning/?{query}").status_code == 404


def made(client: Client) -> str:
    """The path of a new address, as the page shows it once."""
    client.post("/desk/planning/address/", {"do": "make"})
    shown = month(client).select_one("input[readonly]")
    assert shown is not None
    assert month(client).select_one("input[readonly]") is None
    return "/" + str(shown["value"]).split("/", 3)[3]


def test_a_calendar_program_reads_the_same(editor: Client) -> None:
    path = made(editor)
    answer = Client().get(path)
    assert answer["Cache-Control"] == "private, no-store"
    read = Calendar.from_ical(answer.content)
    events = {str(event["summary"]): event for event in read.walk("VEVENT")}
    assert sorted(name.split(" (")[0] for name in events) == ["Embargoed", "Ending", "Going live"]
    for event in events.values():
        assert event.decoded("dtstart") > timezone.now()
    assert all(len(line) <= 75 for line in answer.content.split(b"\r\n"))


def test_an_address_ends_when_a_new_one_is_made_or_rights_go(editor: Client) -> None:
    first = made(editor)
    second = made(editor)
    assert Client().get(first).status_code == 404
    assert Client().get(second).status_code == 200
    person = get_user_model().objects.get(username="editor")
    person.memberships.all().delete()
    assert Client().get(second).status_code == 404
    assert Client().get("/calendar/guessed.ics").status_code == 404
