"""A story at its addresses, with its parts, and after it was withdrawn."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from build import draft, published
from django.test import Client
from django.utils import timezone
from website.rooms import HOSTILE, Room

from dateline.publishing import verbs
from dateline.stories.models import Story
from dateline.website.views.story import preview

pytestmark = pytest.mark.django_db


def _page(client: Client, path: str, status: int = 200) -> BeautifulSoup:
    response = client.get(path)
    assert response.status_code == status
    return BeautifulSoup(response.content, "html.parser")


# --- addresses ------------------------------------------------------------------------------------
def test_every_old_address_leads_to_todays(room: Room, client: Client) -> None:
    path = room.full.get_absolute_url()
    for old in (f"/en/news/{room.full.number}", f"/en/news/{room.full.number}/old-slug"):
        response = client.get(old)
        assert (response.status_code, response["Location"]) == (301, path)


def test_the_short_address_leads_to_the_readers_language(room: Room, client: Client) -> None:
    short = f"/n/{room.full.number}"
    for accepted, story in (("ar,en;q=0.5", room.arabic), ("pt", room.full), ("", room.full)):
        response = client.get(short, headers={"Accept-Language": accepted})
        assert response["Location"] == story.get_absolute_url()
        assert response["Vary"] == "Accept-Language"


def test_a_story_in_other_languages_only_offers_them(room: Room, client: Client) -> None:
    page = _page(client, f"/en/news/{room.only_french.number}/anything", 404)
    links = [link["href"] for link in page.select("main a[hreflang]")]
    assert links == [room.only_french.get_absolute_url()]


@pytest.mark.parametrize("path", ["/en/news/999/x", "/n/999", "/en/news/0/x", "/xx/news", "/n/007"])
def test_what_was_never_there_is_not_found(room: Room, client: Client, path: str) -> None:
    assert _page(client, path, 404).select_one("form[role=search]")


# --- its parts ------------------------------------------------------------------------------------
def test_a_story_shows_all_its_parts(room: Room, client: Client) -> None:
    page = _page(client, room.full.get_absolute_url())
    assert page.h1.get_text() == "Judges meet"
    assert page.select_one("#published").get_text() == "15 March 2024, 14:30 CET"
    assert "Three countries took part, not two." in page.select_one(".notice").get_text()
    assert "Correction" in page.select_one(".notice b").get_text()
    assert page.select_one(".body h2").get_text() == "What was said"
    assert page.select_one(".body a")["href"] == "/en/news"
    image = page.select_one("figure img")
    assert (image["alt"], image["width"]) == ("Two judges at a table", "640")
    caption = " ".join(page.select_one("figcaption").get_text().split())
    assert caption.startswith("The judges in Astana. Picture: A. Photographer")
    assert "PDF" in page.select_one(".documents li").get_text()
    calls = [link["href"] for link in page.select("address a")]
    assert calls == ["mailto:press@example.org", "tel:+4315550100", "tel:+436645550101"]
    assert f"/n/{room.full.number}" in page.select_one("#cite-apa").get_text()


def test_labels_lead_to_their_listings(room: Room, client: Client) -> None:
    page = _page(client, room.full.get_absolute_url())
    links = [link["href"] for link in page.select(".facts a, .kicker a")]
    for wanted in ("genre=news", "office=astana", "office=georgia", "topic=rule-of-law"):
        assert f"/en/news?{wanted}" in links


def test_translations_name_each_other(room: Room, client: Client) -> None:
    texts = {"en": room.full, "fr": room.french, "ar": room.arabic}
    for language, story in texts.items():
        page = _page(client, story.get_absolute_url())
        alternates = {
            link["hreflang"]: link["href"] for link in page.select("link[rel=alternate][hreflang]")
        }
        assert alternates == {
            tag: f"http://localhost:8000{text.get_absolute_url()}" for tag, text in texts.items()
        }
        assert page.html["lang"] == language
        assert page.html["dir"] == ("rtl" if language == "ar" else "ltr")
    assert "Unofficial translation" in page.select_one(".note").get_text()


def test_related_stories_share_an_office_or_topic(room: Room, client: Client) -> None:
    page = _page(client, room.full.get_absolute_url())
    related = [link["href"] for link in page.select(".related a")]
    assert len(related) == 4
    assert room.full.get_absolute_url() not in related


def test_machines_read_the_same_facts(room: Room, client: Client) -> None:
    page = _page(client, room.full.get_absolute_url())
    facts = json.loads(page.select_one('script[type="application/ld+json"]').string)
    assert (facts["@type"], facts["headline"]) == ("NewsArticle", "Judges meet")
    assert facts["datePublished"] == "2024-03-15T14:30:00+01:00"
    meta = {tag["property"]: tag["content"] for tag in page.select("meta[property]")}
    assert meta["og:title"] == "Judges meet"
    assert meta["og:url"] == facts["url"] == page.select_one("link[rel=canonical]")["href"]


def test_hostile_text_stays_text(room: Room, client: Client) -> None:
    response = client.get(Story.objects.get(headline=HOSTILE).get_absolute_url())
    page = BeautifulSoup(response.content, "html.parser")
    assert "alert" not in "".join(
        script.string or "" for script in page.select("script:not([type='application/ld+json'])")
    )
    assert page.h1.get_text() == HOSTILE
    assert (
        json.loads(page.select_one("script[type='application/ld+json']").string)["headline"]
        == HOSTILE
    )


def test_a_picture_of_another_site_becomes_a_link(room: Room, client: Client) -> None:
    body = '<p>See <img src="https://example.org/a.jpg" alt="a map"></p>'
    page = _page(client, published("Mapped", body=body).get_absolute_url())
    assert not page.select(".body img")
    assert page.select_one('.body a[href="https://example.org/a.jpg"]').get_text() == "a map"


def test_pictures_documents_and_videos_stand_where_the_text_places_them(
    room: Room, client: Client
) -> None:
    story = room.full
    picture, document = story.pictures.get().picture_id, story.documents.get().document_id
    body = (
        f'<p>One</p><figure data-picture="{picture}"></figure><figure data-picture="9999"></figure>'
        f'<p>Two <a data-document="{document}" rel="noopener">the agenda</a> and '
        '<a data-document="9999">another</a></p>'
        '<p><a href="https://www.youtube.com/watch?v=dQw4w9WgXcQ&amp;t=9">A session &amp; more</a>'
        "</p>"
        '<p>Here <a href="https://youtu.be/dQw4w9WgXcQ">in a sentence</a>, it is a link.</p>'
        '<p><a href="https://video.example/123">Elsewhere</a></p>'
        "<p>https://vimeo.com/76979871</p><p>See https://vimeo.com/76979871 again.</p>"
        "<p>https://video.example/123</p>"
    )
    Story.objects.filter(pk=story.pk).update(body=body)
    response = client.get(story.get_absolute_url())
    page = BeautifulSoup(response.content, "html.parser")
    assert [figure["alt"] for figure in page.select("figure img")] == ["Two judges at a table"]
    assert [part.name for part in page.select_one(".body").find_all(recursive=False)] == [
        *("p", "figure", "p", "figure", "p", "p", "figure", "p", "p")
    ]
    agenda = next(link for link in page.select(".body a") if link.get_text() == "the agenda")
    assert client.get(agenda["href"]).status_code == 200
    assert not [link for link in page.select("a") if link.get_text() == "another"]
    assert "another" in page.select_one(".body").get_text()
    button, typed = page.select("[data-play]")
    assert typed["data-title"] == "https://vimeo.com/76979871"
    assert page.select_one('figure a[href="https://vimeo.com/76979871"]')
    assert button["data-title"] == "A session & more"
    assert button["data-play"].startswith("https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ?")
    assert button.parent.has_attr("hidden")
    assert button["data-play"].split("/embed")[0] in response["Content-Security-Policy"]
    assert not page.select("iframe")


def test_a_summary_the_body_repeats_is_printed_once(room: Room, client: Client) -> None:
    story = published("Twice", summary="The court opened.", body="<p>The court opened. Then.</p>")
    assert _page(client, story.get_absolute_url()).get_text().count("The court opened.") == 1


# --- withdrawn ------------------------------------------------------------------------------------
def test_a_retracted_story_shows_its_notice_and_none_of_its_text(
    room: Room, client: Client
) -> None:
    response = client.get(room.retracted.get_absolute_url())
    assert response.status_code == 200
    text = response.content.decode()
    assert "The seminar did not take place." in text
    assert "A seminar." not in text
    assert 'content="noindex"' in text


def test_a_killed_story_is_gone_with_its_notice_alone(room: Room, client: Client) -> None:
    for path in (room.killed.get_absolute_url(), f"/n/{room.killed.number}"):
        response = client.get(path)
        assert response.status_code == 410
        assert "Published by mistake." in response.content.decode()
        assert room.killed.headline not in response.content.decode()


def test_unpublished_and_future_stories_are_not_found(room: Room, client: Client) -> None:
    unpublished = published("Unpublished")
    verbs.unpublish(unpublished)
    ahead = draft("Embargoed", embargoed_until=timezone.now() + timedelta(days=1))
    verbs.publish(ahead)
    for story in (unpublished, Story.objects.get(headline="Embargoed")):
        assert client.get(f"/en/news/{story.number}/x").status_code == 404
        assert client.get(f"/n/{story.number}").status_code == 404


# --- preview -------------------------------------------------------------------------------------
def test_a_preview_is_the_public_page_of_the_draft(room: Room, rf: object) -> None:
    response = preview(room.hidden, rf.get("/desk/preview/"))  # type: ignore[attr-defined]
    text = response.content.decode()
    assert "Not yet public" in text
    assert 'content="noindex"' in text
    assert response["Cache-Control"] == "private, no-store"
    assert "/n/None" not in text
