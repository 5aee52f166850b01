"""What the list marks, quotes and asks back; and what stands beside a story."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from bs4 import BeautifulSoup, Tag
from build import indexed, office, published
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from dateline.publishing import verbs
from dateline.stories.models import Story

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("archive_file")]
HOSTILE = "<b>war</b> & \"peace\" <script>alert('war')</script>"


def _page(client: Client, keywords: str, language: str = "en", **more: str) -> BeautifulSoup:
    response = client.get(f"/{language}/news", {"keywords": keywords, **more})
    assert response.status_code == 200, response.headers
    return BeautifulSoup(response.content, "html.parser")


def _row(client: Client, keywords: str, language: str = "en", **more: str) -> Tag:
    row = _page(client, keywords, language, **more).select_one(".stories > li")
    assert row is not None
    return row


def _marks(part: Tag | None) -> list[str]:
    return [mark.get_text() for mark in part.select("mark")] if part else []


def test_what_matched_is_marked_in_headline_and_summary(client: Client) -> None:
    published("Observers of elections", summary="The election was observed by observers.")
    indexed()
    row = _row(client, 'observer election* "was observed"')
    assert _marks(row.h3) == ["Observers", "elections"]
    assert _marks(row.select_one(".lead")) == ["election", "was observed", "observers"]
    assert row.select_one(".excerpt") is None
    assert row.h3.get_text() == "Observers of elections"


def test_only_lists_of_words_have_marks(client: Client) -> None:
    published("Observers")
    indexed()
    assert b"<mark" not in client.get("/en/news").content
    assert b"<mark" not in client.get("/en/").content
    for ending in ("json", "atom", "csv"):
        answer = client.get(f"/en/news.{ending}", {"keywords": "observer"})
        content = b"".join(answer) if answer.streaming else answer.content
        assert b"Observers" in content
        assert b"mark>" not in content


def test_a_word_of_the_headline_alone_is_marked_there_alone(client: Client) -> None:
    published("The treaty", summary="A treaty on peace")
    indexed()
    row = _row(client, "headline:treaty peace")
    assert _marks(row.h3) == ["treaty"]
    assert _marks(row.select_one(".lead")) == ["peace"]


def test_texts_are_printed_as_text_whatever_is_marked_in_them(client: Client) -> None:
    published(HOSTILE, summary=HOSTILE, body=f"<p>{'word ' * 20}&lt;script&gt; zebra</p>")
    indexed()
    row = _row(client, "war zebra script")
    assert row.h3.get_text() == row.select_one(".lead").get_text() == HOSTILE
    assert row.script is None
    assert row.b is None
    assert "<script> zebra" in row.select_one(".excerpt").get_text()


# --- excerpts ---------------------------------------------------------------------------------
def test_a_story_that_says_it_in_its_text_alone_is_quoted(client: Client) -> None:
    body = f"<p>{'before ' * 40}</p><p>The <a href='/x'>zebras</a> ran.</p><p>{'after ' * 60}</p>"
    published("Animals", summary="In a field", body=body)
    indexed()
    excerpt = _row(client, "zebra").select_one(".excerpt")
    assert excerpt is not None
    assert _marks(excerpt) == ["zebras"]
    text = excerpt.get_text()
    assert text.startswith("… before")
    assert "The zebras ran." in text
    assert text.endswith(" …")
    assert len(text) < 300


def test_an_excerpt_says_what_headline_and_summary_do_not(client: Client) -> None:
    published("Zebras", summary="In a field of grass", body="<p>Zebras eat of grass and straw.</p>")
    indexed()
    assert _row(client, "zebra grass").select_one(".excerpt") is None
    assert _marks(_row(client, "zebra straw").select_one(".excerpt")) == ["Zebras", "straw"]
    # A small word is no reason to quote.
    assert _row(client, "zebra eat").select_one(".excerpt") is None
    assert _row(client, "eat").select_one(".excerpt") is not None
    assert _row(client, "headline:zebra").select_one(".excerpt") is None


def test_marks_right_to_left_and_without_spaces(client: Client) -> None:
    published("مراقبة الانتخابات", language="ar", summary="قالت المنظمة", body="<p>الأُمَم</p>")
    indexed()
    row = _row(client, "انتخابات منظمات", "ar")
    assert _marks(row.h3) == ["الانتخابات"]
    assert _marks(row.select_one(".lead")) == ["المنظمة"]
    assert _marks(_row(client, "الامم", "ar").select_one(".excerpt")) == ["الأُمَم"]


@pytest.mark.parametrize("keywords", ["人权", "人"])
def test_marks_in_writing_without_spaces(client: Client, settings: object, keywords: str) -> None:
    published("促进人权和安全", summary="安全")
    indexed()
    assert _marks(_row(client, keywords).h3) == ["人权"]


def test_each_text_is_marked_by_the_rules_of_its_own_language(client: Client) -> None:
    published("Élections nationales", language="fr", summary="national", body="<p>nationaux</p>")
    published("National elections", summary="nationaux", published=date(2020, 1, 1))
    indexed()
    page = _page(client, "national", language="en", sort="newest")
    assert [_marks(row) for row in page.select(".stories > li")] == [["National"]]
    both = client.get("/en/news?keywords=nationaux&language=en&language=fr&sort=newest")
    rows = BeautifulSoup(both.content, "html.parser").select(".stories > li")
    assert [_marks(row) for row in rows] == [["nationales", "national"], ["nationaux"]]
    assert rows[0].select_one(".lead")["lang"] == "fr"


def test_marks_cost_one_query_at_most(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(12):
        published(f"Story {number}", body="<p>zebra</p>")
    indexed()
    client.get("/en/news?keywords=story")
    with django_assert_max_num_queries(12):
        client.get("/en/news?keywords=zebra")


def test_the_text_of_a_story_the_index_has_not_let_go_is_not_quoted(client: Client) -> None:
    story = published("Animals", body="<p>The zebras ran.</p>")
    published("Other animals", body="<p>A zebra</p>")
    indexed()
    verbs.unpublish(story)
    page = _page(client, "zebra")
    assert "zebras" not in page.get_text()
    assert len(page.select(".stories > li")) == 1


# --- asked back -------------------------------------------------------------------------------
def test_nothing_found_asks_what_was_meant_and_keeps_the_filters(client: Client) -> None:
    published("Elections <now>", offices=(office("vienna"),))
    indexed()
    page = _page(client, "elektions", office="vienna")
    link = page.select_one(".respelled a")
    assert page.select_one("#respelled").get_text() == "Did you mean elections?"
    assert page.select_one(".respelled .n").get_text() == "1"
    assert link["href"] == "/en/news?keywords=elections&office=vienna"
    assert client.get(link["href"]).status_code == 200
    assert _page(client, "elections").select_one(".respelled") is None
    assert _page(client, "zzzzzz").select_one(".respelled") is None


def test_nothing_found_offers_the_question_without_each_of_its_words(client: Client) -> None:
    published("Elections in Vienna")
    published("Elections in Prague")
    indexed()
    page = _page(client, 'elections prague "in vienna"')
    offers = {
        item.a.get_text(): item.select_one(".n").get_text() for item in page.select(".nothing li")
    }
    assert offers == {
        "without “prague”": "1",
        "without “in vienna”": "1",
        'without the words “elections prague "in vienna"”': "2",
    }
    for link in page.select(".nothing li a"):
        assert client.get(link["href"]).status_code == 200


def test_a_date_among_the_words_is_offered_as_a_filter(client: Client) -> None:
    published("Elections", published=date(2016, 3, 14))
    indexed()
    offer = _page(client, "elections March 2016").select_one(".dated")
    assert offer.a.get_text() == "News and press releases with “elections”, March 2016"
    assert offer.a["href"] == "/en/news?keywords=elections&month=2016-03"
    assert client.get(offer.a["href"]).status_code == 200
    assert _page(client, "elections").select_one(".dated") is None


# --- related ----------------------------------------------------------------------------------
def test_the_most_alike_are_related_and_withdrawn_ones_are_not(client: Client) -> None:
    story = published("Zebras cross the Danube", published=date(2020, 1, 1))
    alike = published("A zebra swims in the Danube", published=date(2001, 1, 1))
    gone = published("Danube: zebras counted", published=date(2002, 1, 1))
    expired = published("Danube zebras", expire_at=datetime(2190, 1, 1, tzinfo=UTC))
    for number in range(8):
        published(f"A budget, part {number}", published=date(2021, 1, 1 + number))
    indexed()

    def related() -> list[str]:
        page = BeautifulSoup(client.get(story.get_absolute_url()).content, "html.parser")
        return [link["href"] for link in page.select(".related a")]

    assert len(related()) == 3
    Story.objects.filter(pk=expired.pk).update(expire_at=datetime(2024, 1, 1, tzinfo=UTC))
    assert set(related()) == {gone.get_absolute_url(), alike.get_absolute_url()}
    verbs.retract(gone, "Wrong")
    for _ in range(2):
        assert related() == [alike.get_absolute_url()]
        indexed()
