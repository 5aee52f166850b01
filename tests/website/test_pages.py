"""What holds for every page: valid, private, cacheable, and linked to pages that exist."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit

import html5lib
import pytest
from bs4 import BeautifulSoup
from defusedxml import ElementTree
from django.test import Client, override_settings
from django.urls import path
from website import rooms
from website.rooms import Room

from dateline.urls import handler404, handler500, urlpatterns  # noqa: F401 - used as a URLconf

pytestmark = pytest.mark.django_db
KINDS = (
    "front", "listing", "filtered", "words", "year", "page", "problems", "nothing", "misspelt",
    "marked in Arabic", "story", "plain story", "hostile story", "version", "changes",
    "out of date", "retracted", "killed", "other language only", "offices", "office",
    "closed office", "topics", "topic", "about", "accessibility", "missing",
    "arabic front", "arabic listing", "arabic story",
)  # fmt: skip


def test_every_kind_of_page_is_walked(room: Room) -> None:
    assert tuple(rooms.paths(room)) == KINDS


def test_pages_are_valid_html(room: Room, client: Client) -> None:
    parser = html5lib.HTMLParser(strict=True)
    for kind, address in rooms.paths(room).items():
        content = client.get(address).content.decode()
        try:
            parser.parse(content)
        except html5lib.html5parser.ParseError as error:
            pytest.fail(f"{kind}: {error} at {parser.errors}")
        ids = re.findall(r'\sid="([^"]*)"', content)
        assert len(ids) == len(set(ids)), (kind, sorted(ids))


@pytest.mark.checker
def test_pages_pass_the_nu_html_checker(room: Room, client: Client, tmp_path: Path) -> None:
    """W3C's own checker: content models, attributes, values, ARIA."""
    checker = os.environ.get("DATELINE_VNU")
    if not checker or not shutil.which("java"):
        pytest.skip("no Nu HTML Checker: DATELINE_VNU=$(tools/vnu) make test")
    for kind, address in rooms.paths(room).items():
        (tmp_path / f"{kind.replace(' ', '-')}.html").write_bytes(client.get(address).content)
    pages = sorted(tmp_path.glob("*.html"))
    command = ["java", "-jar", checker, "--errors-only", "--format", "gnu", *map(str, pages)]
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stderr


def test_pages_hold_no_inline_script_or_style_and_load_only_from_here(
    room: Room, client: Client
) -> None:
    for kind, address in rooms.paths(room).items():
        page = BeautifulSoup(client.get(address).content, "html.parser")
        for tag in page.find_all(True):
            inline = [name for name in tag.attrs if name == "style" or name.startswith("on")]
            assert not inline, (kind, tag)
            assert not any(name.startswith(("hx-on", "data-hx-on")) for name in tag.attrs), (
                kind,
                tag,
            )
        assert not page.select("style, iframe, object"), kind
        for script in page.find_all("script"):
            assert script.get("src") or script["type"] == "application/ld+json", kind
        loaded = page.select("script[src], img, link[rel=stylesheet], link[rel=icon]")
        for tag in loaded:
            assert str(tag.get("src") or tag.get("href")).startswith("/"), (kind, tag)


def test_readers_get_no_cookie_and_a_strict_policy(room: Room, client: Client) -> None:
    for kind, address in rooms.paths(room).items():
        response = client.get(address)
        assert not response.cookies, kind
        assert "Cookie" not in response.get("Vary", ""), kind
        policy = response["Content-Security-Policy"]
        assert "default-src 'none'" in policy, kind
        assert "unsafe" not in policy, kind


def test_pages_are_cacheable_and_checked_by_etag(room: Room, client: Client) -> None:
    for kind, address in rooms.paths(room).items():
        response = client.get(address)
        lasting = dict(part.partition("=")[::2] for part in response["Cache-Control"].split(", "))
        assert "public" in lasting, kind
        assert int(lasting["max-age"]) + int(lasting["stale-while-revalidate"]) == 60, kind
        if response.status_code == 200:
            again = client.get(address, headers={"If-None-Match": response["ETag"]})
            assert (again.status_code, again.content) == (304, b""), kind


def test_pages_have_one_heading_landmarks_and_labels(room: Room, client: Client) -> None:
    for kind, address in rooms.paths(room).items():
        page = BeautifulSoup(client.get(address).content, "html.parser")
        assert len(page.find_all("h1")) == 1, kind
        assert page.title.get_text().strip(), kind
        assert page.select_one("a.skip")["href"] == "#content", kind
        for field in page.select("input:not([type=hidden])"):
            labelled = field.find_parent("label") or page.select_one(
                f'label[for="{field.get("id")}"]'
            )
            assert labelled, (kind, field)


def test_writing_is_refused(room: Room, client: Client) -> None:
    for kind, address in rooms.paths(room).items():
        if kind != "missing":
            assert client.post(address).status_code == 405, kind


# --- every link leads somewhere ---------------------------------------------------------------
@pytest.mark.checker
def test_every_internal_link_resolves(room: Room, client: Client) -> None:
    start = ["/", "/en/", "/fr/", "/ar/", "/robots.txt", "/sitemap.xml"]
    seen, waiting = set(start), start
    while waiting:
        address = waiting.pop()
        response = client.get(address, follow=True)
        assert response.status_code == 200, address
        for found in _links(response):
            local = urldefrag(urljoin(response.request["PATH_INFO"], found))[0]
            if local.startswith("/") and local not in seen and _is_worth_following(local):
                seen.add(local)
                waiting.append(local)
    assert len(seen) > 200


def _links(response: Any) -> Iterator[str]:
    kind = response["Content-Type"]
    if kind.startswith("text/html"):
        page = BeautifulSoup(response.content, "html.parser")
        for tag in page.select("a[href], link[href], img[src]"):
            yield re.sub(r"^http://localhost:8000", "", str(tag.get("href") or tag.get("src")))
    elif "xml" in kind and response.request["PATH_INFO"].startswith("/sitemap"):
        for place in ElementTree.fromstring(response.content).iter():
            if place.tag.endswith("loc") and place.text:
                yield place.text.removeprefix("http://localhost:8000")


def _is_worth_following(address: str) -> bool:
    """Lists multiply without end: those of one filter stand for the rest."""
    parts = urlsplit(address)
    return not parts.path.startswith("/static/") and parts.query.count("=") <= 1


# --- languages, errors, discovery --------------------------------------------------------------
@pytest.mark.parametrize(
    ("accepted", "language"), [("fr-CH, fr;q=0.9", "fr"), ("pt", "en"), ("", "en"), ("ar", "ar")]
)
def test_the_root_leads_to_the_readers_language(
    client: Client, accepted: str, language: str
) -> None:
    response = client.get("/", headers={"Accept-Language": accepted})
    assert (response.status_code, response["Location"]) == (302, f"/{language}/")


def test_errors_speak_the_language_of_the_address(room: Room, client: Client) -> None:
    page = BeautifulSoup(client.get("/ar/nothing").content, "html.parser")
    assert (page.html["lang"], page.html["dir"]) == ("ar", "rtl")


def _fails(request: Any) -> None:
    raise RuntimeError("broken on purpose")


urlpatterns = [path("broken", _fails), *urlpatterns]


@override_settings(ROOT_URLCONF=__name__)
def test_a_fault_of_ours_is_answered_without_any_other_part(client: Client) -> None:
    client.raise_request_exception = False
    response = client.get("/broken")
    assert response.status_code == 500
    html5lib.HTMLParser(strict=True).parse(response.content.decode())


@override_settings(ALLOWED_HOSTS=["example.org"])
def test_a_bad_request_is_answered_with_help(client: Client) -> None:
    response = client.get("/en/news", headers={"Host": "elsewhere.invalid"})
    assert response.status_code == 400


def test_the_sitemap_lists_public_stories_with_their_languages(room: Room, client: Client) -> None:
    text = client.get("/sitemap-ar-1.xml").content.decode()
    assert f"<loc>http://localhost:8000{room.arabic.get_absolute_url()}</loc>" in text
    assert f'hreflang="fr" href="http://localhost:8000{room.french.get_absolute_url()}"' in text
    english = client.get("/sitemap-en-1.xml").content.decode()
    for story in (room.retracted, room.killed):
        assert f"/news/{story.number}/" not in english


# --- offices and topics -------------------------------------------------------------------------
def test_an_office_tells_its_history(room: Room, client: Client) -> None:
    astana = client.get("/en/offices/astana").content.decode()
    assert "Centre in Almaty" in astana
    assert "1 Jul 1998 – 21 Jun 2007" in astana
    georgia = client.get("/en/offices/georgia").content.decode()
    assert "Closed on 31 December 2008" in georgia
    assert "/en/offices/secretariat" in georgia
    assert "/en/offices/georgia" in client.get("/en/offices/secretariat").content.decode()


def test_unknown_offices_and_topics_are_not_found(room: Room, client: Client) -> None:
    assert client.get("/en/offices/nowhere").status_code == 404
    assert client.get("/en/topics/nothing").status_code == 404


# --- the newsroom's own look ----------------------------------------------------------------------
def test_the_accent_colour_comes_as_a_style_sheet_of_its_own(
    room: Room, client: Client, settings: Any
) -> None:
    from dataclasses import replace

    settings.NEWSROOM = replace(settings.NEWSROOM, accent="#7a1f2b", accent_dark="#f0a0aa")
    page = BeautifulSoup(client.get("/en/").content, "html.parser")
    address = page.select_one('link[href^="/theme-"]')["href"]
    assert "light-dark(#7a1f2b, #f0a0aa)" in client.get(address).content.decode()
