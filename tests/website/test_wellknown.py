"""What programs look for by themselves, and lists on the pages of others."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import html5lib
import pytest
from build import draft, indexed, office, published, topic
from defusedxml import ElementTree
from django.test import Client
from django.utils import timezone

from dateline.desk.over_time import acts

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("archive_file")]
_OPENSEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"


def test_a_browser_can_search_the_archive(client: Client) -> None:
    published("Court opens")
    indexed()
    page = client.get("/en/news").content.decode()
    assert '<link rel="search" type="application/opensearchdescription+xml"' in page
    answer = client.get("/opensearch-en.xml")
    assert answer["Content-Type"].startswith("application/opensearchdescription+xml")
    root = ElementTree.fromstring(answer.content)
    assert len(root.findtext(f"{_OPENSEARCH}ShortName")) <= 16
    templates = {url.get("type"): url.get("template") for url in root.iter(f"{_OPENSEARCH}Url")}
    for template in templates.values():
        found = client.get(template.replace("{searchTerms}", "court"), follow=True)
        assert b"court-opens" in found.content
    assert {"text/html", "application/atom+xml", "application/rss+xml"} <= templates.keys()


def test_who_found_a_hole_learns_whom_to_tell(client: Client, settings: Any) -> None:
    settings.NEWSROOM = replace(settings.NEWSROOM, contact_email="press@example.org")
    lines = client.get("/.well-known/security.txt").content.decode().splitlines()
    fields = dict(line.split(": ", 1) for line in lines)
    assert fields["Contact"] == "mailto:press@example.org"
    assert datetime.fromisoformat(fields["Expires"]) > datetime.now(UTC)
    settings.NEWSROOM = replace(settings.NEWSROOM, security_contact="https://example.org/hole")
    assert b"Contact: https://example.org/hole\n" in client.get("/.well-known/security.txt").content


def test_nobody_to_tell_is_no_file(client: Client, settings: Any) -> None:
    settings.NEWSROOM = replace(settings.NEWSROOM, contact_email="", security_contact="")
    assert client.get("/.well-known/security.txt").status_code == 404


def test_a_list_can_stand_on_the_page_of_another(client: Client) -> None:
    law = topic("law", "Rule of law")
    inside = published("Court <opens>", topics=(law,))
    published("Elsewhere")
    indexed()
    answer = client.get("/en/news.html?topic=law")
    assert "X-Frame-Options" not in answer
    assert "frame-ancestors *" in answer["Content-Security-Policy"]
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert not answer.cookies
    content = answer.content.decode()
    html5lib.HTMLParser(strict=True).parse(content)
    assert f'href="{inside.get_absolute_url()}">Court &lt;opens&gt;</a>' in content
    assert "Elsewhere" not in content
    assert "<script" not in content
    assert "SAMEORIGIN" in client.get("/en/news")["X-Frame-Options"]


def test_an_embedded_list_outlives_the_slug_of_its_office(client: Client) -> None:
    centre = office("centre", "Centre")
    inside = published("Inside", offices=(centre,))
    published("Elsewhere")
    acts.rename(centre, {"en": "Programme Office"}, date(2015, 1, 1), "programme")
    indexed()
    content = client.get("/en/news.html?office=centre", follow=True).content.decode()
    assert inside.get_absolute_url() in content
    assert "from Programme Office" in content
    assert "Elsewhere" not in content
    assert '<a href="/en/news?office=programme">' in content


def test_news_search_engines_find_what_is_new(client: Client, settings: Any) -> None:
    today = timezone.localdate()
    published("Court <opens>", published=today)
    published("Long ago", published=date(2020, 1, 1))
    draft("Draft")
    index = client.get("/sitemap.xml").content.decode()
    assert f"<loc>{settings.ORIGIN}/sitemap-news.xml</loc>" in index
    root = ElementTree.fromstring(client.get("/sitemap-news.xml").content)
    space = "{http://www.google.com/schemas/sitemap-news/0.9}"
    assert [title.text for title in root.iter(f"{space}title")] == ["Court <opens>"]
    assert [element.text for element in root.iter(f"{space}language")] == ["en"]
    dates = [element.text for element in root.iter(f"{space}publication_date")]
    assert dates == [today.isoformat()]
