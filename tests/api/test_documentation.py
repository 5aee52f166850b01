"""The documentation: a page of the site and a guide, whose every example is tried."""

from __future__ import annotations

import json
import re
import shlex
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from api.reader import Api
from axe_playwright_python.sync_playwright import Axe
from build import draft, genre, indexed, office, published, topic
from django.contrib.auth.models import User
from django.test import Client
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from dateline.api import openapi, problems, tokens
from dateline.api.models import Scope
from dateline.archive.query import Query

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("archive_file")]
GUIDE = Path(__file__).parents[2] / "docs" / "api.md"
ORIGIN = "http://localhost:8000"


class Anchors(HTMLParser):
    """The ids and the links of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if said.get("id"):
            self.ids.append(str(said["id"]))
        if tag == "a" and said.get("href"):
            self.links.append(str(said["href"]))


@pytest.fixture
def newsroom(archive_file: Path) -> None:
    vienna, law = office("vienna", "Vienna"), topic("law", "Rule of law")
    for number in range(12):
        published(f"Parliament {number}", offices=(vienna,), topics=(law,), genre=None)
    genre("news", "News")
    indexed()


# --- the page -----------------------------------------------------------------------------------
def test_every_link_and_example_of_the_page_answers(newsroom: None, client: Client) -> None:
    page = Anchors(client.get("/api/v1/").content.decode())
    assert len(page.ids) == len(set(page.ids))
    tried = 0
    for link in page.links:
        if link.startswith("#"):
            assert link[1:] in page.ids, link
        elif not link.startswith("mailto:"):
            assert client.get(link.removeprefix(ORIGIN)).status_code in (200, 302), link
            tried += "/api/v1/" in link
    assert tried >= 14


def test_the_page_says_all_the_document_does(newsroom: None, client: Client) -> None:
    text = client.get("/api/v1/").content.decode()
    drawn = openapi.document()
    for path, methods in drawn["paths"].items():
        assert f"/api/v1{path}" in text
        for operation in methods.values():
            assert f'id="{operation["operationId"]}"' in text
    for shape in drawn["components"]["schemas"]:
        assert f'id="shape-{shape}"' in text
    for kind in problems.KINDS:
        assert f'id="problem-{kind.name}"' in text


def test_an_empty_newsroom_has_a_page_too(client: Client) -> None:
    assert client.get("/api/v1/").status_code == 200


def test_the_page_is_the_same_for_every_browser(newsroom: None, client: Client) -> None:
    english = client.get("/api/v1/", headers={"Accept-Language": "en"}).content
    assert client.get("/api/v1/", headers={"Accept-Language": "ar"}).content == english


def test_the_page_takes_readers_alone(client: Client) -> None:
    assert client.post("/api/v1/").status_code == 405


def test_the_document_is_valid_openapi(newsroom: None, api: Api) -> None:
    drawn = api.get("/openapi.json")
    assert drawn["openapi"] == "3.1.0"
    assert drawn["servers"] == [{"url": f"{ORIGIN}/api/v1"}]
    text = json.dumps(drawn)
    for reference in re.findall(r'"\$ref": "#/components/schemas/(\w+)"', text):
        assert reference in drawn["components"]["schemas"]


@pytest.mark.parametrize("path", ["", "?office=vienna&topic=law", "?keywords=parliament&size=10"])
def test_every_listing_links_to_itself_as_an_api_call(
    newsroom: None, client: Client, api: Api, path: str
) -> None:
    page = Anchors(client.get(f"/en/news{path}").content.decode())
    (link,) = [link for link in page.links if link.startswith("/api/v1/en/")]
    assert link == f"/api/v1/en/stories{path}"
    assert api.get(link)["total"] == 12


def test_the_third_page_of_a_listing_is_the_third_of_the_api(client: Client, api: Api) -> None:
    for number in range(25):
        published(f"Story {number}")
    indexed()
    text = client.get("/en/news?size=10&page=3").content.decode()
    (link,) = [one for one in Anchors(text).links if one.startswith("/api/v1/en/")]
    assert [story["headline"] for story in api.get(link)["stories"]] == [
        f"Story {number}" for number in (4, 3, 2, 1, 0)
    ]
    assert api.get(link)["url"].endswith(Query("en", size=10, page=3).path())


@pytest.mark.browser
@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_is_accessible_and_fits(
    newsroom: None, live_server: LiveServer, chromium: Browser, width: int, scheme: Any
) -> None:
    page = chromium.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text))
    page.goto(f"{live_server.url}/api/v1/")
    found = Axe().run(page).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert refused == []
    page.close()


# --- the guide ----------------------------------------------------------------------------------
def _blocks(language: str) -> list[str]:
    text = GUIDE.read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def _request(line: str) -> tuple[str, str, str, dict[str, str]]:
    """Method, path, body and headers of a line with curl."""
    words = iter(shlex.split(line)[1:])
    method, body, address, headers = "GET", "", "", {}
    for word in words:
        if word == "-X":
            method = next(words)
        elif word == "-H":
            name, _, value = next(words).partition(": ")
            headers[name] = value
        elif word == "-d":
            body = next(words)
        else:
            address = word
    target = urlsplit(address)
    return method, target._replace(scheme="", netloc="").geturl(), body, headers


def test_every_curl_of_the_guide_is_answered(newsroom: None, client: Client) -> None:
    owner = User.objects.create_superuser("ada")
    token = tokens.make(owner, "Guide", list(Scope))[1]
    key = str(draft("To be published").translation_key)
    lines = "\n".join(_blocks("sh")).replace("\\\n", " ").splitlines()
    calls = [line for line in lines if line.startswith("curl")]
    for line in calls:
        method, path, body, headers = _request(line.replace("$TOKEN", token).replace("$KEY", key))
        answer = client.generic(method, path, body, "application/json", headers=headers)
        assert answer.status_code in (200, 201), (line, answer.content)
    assert len(calls) >= 16


def test_every_python_of_the_guide_runs(
    newsroom: None, live_server: LiveServer, settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.ORIGIN = live_server.url
    for block in _blocks("python"):
        code = block.replace("https://news.example.org", live_server.url)
        exec(compile(code, "guide", "exec"), {})  # noqa: S102 - our own guide's
    assert len(capsys.readouterr().out.splitlines()) == 12


def test_the_problem_of_the_guide_is_what_is_answered(
    newsroom: None, api: Api, settings: Any
) -> None:
    settings.ORIGIN = "https://news.example.org"
    (block,) = _blocks("json")
    assert api.problem("/en/stories?office=atlantis", 400) == json.loads(block)
