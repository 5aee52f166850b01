"""The list of stories: order, search, filters, and what it costs."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from build import draft, genre, indexed, office, published
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from dateline.publishing import verbs
from dateline.stories.models import Story

pytestmark = pytest.mark.django_db


def listed(desk: Client, query: str = "") -> list[str]:
    page = BeautifulSoup(desk.get(f"/desk/stories/results/{query}").content, "html.parser")
    return [cell.text.strip() for cell in page.select("td.title .title-wrapper")]


def cells(desk: Client, headline: str) -> str:
    page = BeautifulSoup(desk.get("/desk/stories/").content, "html.parser")
    rows = [row for row in page.select("tr") if headline in row.text]
    return " ".join(rows[0].text.split())


def test_drafts_come_first_then_the_newest(desk: Client) -> None:
    published("Old", published=date(2020, 5, 1))
    published("New", published=date(2024, 5, 1))
    draft("Draft", published=None)
    assert listed(desk) == ["Draft", "New", "Old"]
    assert listed(desk, "?ordering=published_on") == ["Old", "New", "Draft"]


def test_the_number_of_queries_does_not_depend_on_the_rows(desk: Client) -> None:
    kind, places = genre("news"), tuple(office(f"office-{n}") for n in range(4))

    def cost() -> int:
        desk.get("/desk/stories/")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert desk.get("/desk/stories/").status_code == 200
        return len(queries)

    published("First", genre=kind, offices=places)
    few = cost()
    for number in range(40):
        published(f"Story {number}", genre=kind, offices=places)
        draft(f"Draft {number}", language="fr").save_revision()
    assert cost() == few
    assert few <= 28


def test_search_by_words_of_the_headline_and_by_number(desk: Client) -> None:
    published("Court opens in Vienna")
    published("Court closes in Vienna")
    found = published("School opens")
    assert listed(desk, "?q=vienna+opens") == ["Court opens in Vienna"]
    assert listed(desk, f"?q={found.number}") == ["School opens"]
    assert listed(desk, "?q=" + "9" * 40) == []
    assert listed(desk, "?q=%25") == []


def test_search_by_words_of_public_texts(desk: Client, archive_file: Path) -> None:
    published("Court opens", body="<p>The judges were sworn in.</p>")
    published("Le tribunal ouvre", language="fr", body="<p>Les juges ont prêté serment.</p>")
    killed = published("Withdrawn", body="<p>The judges were not sworn in.</p>")
    draft("Judge of the year")
    assert listed(desk, "?q=judges") == [], "nothing is indexed yet, and nothing fails"
    indexed()
    verbs.kill(killed, "Wrong.")
    assert listed(desk, "?q=judge") == ["Judge of the year", "Court opens"]
    assert listed(desk, '?q="sworn in"') == ["Court opens"]
    assert listed(desk, "?q=juges") == ["Le tribunal ouvre"]


def test_a_newer_draft_is_found_and_shown_by_its_headline(desk: Client) -> None:
    story = published("Court opens")
    story.headline = "Tribunal opens"
    story.save_revision()
    assert listed(desk, "?q=tribunal") == ["Tribunal opens"]
    assert "published, with a newer draft" in cells(desk, "Tribunal")


def test_filters(desk: Client) -> None:
    news, vienna = genre("news"), office("vienna")
    published("English", genre=news)
    published("French", language="fr", offices=(vienna,))
    draft("Draft")
    assert listed(desk, "?locale=fr") == ["French"]
    assert listed(desk, f"?genre={news.pk}") == ["English"]
    assert listed(desk, f"?office={vienna.pk}") == ["French"]
    assert listed(desk, "?state=draft") == ["Draft"]
    assert set(listed(desk, "?state=published")) == {"English", "French"}
    assert listed(desk, "?state=scheduled") == []


@pytest.mark.parametrize("query", ["?genre=x", "?office=999", "?state=no", "?p=zero", "?locale=xx"])
def test_a_senseless_filter_is_no_error(desk: Client, query: str) -> None:
    published("Court opens")
    assert desk.get(f"/desk/stories/{query}").status_code in {200, 404}


def test_states_in_words(desk: Client) -> None:
    verbs.schedule(draft("Scheduled", published=None), timezone.now() + timedelta(days=1))
    published("Embargoed", embargoed_until=timezone.now() + timedelta(days=1))
    verbs.retract(published("Withdrawn"), "Wrong.")
    assert "scheduled for" in cells(desk, "Scheduled")
    assert "hidden until" in cells(desk, "Embargoed")
    assert "retracted" in cells(desk, "Withdrawn")
    assert listed(desk, "?state=scheduled") == ["Scheduled"]


def test_a_date_without_a_time_is_shown_without_one(desk: Client) -> None:
    published("Dated", published=date(2024, 3, 15))
    published("Timed", published=datetime(2024, 3, 15, 14, 30))  # noqa: DTZ001 - the desk's clock
    assert ":" not in cells(desk, "Dated")
    assert "midnight" not in cells(desk, "Dated")
    assert "2:30" in cells(desk, "Timed") or "14:30" in cells(desk, "Timed")


def test_terms_are_named_in_the_language_of_the_desk(desk: Client, officer: Any) -> None:
    from wagtail.users.models import UserProfile

    profile = UserProfile.get_for_user(officer)
    profile.preferred_language = "fr"
    profile.save()
    published("Court opens", offices=(office("vienna", "Vienna", names={"fr": "Vienne"}),))
    assert "Vienne" in cells(desk, "Court opens")
    assert Story.objects.count() == 1
