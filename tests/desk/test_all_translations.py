"""The page of all translations: each state rightly told, nobody else's drafts, and its cost."""

from __future__ import annotations

from typing import Any

import pytest
from bs4 import BeautifulSoup
from build import draft, office, published
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from dateline.desk.translations import progress
from dateline.people.models import Membership, Role
from dateline.publishing import verbs
from dateline.stories.models import Story

pytestmark = pytest.mark.django_db

PAGE = "/desk/translations/"


def translator(name: str, at: Any) -> Client:
    person = get_user_model().objects.create_user(name)
    Membership.objects.create(user=person, role=Role.EDITOR, office=at)
    client = Client()
    client.force_login(person)
    return client


def translate(client: Client, source: Story, language: str, headline: str) -> Story:
    """A translation kept side by side, as a draft."""
    address = f"{PAGE}{source.pk}/{language}/"
    soup = BeautifulSoup(client.get(address).content, "html.parser")
    form = {str(box["name"]): headline for box in soup.select("form.desk-beside textarea")}
    hidden = soup.select("form.desk-beside input[name]")
    form |= {str(box["name"]): str(box.get("value", "")) for box in hidden}
    assert client.post(address, form).status_code == 302
    return Story.objects.get(translation_key=source.translation_key, locale__language_code=language)


def publish(story: Story) -> None:
    verbs.publish(story, revision=Story.objects.get(pk=story.pk).latest_revision)


def soup(client: Client, query: str = "") -> BeautifulSoup:
    answer = client.get(f"{PAGE}{query}")
    assert answer.status_code == 200
    return BeautifulSoup(answer.content, "html.parser")


def listed(client: Client, query: str = "") -> list[str]:
    return [link.text for link in soup(client, query).select("td.title .title-wrapper a")]


def row(client: Client, headline: str, query: str = "") -> Any:
    [found] = [each for each in soup(client, query).select("tbody tr") if headline in each.text]
    return found


def counts(client: Client, query: str = "") -> dict[str, str]:
    tabs = [link.text.rsplit(" ", 1) for link in soup(client, query).select(".desk-tabs a")]
    return dict(tabs)


def correct(story: Story, note: str) -> None:
    story = Story.objects.get(pk=story.pk)
    story.body += "<p>More.</p>"
    verbs.correct(story, note)


def test_a_translation_goes_through_its_states(desk: Client, settings: Any) -> None:
    source = published("Court opens", body="<p>On Friday.</p>")
    languages = len(settings.NEWSROOM.languages)
    links = row(desk, "Court opens").select("td a[href*=translations]")
    assert len([link for link in links if link.get("lang") != "en"]) == languages - 1
    assert listed(desk, "?state=missing&locale=fr") == ["Court opens"]
    assert (
        row(desk, "Court opens", "?locale=fr").select_one("a")["href"] == f"{PAGE}{source.pk}/fr/"
    )

    french = translate(desk, source, "fr", "La cour ouvre")
    assert listed(desk, "?locale=fr") == listed(desk, "?state=draft") == ["La cour ouvre"]
    assert "Court opens" in row(desk, "La cour ouvre").text, "it says what it is made from"

    publish(french)
    assert listed(desk, "?state=current") == ["La cour ouvre"]
    assert listed(desk, "?state=draft") == []

    correct(source, "On Monday, not on Friday.")
    assert listed(desk, "?state=behind") == listed(desk, "?locale=fr") == ["La cour ouvre"]
    told = row(desk, "La cour ouvre")
    assert "On Monday, not on Friday." in told.text
    [page] = told.select("a[href$='/v2/changes']")
    assert Client().get(page["href"]).status_code == 200
    [title] = told.select(".title-wrapper a")
    assert (title["lang"], title["dir"]) == ("fr", "auto")
    assert title["href"] == f"{PAGE}{source.pk}/fr/"
    assert "La cour ouvre" in desk.get("/desk/").content.decode(), "and the first page agrees"

    publish(translate(desk, source, "fr", "La cour ouvre lundi"))
    assert listed(desk, "?state=behind") == []
    assert listed(desk, "?state=current") == ["La cour ouvre lundi"]
    assert counts(desk, "?locale=fr") == {
        "All": "1",
        "Missing": "0",
        "Draft": "0",
        "Behind": "0",
        "Up to date": "1",
    }

    verbs.unpublish(Story.objects.get(pk=french.pk))
    assert listed(desk, "?state=draft") == ["La cour ouvre lundi"]
    verbs.retract(Story.objects.get(pk=source.pk), "Wrong.")
    assert listed(desk) == [], "there is nothing to translate any more"


def test_a_text_that_names_no_version_is_held_against_the_clock(desk: Client) -> None:
    source = published("Court opens")
    copy = source.copy_for_translation(draft("x", language="fr").locale)
    copy.headline, copy.body = "La cour ouvre", "<p>Vendredi.</p>"
    copy.save()
    verbs.publish(copy, revision=copy.save_revision())
    assert listed(desk, "?state=current") == ["La cour ouvre"]
    correct(source, "On Monday.")
    assert listed(desk, "?state=behind") == ["La cour ouvre"]
    publish(copy)
    assert listed(desk, "?state=behind") == []


def test_what_changed_last_comes_first(desk: Client) -> None:
    first, second = published("First", published=None), published("Second", published=None)
    assert listed(desk) == ["Second", "First"]
    for source in (second, first):
        publish(translate(desk, source, "fr", f"{source.headline} fr"))
    correct(second, "Earlier.")
    correct(first, "Later.")
    assert listed(desk, "?state=behind") == ["First fr", "Second fr"]
    assert listed(desk, "?state=missing") == ["First", "Second"]


def test_another_offices_drafts_are_in_no_row_and_no_count(desk: Client) -> None:
    vienna, tirana = office("vienna"), office("tirana")
    theirs = published("Vienna speaks", offices=(vienna,))
    begun = translate(desk, theirs, "fr", "Vienne parle")
    draft("Secret", offices=(vienna,))
    stranger = translator("stranger", tirana)
    nothing = {"All": "0", "Missing": "0", "Draft": "0", "Behind": "0", "Up to date": "0"}
    for query in ("", f"?office={vienna.pk}", "?locale=fr", "?state=draft", "?state=missing"):
        assert counts(stranger, query) == nothing
        assert listed(stranger, query) == []
    assert counts(desk)["Draft"] == "1"

    # A translation that stands in my office, of a source that does not: what is public is named.
    begun.offices.set([tirana])
    begun.save()
    text = row(stranger, "Vienne parle")
    assert "Vienna speaks" in text.text
    assert text.select_one("a")["href"] == f"/desk/stories/edit/{begun.pk}/"
    newer = Story.objects.get(pk=theirs.pk)
    newer.headline = "Vienna changes its mind"
    newer.save_revision()
    assert "changes its mind" not in soup(stranger).text
    assert "changes its mind" in soup(desk).text
    verbs.unpublish(Story.objects.get(pk=theirs.pk))
    assert "Vienna" not in row(stranger, "Vienne parle").text

    nobody = Client()
    nobody.force_login(get_user_model().objects.create_user("nobody"))
    assert nobody.get(PAGE).status_code in {302, 403}


def test_filters_and_pages(desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    vienna, tirana = office("vienna"), office("tirana")
    for number in range(25):
        published(f"Story {number}", offices=(tirana if number % 5 else vienna,))
    assert len(listed(desk, f"?office={vienna.pk}")) == 5
    assert len(listed(desk)) == 20
    assert len(listed(desk, "?p=2")) == 5
    assert len(listed(desk, "?office=x&state=no&locale=xx&p=zero")) == 20
    answer = desk.get(f"{PAGE}results/?state=missing&_w_filter_fragment=1")
    assert "<html" not in answer.content.decode()
    monkeypatch.setattr(progress, "FEW", 10)
    monkeypatch.setattr("dateline.desk.translations.listing.FEW", 10)
    assert counts(desk)["Missing"] == "10+"
    assert len(listed(desk)) == 10
    monkeypatch.setattr(progress, "LOOKED_AT", 3)
    assert "among the newest" in soup(desk).text


def test_the_number_of_queries_does_not_depend_on_the_rows(desk: Client) -> None:
    vienna = office("vienna")

    def add(number: int) -> None:
        source = published(f"Story {number}", offices=(vienna,))
        publish(translate(desk, source, "fr", f"Texte {number}"))
        if number % 2:
            correct(source, "Wrong.")
        translate(desk, source, "de", f"Entwurf {number}")

    def cost() -> int:
        desk.get(PAGE)
        with CaptureQueriesContext(connection) as queries:
            assert desk.get(PAGE).status_code == 200
        return len(queries)

    add(1)
    few = cost()
    for number in range(2, 6):
        add(number)
    assert cost() == few
    assert few <= 40
