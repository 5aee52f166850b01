"""The listing: addresses, filters, what could not be understood, and what it costs."""

from __future__ import annotations

import re
from html import unescape

import pytest
from bs4 import BeautifulSoup
from build import indexed, published
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from website.rooms import Room

from dateline.archive import search
from dateline.archive.query import Query

pytestmark = pytest.mark.django_db
MOST_QUERIES = 12


def _page(client: Client, path: str) -> BeautifulSoup:
    response = client.get(path)
    assert response.status_code == 200, (path, response.status_code, response.headers)
    return BeautifulSoup(response.content, "html.parser")


def _text(page: BeautifulSoup, selector: str) -> str:
    found = page.select_one(selector)
    assert found is not None, selector
    return " ".join(found.get_text().split())


# --- one question has one address -----------------------------------------------------------
@pytest.mark.parametrize(
    ("given", "canonical"),
    [
        (
            "/en/news?topic=rule-of-law&topic=elections",
            "/en/news?topic=elections&topic=rule-of-law",
        ),
        ("/en/news?keywords=&topic=elections&from=&to=", "/en/news?topic=elections"),
        ("/en/news?keywords=court&sort=relevance", "/en/news?keywords=court"),
        ("/en/news?page=1&size=20", "/en/news"),
        ("/en/news?from=March+2010", "/en/news?from=2010-03-01"),
        ("/en/news?language=en", "/en/news"),
    ],
)
def test_another_way_to_ask_leads_to_the_canonical_address(
    room: Room, client: Client, given: str, canonical: str
) -> None:
    response = client.get(given)
    assert (response.status_code, response["Location"]) == (302, canonical)
    assert client.get(canonical).status_code == 200


def test_an_address_escaped_otherwise_is_not_sent_round_in_circles(
    room: Room, client: Client
) -> None:
    assert client.get("/en/news?keywords=judges%20%7Emeet").status_code == 200


# --- what it shows ---------------------------------------------------------------------------
def test_heading_count_and_span_are_those_of_the_archive(room: Room, client: Client) -> None:
    query = Query(language="en", selections=(("topic", ("rule-of-law",)),))
    expected = search.search(query)
    page = _page(client, query.path())
    assert _text(page, "h1") == expected.sentence
    assert _text(page, "#count").startswith(f"{expected.total} stories, 2002 to 2024")
    shown = [link["href"] for link in page.select(".stories h3 a")]
    assert shown == [story.path for story in expected.stories]


def test_facts_stand_in_the_order_headline_date_type_offices_topics_lead(
    room: Room, client: Client
) -> None:
    row = _page(client, "/en/news?keywords=judges").select_one(".stories > li")
    assert row is not None
    text = " ".join(row.get_text(" ").split())
    facts = [
        "Judges meet",
        "15 Mar 2024",
        "News",
        "Mission to Georgia",
        "Programme Office in Astana",
        "Rule of law",
        "Judges of three countries met.",
    ]
    places = [text.index(fact) for fact in facts]
    assert places == sorted(places)


def test_what_a_story_does_not_have_is_left_out(client: Client, archive_file: object) -> None:
    published("Bare")
    indexed()
    row = _page(client, "/en/news").select_one(".stories > li")
    assert row is not None
    assert [term.get_text() for term in row.select("dt")] == ["Publishing date"]


def test_every_value_shows_what_it_would_bring(room: Room, client: Client) -> None:
    page = _page(client, "/en/news?topic=elections")
    for box in page.select("input[type=checkbox][name=topic]"):
        count = int(_text(box.parent, ".n"))
        query = Query(language="en", selections=(("topic", (str(box["value"]),)),))
        assert search.search(query).total == count


def test_closed_offices_say_so_and_come_last(room: Room, client: Client) -> None:
    labels = [
        _text(label, "span") for label in _page(client, "/en/news").select("#facet-office label")
    ]
    assert labels[-1] == "Mission to Georgia closed"


def test_facets_stand_open_whether_or_not_one_is_used(room: Room, client: Client) -> None:
    for path in ("/en/news", "/en/news?topic=elections"):
        folds = _page(client, path).select("#filters > .facet")
        assert {fold["id"] for fold in folds if not fold.has_attr("open")} <= {"facet-year"}
        assert len(folds) >= 3


def test_chosen_values_without_stories_stay_visible(room: Room, client: Client) -> None:
    page = _page(client, "/en/news?genre=press-release&topic=elections")
    chosen = page.select_one("input[name=topic][value=elections]")
    assert chosen is not None
    assert chosen.has_attr("checked")
    assert _text(chosen.parent, ".n") == "0"


def test_each_chip_removes_its_filter_and_clear_all_removes_every_one(
    room: Room, client: Client
) -> None:
    page = _page(client, "/en/news?keywords=judges&office=astana&from=2001-01-01")
    chips = {_text(chip, "a"): chip.a["href"] for chip in page.select(".chips li")}
    assert chips == {
        "Remove filter: “judges”": "/en/news?office=astana&from=2001-01-01",
        "Remove filter: Programme Office in Astana": "/en/news?keywords=judges&from=2001-01-01",
        "Remove filter: from 1 January 2001": "/en/news?keywords=judges&office=astana",
        "Clear all": "/en/news",
    }


def test_the_histogram_counts_what_its_links_lead_to(room: Room, client: Client) -> None:
    page = _page(client, "/en/news")
    for bar in page.select(".years a"):
        led_to = _page(client, str(bar["href"]))
        assert _text(led_to, "#count").split()[0] == _text(bar, "b")


def test_one_year_is_shown_by_month(room: Room, client: Client) -> None:
    page = _page(client, "/en/news?year=2010")
    counted = {_text(bar, ".tip") for bar in page.select(".years li a")}
    assert counted == {"March 2010: 1", "September 2010: 1"}
    assert page.select_one(".years-back")["href"] == "/en/news"


def test_the_language_switch_keeps_the_query(room: Room, client: Client) -> None:
    page = _page(client, "/en/news?topic=rule-of-law&from=2001-01-01")
    arabic = page.select_one('.languages a[hreflang="ar"]')
    assert arabic["href"] == "/ar/news?topic=rule-of-law&from=2001-01-01"
    assert (arabic["lang"], arabic["dir"], arabic.get_text()) == ("ar", "rtl", "العربية")


def test_words_are_printed_as_text(room: Room, client: Client) -> None:
    response = client.get("/en/news", {"keywords": '"><script>alert(1)</script>'})
    assert b"<script>alert" not in response.content


# --- what it could not use ----------------------------------------------------------------------
def test_whatever_could_not_be_used_is_named(room: Room, client: Client) -> None:
    page = _page(client, "/en/news?topic=nothing&from=rubbish&colour=red&size=7")
    notices = [" ".join(notice.get_text().split()) for notice in page.select(".notices li")]
    assert len(notices) == 3
    assert any("“colour”" in notice for notice in notices)
    assert any("“nothing”" in notice for notice in notices)
    assert any("10, 20, 50, 100" in notice for notice in notices)
    assert page.select_one('meta[name="robots"]')["content"] == "noindex,follow"


def test_a_bad_date_keeps_the_results_and_says_so_beside_the_box(
    room: Room, client: Client
) -> None:
    page = _page(client, "/en/news?from=rubbish&to=2005")
    box = page.select_one("#from")
    assert (box["value"], box["aria-invalid"]) == ("rubbish", "true")
    described = [page.find(id=name) for name in box["aria-describedby"].split()]
    assert "“rubbish” could not be read as a date" in described[0].get_text()
    assert page.select_one("#to")["value"] == "31 December 2005"
    assert page.select(".stories > li")


def test_a_page_beyond_the_last_is_the_last_and_says_so(room: Room, client: Client) -> None:
    page = _page(client, "/en/news?size=10&page=99")
    assert "There is no page 99" in _text(page, ".notices")
    assert page.select_one("#page")["value"] == "4"
    assert page.select_one('link[rel="canonical"]')["href"].endswith("/en/news?size=10&page=4")


def test_nothing_found_offers_the_list_without_each_filter(room: Room, client: Client) -> None:
    page = _page(client, "/en/news?keywords=zebra&topic=elections")
    offers = {_text(offer, "a"): _text(offer, ".n") for offer in page.select(".nothing li")}
    assert offers == {"without the words “zebra”": "1"}


def test_nothing_found_offers_other_languages_that_have_it(room: Room, client: Client) -> None:
    page = _page(client, "/en/news?keywords=seulement")
    offers = {_text(offer, "a"): offer.a["href"] for offer in page.select(".nothing li")}
    assert offers["Français"] == "/fr/news?keywords=seulement"


# --- search engines ----------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("path", "indexed_"),
    [
        ("/en/news", True),
        ("/en/news?topic=rule-of-law", True),
        ("/en/news?page=2", True),
        ("/en/news?topic=elections&topic=rule-of-law", False),
        ("/en/news?keywords=court", False),
        ("/en/news?size=50", False),
        ("/en/news?sort=oldest", False),
    ],
)
def test_search_engines_keep_plain_lists_and_single_filters(
    room: Room, client: Client, path: str, indexed_: bool
) -> None:
    page = _page(client, path)
    assert (page.select_one('meta[name="robots"]') is None) is indexed_
    assert page.select_one('link[rel="canonical"]')["href"] == f"http://localhost:8000{path}"


def test_pages_are_linked_in_both_directions(room: Room, client: Client) -> None:
    page = _page(client, "/en/news?size=10&page=2")
    links = {link["rel"][0]: link["href"] for link in page.select("link[rel=prev], link[rel=next]")}
    assert links == {"prev": "/en/news?size=10", "next": "/en/news?size=10&page=3"}


# --- other endings -------------------------------------------------------------------------------
def test_the_list_leads_to_its_other_forms(room: Room, client: Client) -> None:
    page = _page(client, "/en/news?topic=rule-of-law")
    for link in page.select(".endings a[type]"):
        response = client.get(link["href"])
        assert response.status_code == 200
        assert response["Content-Type"].partition(";")[0] == link["type"].partition(";")[0]


def test_an_unknown_ending_names_the_known_ones(room: Room, client: Client) -> None:
    response = client.get("/en/news.docx")
    assert (response.status_code, response["Content-Type"][:10]) == (404, "text/plain")
    assert ".atom" in response.content.decode()


def test_a_machine_is_told_what_is_wrong_with_its_question(room: Room, client: Client) -> None:
    response = client.get("/en/news.json?topic=nothing&colour=red")
    assert response.status_code == 400
    lines = unescape(response.content.decode()).splitlines()
    assert len(lines) == 2
    assert re.search("colour", lines[0])
    assert re.search("nothing", lines[1])


# --- what it costs -------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "path",
    [
        "/en/news",
        "/en/news?size=100",
        "/en/news?office=astana&topic=rule-of-law&keywords=court",
        "/en/news?keywords=zebra&office=astana&topic=elections&genre=news&year=2010&from=2001-01-01",
    ],
)
def test_a_list_costs_few_queries_whatever_its_length(
    room: Room,
    client: Client,
    path: str,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    client.get(path)
    with django_assert_max_num_queries(MOST_QUERIES):
        client.get(path)
