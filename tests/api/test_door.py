"""What every answer has: fair limits, caching, and an open door for other sites' readers."""

from __future__ import annotations

import re
from typing import Any

import pytest
from api.reader import Api, problem
from build import indexed, office, published
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from dateline.api import limits
from dateline.archive import clients
from dateline.publishing import verbs

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("archive_file")]

READING = (
    "/en/stories",
    "/en/facets",
    "/vocabularies",
    "/vocabularies/offices.jsonld",
    "/en/suggestions?text=a",
    "/openapi.json",
    "/nowhere",
    "/en/stories?colour=red",
)


# --- caching ------------------------------------------------------------------------------------
@pytest.mark.parametrize("path", ["/en/stories", "/en/facets", "/en/stories/1", "/vocabularies"])
def test_who_has_it_already_is_told_so(api: Api, path: str) -> None:
    published("Court opens")
    indexed()
    first = api.ask("GET", path)
    again = api.ask("GET", path, If_None_Match=first["ETag"])
    assert (again.status_code, again.content) == (304, b"")
    assert again["ETag"] == first["ETag"]
    assert again["Access-Control-Allow-Origin"] == "*"
    assert "no-cache" in first["Cache-Control"]


def test_an_etag_changes_with_what_it_stands_for(api: Api) -> None:
    story = published("Court opens")
    indexed()
    first = api.ask("GET", "/en/stories/1")["ETag"]
    verbs.retract(story, "Wrong.")
    again = api.ask("GET", "/en/stories/1", If_None_Match=first)
    assert again.status_code == 200
    assert again["ETag"] != first


def test_a_renamed_term_changes_the_answers_that_name_it(api: Api) -> None:
    vienna = office("vienna", "Vienna")
    published("Court opens", offices=(vienna,))
    first = api.ask("GET", "/en/stories/1")["ETag"]
    vienna.names.update(name="Wien")
    vienna.save()
    assert api.ask("GET", "/en/stories/1", If_None_Match=first).status_code == 200


def test_no_answer_depends_on_cookies_or_sets_one(api: Api) -> None:
    for path in READING:
        answer = api.ask("GET", path, Accept_Language="fr")
        assert not answer.cookies
        assert "Cookie" not in answer.get("Vary", "")
        assert answer.content == api.ask("GET", path).content


# --- methods ------------------------------------------------------------------------------------
@pytest.mark.parametrize("path", READING)
def test_head_is_get_without_the_body(api: Api, path: str) -> None:
    head, get = api.ask("HEAD", path), api.ask("GET", path)
    assert head.content == b""
    assert head.status_code == get.status_code
    assert {**head.headers} == {**get.headers}


@pytest.mark.parametrize("path", READING[:-2])
def test_other_sites_pages_may_read(api: Api, path: str) -> None:
    asked = api.ask("OPTIONS", path, Origin="https://example.org",
                    Access_Control_Request_Method="GET",
                    Access_Control_Request_Headers="if-none-match")  # fmt: skip
    assert (asked.status_code, asked.content) == (204, b"")
    assert asked["Access-Control-Allow-Origin"] == "*"
    assert "GET" in asked["Access-Control-Allow-Methods"]
    assert "POST" not in asked["Access-Control-Allow-Methods"]
    assert "if-none-match" in asked["Access-Control-Allow-Headers"].lower()
    answer = api.ask("GET", path, Origin="https://example.org")
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert {"ETag", "Link", "RateLimit", "Retry-After"} <= set(
        answer["Access-Control-Expose-Headers"].split(", ")
    )


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_reading_addresses_take_no_other_method(api: Api, method: str) -> None:
    answer = api.ask(method, "/en/stories", {})
    assert problem(answer, 405)["type"].endswith("#problem-method-not-allowed")
    assert answer["Allow"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize(
    "path",
    [
        "/nowhere",
        "/a%0A",
        "/a%0Ab/stories",
        "/tlh/stories",
        "/en/stories/0",
        "/en/stories/x",
        "/en/stories/1/v2",
        "/vocabularies/planets",
        "/vocabularies/planets.jsonld",
        "/vocabularies/offices/atlantis",
    ],
)
def test_nothing_is_a_problem_as_well(api: Api, path: str) -> None:
    api.problem(path, 404)


def test_a_failure_is_logged_and_told_without_its_inner_parts(
    api: Api, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError("inner parts")

    monkeypatch.setattr("dateline.api.terms.vocabularies", fail)
    api.client.raise_request_exception = False
    answer = api.ask("GET", "/vocabularies", Authorization="Bearer dateline_secret")
    said = problem(answer, 500)
    assert "inner parts" not in str(said)
    assert "inner parts" in caplog.text
    assert "dateline_secret" not in caplog.text


# --- fair limits --------------------------------------------------------------------------------
@pytest.fixture
def three(settings: Any, monkeypatch: pytest.MonkeyPatch) -> dict[str, float]:
    """Three requests a minute, by a clock that stands still until it is set."""
    settings.API_LIMIT = 3
    clock = {"now": 1_000_000_000.0}
    monkeypatch.setattr(limits.time, "time", lambda: clock["now"])
    return clock


def test_every_answer_says_how_many_requests_are_left(three: Any, api: Api) -> None:
    said = [api.ask("GET", path) for path in ("/vocabularies", "/nowhere", "/en/stories?x=y")]
    assert [answer["RateLimit"] for answer in said] == [
        f'"default";r={left};t=20' for left in (2, 1, 0)
    ]
    assert {answer["RateLimit-Policy"] for answer in said} == {'"default";q=3;w=60'}
    assert not any("Retry-After" in answer for answer in said)


def test_one_too_many_waits_for_the_next_minute(three: dict[str, float], api: Api) -> None:
    for _ in range(3):
        api.get("/vocabularies")
    refused = api.ask("GET", "/vocabularies")
    said = problem(refused, 429)
    assert said["type"] == "https://iana.org/assignments/http-problem-types#quota-exceeded"
    assert said["violated-policies"] == ["default"]
    assert refused["RateLimit"] == '"default";r=0;t=20'
    assert refused["Retry-After"] == "20"
    assert refused["Access-Control-Allow-Origin"] == "*"
    three["now"] += float(refused["Retry-After"])
    assert api.get("/vocabularies")


def test_a_refused_request_costs_no_query(three: Any, api: Api) -> None:
    for _ in range(3):
        api.get("/vocabularies")
    with CaptureQueriesContext(connection) as queries:
        api.problem("/en/stories", 429)
    assert len(queries) == 0


def test_guessing_tokens_is_limited_too(three: Any) -> None:
    guesses = [Api(f"dateline_{n:08}_{'A' * 43}").ask("GET", f"/en/stories/{n + 1}/draft")
               for n in range(4)]  # fmt: skip
    assert [answer.status_code for answer in guesses] == [401, 401, 401, 429]


def test_the_documentation_is_not_counted(three: Any, api: Api) -> None:
    for _ in range(5):
        assert api.ask("GET", "/").status_code == 200


def test_no_limit_is_told_where_there_is_none(api: Api) -> None:
    assert not [name for name in api.ask("GET", "/vocabularies").headers if "RateLimit" in name]


@pytest.mark.parametrize(
    ("trusted", "proxies", "peer", "forwarded", "expected"),
    [
        (False, 1, "192.0.2.7", "198.51.100.1", "192.0.2.7"),
        (True, 1, "127.0.0.1", "198.51.100.1", "198.51.100.1"),
        (True, 1, "127.0.0.1", "10.9.9.9, 198.51.100.1", "198.51.100.1"),
        (True, 2, "127.0.0.1", "10.9.9.9, 198.51.100.1, 203.0.113.5", "198.51.100.1"),
        (True, 2, "127.0.0.1", "198.51.100.1", "198.51.100.1"),
        (True, 1, "127.0.0.1", "", "127.0.0.1"),
        (True, 1, "127.0.0.1", "nonsense", "unknown"),
        (False, 1, "", "", "unknown"),
        (False, 1, "2001:db8:1:2:3:4:5:6", "", "2001:db8:1:2::/64"),
        (False, 1, "::ffff:192.0.2.7", "", "192.0.2.7"),
    ],
)
def test_who_is_asking(
    settings: Any, trusted: bool, proxies: int, peer: str, forwarded: str, expected: str
) -> None:
    settings.TRUST_PROXY, settings.PROXIES = trusted, proxies
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    request = RequestFactory().get("/", headers=headers, REMOTE_ADDR=peer)
    assert clients.client(request) == expected


def test_addresses_are_counted_one_by_one(three: Any, api: Api) -> None:
    for peer in ("192.0.2.1", "192.0.2.2"):
        answers = [api.client.get("/api/v1/vocabularies", REMOTE_ADDR=peer) for _ in range(4)]
        assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    nobody = api.client.get("/api/v1/vocabularies", REMOTE_ADDR="192.0.2.3")
    assert re.match('"default";r=2', nobody["RateLimit"])
