"""Lists: what plain loops over the store find, page after page, and nothing ignored."""

from __future__ import annotations

import random
import re
from datetime import date
from typing import Any
from urllib.parse import urlencode

import pytest
from api.reader import Api
from build import draft, genre, indexed, office, published, topic
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from oracle import Oracle

from dateline.api import fields
from dateline.archive import cursors
from dateline.archive.engines.base import Place
from dateline.archive.query import FACETS, Query
from dateline.publishing import verbs
from dateline.stories.models import Story

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("archive_file")]

WORDS = ("zorbat", "quimpel", "vexodar", "lintow", "brakko")
SLUGS: dict[str, list[str]] = {
    "language": ["en", "fr"],
    "genre": ["news", "report"],
    "office": ["west", "west-one", "east"],
    "topic": ["law", "courts", "media"],
    "year": ["2022", "2023", "1999"],
    "month": ["2022-12", "2023-01"],
}


@pytest.fixture
def terms(archive_file: object) -> dict[str, list[Any]]:
    west = office("west", names={"fr": "Ouest"})
    law = topic("law")
    return {
        "offices": [west, office("west-one", parent=west), office("east", closed=True)],
        "topics": [law, topic("courts", parent=law), topic("media")],
        "genres": [None, genre("news"), genre("report")],
    }


@pytest.fixture
def filled(terms: dict[str, list[Any]]) -> None:
    """Stories under every kind of term, some of which are not public."""
    _fill(terms, 28)


@pytest.fixture
def few(terms: dict[str, list[Any]]) -> None:
    """Enough for a second page."""
    _fill(terms, 20)


def _fill(terms: dict[str, list[Any]], count: int) -> None:
    chance = random.Random(6)
    for number in range(count):
        story = draft(
            f"story{number} {' '.join(chance.choices(WORDS, k=2))}",
            language="fr" if number % 4 == 3 else "en",
            published=date(2022, 12, chance.randint(20, 31)) if number % 2 else date(2023, 1, 1),
            summary=chance.choice(["", *WORDS]),
            body=f"<p>{' '.join(chance.choices(WORDS, k=3))}</p>",
            genre=chance.choice(terms["genres"]),
            offices=tuple(chance.sample(terms["offices"], chance.randint(0, 2))),
            topics=tuple(chance.sample(terms["topics"], chance.randint(0, 2))),
        )
        if number % 13:
            verbs.publish(story)
    verbs.kill(Story.objects.filter(state="published")[0], "Never to be used.")
    indexed()


_CHOICES = {
    "language": st.sampled_from(["en", "fr"]),
    "keywords": st.sampled_from(["", "", *WORDS, "zorb*", "-brakko", '"brakko lintow"']),
    "selections": st.lists(
        st.sampled_from([(name, (slug,)) for name, slugs in SLUGS.items() for slug in slugs]),
        max_size=2,
        unique_by=lambda chosen: chosen[0],
    ),
    "since": st.sampled_from([None, date(2022, 12, 25)]),
    "until": st.sampled_from([None, date(2022, 12, 30), date(2023, 1, 1)]),
    "sort": st.sampled_from(["newest", "oldest"]),
    "size": st.just(10),
}
queries = st.builds(Query, **_CHOICES)


def _address(query: Query, **extra: str) -> str:
    pairs = [*query.parameters(), *extra.items()]
    return f"/{query.language}/stories?{urlencode(pairs)}"


def _walk(api: Api, path: str) -> list[Any]:
    """All stories of a list, by following `next`."""
    found = []
    while path:
        answer = api.get(path)
        found += answer["stories"]
        path = answer.get("next", "")
    return found


def _numbers(stories: list[Any]) -> list[tuple[int, str]]:
    return [(story["number"], story["language"]) for story in stories]


# --- the same as everywhere -------------------------------------------------------------------
def test_any_list_is_what_plain_loops_find(filled: None, api: Api) -> None:
    oracle = Oracle(timezone.now())
    known = {story.pk: (story.number, story.language) for story in oracle.stories}

    @given(queries)
    @settings(max_examples=40, suppress_health_check=list(HealthCheck))
    def check(query: Query) -> None:
        expected = [known[pk] for pk in oracle.ids(query)]
        first = api.get(_address(query, include="facets"))
        assert first["total"] == len(expected)
        assert _numbers(_walk(api, _address(query))) == expected
        counts = oracle.counts(query)
        for facet in first["facets"]:
            shown = {value["value"]: value["count"] for value in facet["values"] if value["count"]}
            assert shown == dict(counts[facet["name"]]), facet["name"]

    check()


def test_a_list_holds_the_stories_of_its_page(filled: None, api: Api) -> None:
    for query in ("", "?office=west", "?topic=law&sort=oldest&size=10", "?keywords=brakko&size=10"):
        page = Client().get(f"/en/news{query}").content.decode()
        linked = map(int, re.findall(r'href="/en/news/([0-9]+)/', page))
        answer = api.get(f"/en/stories{query}")
        assert [story["number"] for story in answer["stories"]] == list(dict.fromkeys(linked))
        assert answer["url"].endswith(f"/en/news{query}")


def test_facets_alone_are_those_beside_the_stories(few: None, api: Api) -> None:
    beside = api.get("/en/stories?office=west&include=facets")
    alone = api.get("/en/facets?office=west")
    assert alone == {name: beside[name] for name in ("title", "total", "facets")}
    assert [facet["name"] for facet in alone["facets"]] == list(FACETS)


def test_labels_are_in_the_language_of_the_address(few: None, api: Api) -> None:
    french = api.get("/fr/stories?office=west&language=en&language=fr&include=facets")
    offices = next(facet for facet in french["facets"] if facet["name"] == "office")
    assert {value["value"]: value["label"] for value in offices["values"]}["west"] == "Ouest"


# --- cursors ------------------------------------------------------------------------------------
def test_a_walk_neither_repeats_nor_misses_what_others_insert(filled: None, api: Api) -> None:
    before = _numbers(_walk(api, "/en/stories?size=10"))
    path, found = "/en/stories?size=10", []
    for turn in range(20):
        answer = api.get(path)
        found += _numbers(answer["stories"])
        if "next" not in answer:
            break
        published(f"Newer {turn}", published=date(2024, 1, 1 + turn))
        indexed()
        path = answer["next"]
    assert found == before


def test_a_walk_survives_the_story_its_cursor_stands_on(few: None, api: Api) -> None:
    everything = _numbers(_walk(api, "/en/stories?size=10"))
    first = api.get("/en/stories?size=10")
    last = first["stories"][-1]["number"]
    verbs.unpublish(Story.objects.get(number=last, locale__language_code="en"))
    assert _numbers(_walk(api, first["next"])) == everything[10:]
    indexed()
    assert _numbers(_walk(api, first["next"])) == everything[10:]


def test_relevance_goes_on_by_page_and_ends(filled: None, api: Api) -> None:
    first = api.get("/en/stories?keywords=brakko&size=10")
    assert "page=2" in first["next"]
    everything = _walk(api, "/en/stories?keywords=brakko&size=10")
    assert len(everything) == first["total"] == len(set(_numbers(everything)))


def test_next_stands_in_the_link_header_too(few: None, api: Api) -> None:
    answer = api.ask("GET", "/en/stories?size=10")
    assert answer["Link"] == f'<{answer.json()["next"]}>; rel="next"'


def test_an_answer_names_its_own_canonical_address(few: None, api: Api) -> None:
    asked = "/en/stories?size=10&sort=newest&topic=law&office=west&fields=summary,headline"
    said = api.get(asked)
    assert said["self"].endswith(
        "/en/stories?office=west&topic=law&size=10&fields=headline,summary"
    )
    assert api.get(said["self"]) == said


# --- fields -------------------------------------------------------------------------------------
def test_fields_leave_out_what_is_not_asked_for(few: None, api: Api) -> None:
    (story, *_) = api.get("/en/stories?fields=headline,published")["stories"]
    assert set(story) == {*fields.ALWAYS, "headline", "published"}
    assert api.get("/en/stories?fields=headline&fields=published")["stories"][0] == story


def test_every_field_can_be_asked_for_alone(few: None, api: Api) -> None:
    whole = api.get(f"/en/stories?fields={','.join(fields.EVERY)}")["stories"]
    for name in fields.EVERY:
        alone = api.get(f"/en/stories?fields={name}")["stories"]
        for story, one in zip(whole, alone, strict=True):
            kept = {*fields.ALWAYS, name}
            assert one == {key: value for key, value in story.items() if key in kept}


# --- nothing is ignored -------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("query", "parameter", "value", "code"),
    [
        ("colour=red", "colour", "red", "unknown-parameter"),
        ("office=atlantis", "office", "atlantis", "unknown-value"),
        ("topic=law&topic=%21", "topic", "!", "unknown-value"),
        ("language=tlh", "language", "tlh", "unknown-value"),
        ("year=20", "year", "20", "unknown-value"),
        ("month=2016-13", "month", "2016-13", "unknown-value"),
        ("from=soon", "from", "soon", "bad-date"),
        ("from=2017&to=2016", "to", "2016", "reversed-dates"),
        ("size=7", "size", "7", "bad-value"),
        ("size=many", "size", "many", "bad-value"),
        ("page=0", "page", "0", "bad-value"),
        ("page=1&page=2", "page", "1", "bad-value"),
        ("sort=best", "sort", "best", "bad-value"),
        ("sort=relevance", "sort", "relevance", "bad-value"),
        ("labels=then", "labels", "then", "bad-value"),
        ("keywords=" + "a" * 501, "keywords", "a" * 40 + "…", "too-long"),
        ("cursor=abc", "cursor", "abc", "bad-value"),
        ("fields=headline,colour", "fields", "colour", "unknown-value"),
        ("include=everything", "include", "everything", "unknown-value"),
    ],
)
def test_what_cannot_be_used_is_named(
    terms: Any, api: Api, query: str, parameter: str, value: str, code: str
) -> None:
    said = api.problem(f"/en/stories?{query}", 400)
    assert said["type"].endswith("/api/v1/#problem-bad-parameters")
    (found,) = said["parameters"]
    assert (found["name"], found["value"], found["code"]) == (parameter, value, code)
    assert found["detail"]


def test_one_answer_names_all_that_is_wrong(terms: Any, api: Api) -> None:
    said = api.problem("/en/stories?colour=red&from=soon&topic=x&fields=y&cursor=z", 400)
    assert {one["name"] for one in said["parameters"]} == {
        *("colour", "from", "topic", "fields", "cursor")
    }


def test_a_cursor_goes_with_neither_page_nor_relevance(terms: Any, api: Api) -> None:
    cursor = cursors.write(Place(0, 1, "en"))
    assert api.problem(f"/en/stories?cursor={cursor}&page=2", 400)["parameters"]
    assert api.problem(f"/en/stories?cursor={cursor}&keywords=brakko", 400)["parameters"]
    assert api.get(f"/en/stories?cursor={cursor}&keywords=brakko&sort=newest")


@pytest.mark.parametrize(
    "name",
    [*("size=10", "page=2", "sort=oldest", "labels=publication"), *("fields=headline", "x=y")],
)
def test_facets_take_no_parameter_that_means_nothing_to_them(
    terms: Any, api: Api, name: str
) -> None:
    (found,) = api.problem(f"/en/facets?{name}", 400)["parameters"]
    assert found["name"] == name.partition("=")[0]


def test_a_language_the_newsroom_does_not_write_is_nowhere(api: Api) -> None:
    api.problem("/tlh/stories", 404)


# --- what it costs ------------------------------------------------------------------------------
def test_a_list_costs_few_queries_however_long(few: None, api: Api) -> None:
    counts = {}
    for path in ("/en/stories?size=10", "/en/stories?size=50", "/en/stories?include=facets"):
        api.get(path)
        with CaptureQueriesContext(connection) as queries:
            api.get(path)
        counts[path] = len(queries)
    assert max(counts.values()) <= 10, counts
