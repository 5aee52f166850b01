"""The story's form: what it takes in, what it cleans, what it refuses."""

from __future__ import annotations

import json
from datetime import date, time
from typing import Any

import pytest
from bs4 import BeautifulSoup
from build import draft, genre, office, published, topic
from django.test import Client
from webform import filled

from dateline.desk import body
from dateline.desk.terms import TermsField
from dateline.stories.models import Contact, Picture, Story, StoryPicture
from dateline.vocabularies.models import Office

pytestmark = pytest.mark.django_db

FIGURE = '<figure><img src="/a.png" alt="a"></figure>'
TABLE = "<p>Budget</p><table><tbody><tr><td>1</td></tr></tbody></table>"


def edit(story: Story) -> str:
    return f"/desk/stories/edit/{story.pk}/"


def send(desk: Client, story: Story, **values: Any) -> Any:
    return desk.post(edit(story), filled(desk, edit(story), **values), follow=True)


def content(*blocks: tuple[str, list[dict[str, Any]]], entities: Any = None) -> str:
    """A body as the editor sends it."""
    return json.dumps(
        {
            "blocks": [
                {
                    "key": f"k{number}",
                    "text": text,
                    "type": "unstyled",
                    "depth": 0,
                    "inlineStyleRanges": [],
                    "entityRanges": ranges,
                }
                for number, (text, ranges) in enumerate(blocks)
            ],
            "entityMap": entities or {},
        }
    )


def link(data: dict[str, Any]) -> str:
    entity = {"0": {"type": "LINK", "mutability": "MUTABLE", "data": data}}
    return content(("Read this", [{"offset": 0, "length": 4, "key": 0}]), entities=entity)


def table(html: str) -> str:
    entity = {"0": {"type": "TABLE", "mutability": "IMMUTABLE", "data": {"html": html}}}
    sent = json.loads(content((" ", [{"offset": 0, "length": 1, "key": 0}]), entities=entity))
    sent["blocks"][0]["type"] = "atomic"
    return json.dumps(sent)


def test_everything_filed_is_kept(desk: Client) -> None:
    kind, vienna, media = genre("news"), office("vienna"), topic("media")
    contact = Contact.objects.create(name="Spokesperson")
    other = published("Court opened")
    story = draft("Court opens", published=None)
    send(
        desk,
        story,
        genre=kind.pk,
        offices=[vienna.pk],
        topics=[media.pk],
        contacts=[contact.pk],
        related=str(other.number),
        given_date="2024-03-31",
        given_time="14:30",
        body=content(("First paragraph.", [])),
    )
    kept = Story.objects.get(pk=story.pk)
    assert (kept.genre, kept.given_time) == (kind, time(14, 30))
    assert list(kept.offices.all()) == [vienna]
    assert list(kept.topics.all()) == [media]
    assert list(kept.contacts.all()) == [contact]
    assert list(kept.related.all()) == [other]
    assert kept.body == "<p>First paragraph.</p>"
    # Saving what the form shows changes nothing.
    send(desk, kept)
    again = Story.objects.get(pk=story.pk)
    assert list(again.related.all()) == [other]
    assert list(again.offices.all()) == [vienna]
    assert again.body == kept.body


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "data:text/html,x", "vbscript:x", " java\nscript:alert(1)"]
)
def test_a_dangerous_link_loses_its_address(desk: Client, address: str) -> None:
    story = draft("Court opens")
    send(desk, story, body=link({"url": address}))
    kept = Story.objects.get(pk=story.pk).body
    assert "Read this" in kept.replace('<a rel="noopener noreferrer">Read</a>', "Read")
    assert "href" not in kept


@pytest.mark.parametrize("address", ["https://example.org/a?b=1&c=2", "mailto:press@example.org"])
def test_a_link_is_kept(desk: Client, address: str) -> None:
    story = draft("Court opens")
    send(desk, story, body=link({"url": address}))
    escaped = address.replace("&", "&amp;")
    assert f'href="{escaped}"' in Story.objects.get(pk=story.pk).body


def test_a_link_to_a_page_of_wagtail_does_not_get_in(desk: Client) -> None:
    story = draft("Court opens")
    send(desk, story, body=link({"id": 2, "url": "/", "parentId": 1}))
    assert "linktype" not in Story.objects.get(pk=story.pk).body


@pytest.mark.parametrize(
    "html",
    [
        "",
        "<p>One</p><p>Two <b>bold</b> and <i>italic</i></p>",
        "<h2>Head</h2><ul><li>one</li><li>two</li></ul><hr>",
        '<p>See <a href="https://example.org/" rel="noopener noreferrer">this</a>.</p>',
        "<p>One<br>two</p><p>He &lt;said&gt; &amp; left</p>",
        "<p>It is <strong>so</strong>, <em>indeed</em>.</p>",
        "<p>عربي</p>",
        "<h4>Deep</h4><p>H<sub>2</sub>O, 12 m<sup>2</sup></p>",
        TABLE,
        '<p>a</p><table><caption>C &amp; D</caption><thead><tr><th scope="col">A</th></tr></thead>'
        '<tbody><tr><td lang="fr"><b>b</b> "c"</td></tr></tbody></table><p>d</p>',
        "<p>Paused after a blank </p><ul><li>one </li><li> two <b>three </b></li></ul>",
        '<p>a <a data-document="7">b</a></p><figure data-picture="12"></figure><p>c</p>',
    ],
)
def test_what_the_editor_gives_back_as_it_got_it(html: str) -> None:
    assert body.survives(html)


@pytest.mark.parametrize(
    "html",
    [
        f"<ul><li>One{TABLE}</li></ul>",
        f"<table><tbody><tr><td>{TABLE}</td></tr></tbody></table>",
        FIGURE,
        "<blockquote><p>One</p><p>Two</p></blockquote>",
        "<p><b>never closed",
        "<li>no list</li>",
    ],
)
def test_what_the_editor_would_change(html: str) -> None:
    assert not body.survives(html)


def test_a_body_the_editor_would_change_is_edited_as_html_and_kept(desk: Client) -> None:
    story = draft("Court opens", body=FIGURE)
    assert b"edited as HTML" in desk.get(edit(story)).content
    send(desk, story)
    assert Story.objects.get(pk=story.pk).body == FIGURE


def test_tables_and_places_go_through_the_editor(desk: Client) -> None:
    body = f'<p>One</p>{TABLE}<p>Two <a data-document="7" rel="noopener noreferrer">three</a></p>'
    story = draft("Court opens", body=body + '<figure data-picture="12"></figure>')
    assert b"edited as HTML" not in desk.get(edit(story)).content
    send(desk, story)
    assert Story.objects.get(pk=story.pk).body == story.body


def test_what_the_editor_sends_is_taken_as_that_whatever_was_saved_meanwhile(desk: Client) -> None:
    story = draft("Court opens", body="<p>One</p>")
    typed = filled(desk, edit(story), body=content(("One and two", [])))
    Story.objects.filter(pk=story.pk).update(body=FIGURE)
    desk.post(edit(story), typed)
    assert Story.objects.get(pk=story.pk).body == "<p>One and two</p>"
    html = filled(desk, edit(story))
    Story.objects.filter(pk=story.pk).update(body=FIGURE)
    desk.post(edit(story), {**html, "body": "<p>As HTML</p>"})
    assert Story.objects.get(pk=story.pk).body == "<p>As HTML</p>"


def test_what_poses_as_a_table_is_cleaned(desk: Client) -> None:
    story = draft("Court opens")
    evil = "<table onclick='x()'><tr><td><script>alert(1)</script>1</td></tr></table>"
    send(desk, story, body=table(evil))
    kept = Story.objects.get(pk=story.pk).body
    assert kept == "<table><tbody><tr><td>1</td></tr></tbody></table>"


def test_a_broken_line_survives_the_editor(desk: Client) -> None:
    story = draft("Court opens", body="<p>One<br>two</p><hr><p>Three</p>")
    send(desk, story)
    assert Story.objects.get(pk=story.pk).body == story.body


def test_html_typed_at_the_desk_is_cleaned(desk: Client) -> None:
    story = draft("Court opens", body=FIGURE)
    send(desk, story, body=FIGURE + "<script>alert(1)</script><p onclick='x()'>Text</p>")
    assert Story.objects.get(pk=story.pk).body == FIGURE + "<p>Text</p>"


def test_what_is_missing_is_said_beside_the_form_before_it_goes_out(desk: Client) -> None:
    def said(address: str) -> list[str]:
        page = BeautifulSoup(desk.get(address).content, "html.parser")
        [panel] = page.select('[data-side-panel="findings"]')
        return [line.get_text() for line in panel.select("li")]

    story = draft("Court opens", body='<p><a href="/en/news/99/x">here</a></p>')
    assert "The text links to story 99, which no reader can open." in said(edit(story))
    send(desk, story, body=content(("Nothing to follow.", [])))
    assert "There is no press contact." in said(edit(story))
    assert not any("99" in line for line in said(edit(story)))
    assert said("/desk/stories/add/") == []


@pytest.mark.parametrize("typed", ["99", "first", "1, -2", "9" * 30])
def test_an_unknown_related_story_is_named(desk: Client, typed: str) -> None:
    story = draft("Court opens")
    response = send(desk, story, related=typed)
    assert "story" in response.content.decode()
    assert not Story.objects.get(pk=story.pk).related.exists()
    assert b'aria-invalid="true"' in response.content or b"error" in response.content


def test_related_stories_are_those_in_the_storys_language(desk: Client) -> None:
    english = published("Court opened")
    french = english.copy_for_translation(draft("x", language="fr").locale)
    french.headline = "La cour est ouverte"
    french.save()
    from dateline.publishing import verbs

    verbs.publish(french)
    story = draft("La cour", language="fr")
    send(desk, story, related=str(english.number))
    assert [other.pk for other in Story.objects.get(pk=story.pk).related.all()] == [french.pk]


def test_a_time_needs_its_date(desk: Client) -> None:
    story = draft("Court opens", published=None)
    response = send(desk, story, given_time="14:30")
    assert b"needs its date" in response.content


def test_the_newsrooms_time_zone_is_named(desk: Client) -> None:
    assert desk.get(edit(draft())).content.decode().count("Europe/Vienna") >= 2


def test_number_and_address_are_shown_and_not_asked_for(desk: Client) -> None:
    story = published("Court opens")
    data = filled(desk, edit(story))
    assert not {"number", "slug", "state", "published_on"} & data.keys()
    send(desk, story, number="77", state="draft", slug="other", **{"action-publish": "1"})
    kept = Story.objects.get(pk=story.pk)
    assert (kept.number, kept.state, kept.slug) == (story.number, "published", "court-opens")


def test_a_draft_outlives_the_genre_and_picture_it_names(desk: Client, picture: Picture) -> None:
    kind = genre("news")
    story = published("Court opens")
    changed = Story.objects.get(pk=story.pk)
    changed.genre = kind
    changed.pictures.add(StoryPicture(picture=picture))
    changed.save_revision()
    kind.delete()
    picture.delete()
    assert desk.get(edit(story)).status_code == 200


def test_the_preview_of_a_story_not_yet_saved(desk: Client) -> None:
    add = "/desk/stories/add/?locale=ar"
    page = desk.get(add).content.decode()
    assert "/desk/stories/preview/?locale=ar" in page
    address = "/desk/stories/preview/?locale=ar"
    answer = desk.post(address, filled(desk, add, headline="افتتاح"))
    assert answer.json() == {"is_valid": True, "is_available": True}
    shown = desk.get(address)
    assert shown.status_code == 200
    assert "افتتاح" in shown.content.decode()
    assert 'dir="rtl"' in shown.content.decode()


def test_the_preview_of_a_draft_is_the_public_page(desk: Client) -> None:
    story = published("Court opens")
    address = f"/desk/stories/preview/{story.pk}/"
    desk.post(address, filled(desk, edit(story), headline="Court opens doors"))
    shown = desk.get(address)
    assert "Court opens doors" in shown.content.decode()
    assert "'unsafe-inline'" not in shown.headers["Content-Security-Policy"]
    assert Story.objects.get(pk=story.pk).headline == "Court opens"


def test_a_draft_may_be_saved_before_it_is_complete(desk: Client) -> None:
    story = draft("Court opens")
    send(desk, story, headline="")
    assert Story.objects.get(pk=story.pk).headline == ""
    response = desk.post(edit(story), filled(desk, edit(story), **{"action-publish": "1"}))
    assert response.status_code == 200
    assert Story.objects.get(pk=story.pk).state == "draft"


def test_the_dateline_is_offered_composed(desk: Client) -> None:
    vienna = office("vienna", "Vienna", place="Vienna, Austria")
    nowhere = office("nowhere", "Nowhere")
    story = draft("Die Wahl", "de", published=date(2022, 7, 18), offices=(vienna, nowhere))
    page = BeautifulSoup(desk.get(f"/desk/stories/edit/{story.pk}/").content, "html.parser")
    box = page.select_one("input[name=dateline]")
    assert box is not None
    offered = page.select(f"datalist#{box['list']} option")
    assert [option["value"] for option in offered] == ["VIENNA, 18. Juli 2022"]


def test_a_box_stands_below_the_office_it_is_part_of_if_that_is_offered() -> None:
    top = office("top", "Top")
    middle = office("middle", "Middle", parent=top)
    low = office("low", "Low", parent=middle)

    def boxes(offered: set[int]) -> list[tuple[str, str]]:
        field = TermsField(Office)
        field.limit_to(frozenset(offered))
        page = BeautifulSoup(field.widget.render("offices", None), "html.parser")
        return [(name.get_text(), str(name["data-depth"])) for name in page.select("label span")]

    whole = {top.pk, middle.pk, low.pk}
    assert boxes(whole) == [("Top", "0"), ("Middle", "1"), ("Low", "2")]
    assert boxes({top.pk, low.pk}) == [("Top", "0"), ("Low", "1")]
