"""Offices, topics and content types under the names of today, or of each story's own day."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from build import genre, indexed, office, published, topic
from django.test import Client
from leaks.walker import unpacked

from dateline.archive import endings
from dateline.vocabularies.models import Office

pytestmark = pytest.mark.django_db

NOW = {"Programme Office in Astana", "Gender equality", "Statement"}
THEN = {"Centre in Astana", "Women", "Press release"}


def _renamed(term: Office, then: str) -> Office:
    term.names.create(language="en", name=then, valid_until=date(2014, 12, 31))
    term.abouts.create(language="en", text="What it is.")
    term.save()
    return term


@pytest.fixture
def newsroom(archive_file: Path) -> None:
    """One story of before, one of after everything in it was renamed; and one of its own."""
    where = _renamed(office("astana", "Programme Office in Astana"), "Centre in Astana")
    what, kind = topic("gender", "Gender equality"), genre("statement", "Statement")
    what.names.create(language="en", name="Women", valid_until=date(2014, 12, 31))
    kind.names.create(language="en", name="Press release", valid_until=date(2014, 12, 31))
    what.save()
    kind.save()
    for year in (2014, 2015):
        published(
            f"Of {year}",
            published=date(year, 12 if year == 2014 else 1, 31 if year == 2014 else 1),
            offices=(where,),
            topics=(what,),
            genre=kind,
            boilerplate=True,
        )
    published("Of another", published=date(2013, 1, 1), offices=(office("other"),))
    indexed()


def _said(address: str) -> set[str]:
    """Which of the names an answer says, outside the closing text, which is not the list's."""
    answer = Client().get(address)
    assert answer.status_code == 200, address
    content = unpacked(b"".join(answer) if answer.streaming else answer.content)
    content = content.replace("About Programme Office in Astana", "")
    return {name for name in NOW | THEN if name in content}


def test_every_ending_names_terms_as_asked(newsroom: None) -> None:
    lists = {ending.suffix: f"/en/news.{ending.suffix}" for ending in endings.every()}
    del lists["html"]  # headlines alone
    for suffix, path in {**lists, "api": "/api/v1/en/stories"}.items():
        terms = NOW if suffix != "api" else NOW | THEN  # the API says both unless told otherwise
        assert _said(f"{path}?year=2014") == terms, suffix
        assert _said(f"{path}?year=2015") == NOW, suffix
        assert _said(f"{path}?year=2014&labels=publication") == THEN, suffix
        assert _said(f"{path}?year=2015&labels=publication") == NOW, suffix
        refused = Client().get(f"{path}?labels=then")
        assert refused.status_code == 400, suffix
        assert "today, publication" in refused.content.decode(), suffix


def test_what_closes_a_text_is_called_as_on_the_page(newsroom: None) -> None:
    address = "/en/news.ndjson?year=2014&labels=publication"
    assert b"About Programme Office in Astana" in b"".join(Client().get(address))


def test_a_dataset_says_whose_names_it_holds(newsroom: None) -> None:
    for asked, said in (("", "today's"), ("?labels=publication", "those of each story's")):
        dataset = unpacked(b"".join(Client().get(f"/en/news.zip{asked}")))
        assert f"Names of offices, topics and content types are {said}" in dataset


def test_the_list_offers_the_names_of_then_where_there_are_any(newsroom: None) -> None:
    page = Client().get("/en/news?year=2014").content.decode()
    assert 'href="/en/news?year=2014&amp;labels=publication" id="labels-publication"' in page
    assert "labels=publication" not in Client().get("/en/news?year=2013").content.decode()
    shown = Client().get("/en/news?labels=publication").content.decode()
    rows = shown.partition('<ol class="stories">')[2].partition("</ol>")[0]
    assert {name for name in NOW | THEN if name in rows} == NOW | THEN
    filters = shown.partition('id="filters"')[2].partition('id="results"')[0]
    assert {name for name in NOW | THEN if name in filters} == NOW
    assert "3 stories" in shown
    assert '<input type="hidden" name="labels" value="publication">' in shown
    for kept in (
        *("/en/news.csv?labels=publication", "/en/news.atom?labels=publication"),
        *("sort=oldest&amp;labels=publication", "/api/v1/en/stories?labels=publication"),
    ):
        assert kept in shown
    assert 'content="noindex,follow"' in shown
    assert Client().get("/en/news?labels=today")["Location"] == "/en/news"
    refused = Client().get("/en/news?labels=then").content.decode()
    assert "“labels” can be: today, publication. “then” was left out." in refused


def test_one_story_of_the_api_says_both(newsroom: None) -> None:
    answers = (Client().get(f"/api/v1/en/stories/{number}").json() for number in (1, 2))
    before, after = sorted(answers, key=lambda story: story["published"])
    assert before["offices"][0]["label"] == after["offices"][0]["label"]
    assert before["offices"][0]["label_at_publication"] == "Centre in Astana"
    assert before["genre"]["label_at_publication"] == "Press release"
    assert "label_at_publication" not in after["offices"][0] | after["genre"]
    assert "About Programme Office in Astana" in before["body"]
    (version,) = Client().get(f"{before['self']}/versions").json()["versions"]
    assert version["offices"] == before["offices"]
