"""Every listing as a feed: read by a feed reader and a schema that know nothing of Dateline."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import feedparser
import jsonschema
import pytest
from build import draft, genre, indexed, office, published, topic
from defusedxml import ElementTree
from django.core.files.base import ContentFile
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.utils import timezone
from PIL import Image
from wagtail.documents.models import Document

from dateline.archive import endings, freshness, search
from dateline.archive.query import Query
from dateline.publishing import verbs
from dateline.publishing.models import Change, Datestamp, Version
from dateline.stories.models import Picture, Story, StoryDocument, StoryPicture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("archive_file")]
ORIGIN = "https://news.example.org"
TOMBSTONES = "http://purl.org/atompub/tombstones/1.0"
HISTORY = "http://purl.org/syndication/history/1.0"
EACH = pytest.mark.parametrize("suffix", ["atom", "rss", "json"])


@pytest.fixture(autouse=True)
def _origin(settings: Any) -> None:
    settings.ORIGIN = ORIGIN


def _get(query: Query, suffix: str, **headers: str) -> HttpResponse:
    ending = endings.get(suffix)
    assert ending
    request = RequestFactory().get(query.path(suffix), headers=headers)
    answer = ending.respond(request, query)
    assert isinstance(answer, HttpResponse)
    return answer


def _atom(query: Query, suffix: str = "atom") -> Any:
    parsed = feedparser.parse(_get(query, suffix).content)
    assert not parsed.bozo, parsed.get("bozo_exception")
    return parsed


def _json(query: Query) -> Any:
    return json.loads(_get(query, "json").content)


def _ids(query: Query, suffix: str) -> list[str]:
    if suffix != "json":
        return [entry.id for entry in _atom(query, suffix).entries]
    return [item["id"] for item in _json(query)["items"]]


@pytest.fixture
def story(archive_file: Path) -> Story:
    made = published(
        "Court <opens> & sits",
        published=date(2024, 7, 1),
        summary="A lead, “quoted”",
        body="<p>The <strong>body</strong></p>",
        byline="A. Writer",
        offices=(office("vienna", "Vienna"),),
        topics=(topic("law", "Rule of law"), topic("courts", "Courts")),
        genre=genre("news", "News"),
    )
    Story.objects.filter(pk=made.pk).update(source_url="https://old.example.org/1")
    indexed()
    return made


def test_atom_tells_all_a_reader_needs(story: Story) -> None:
    feed = _atom(Query("en"))
    (entry,) = feed.entries
    assert feed.version == "atom10"
    assert (feed.feed.title, feed.feed.language) == (
        "News and press releases – Test newsroom",
        "en",
    )
    assert entry.title == "Court <opens> & sits"
    assert entry.id == f"{ORIGIN}/n/{story.number}#en"
    assert entry.link == f"{ORIGIN}/en/news/{story.number}/{story.slug}"
    assert entry.published == "2024-07-01T00:00:00+02:00"
    assert entry.summary == "A lead, “quoted”"
    assert entry.content[0].value == "<p>The <strong>body</strong></p>"
    assert entry.author == "A. Writer"
    assert [tag.label for tag in entry.tags] == ["News", "Vienna", "Courts", "Rule of law"]
    assert {link.rel: link.href for link in entry.links}["via"] == "https://old.example.org/1"


def test_json_feed_tells_all_a_reader_needs(story: Story, real_data: Path) -> None:
    feed = _json(Query("en"))
    schema = json.loads((real_data / "schemas/jsonfeed-1.1.schema.json").read_text("utf-8"))
    jsonschema.validate(feed, schema)
    (item,) = feed["items"]
    assert feed["title"] == "News and press releases – Test newsroom"
    assert (feed["home_page_url"], feed["feed_url"]) == (
        f"{ORIGIN}/en/news",
        f"{ORIGIN}/en/news.json",
    )
    assert item["id"] == f"{ORIGIN}/n/{story.number}#en"
    assert item["url"] == f"{ORIGIN}/en/news/{story.number}/{story.slug}"
    assert item["title"] == "Court <opens> & sits"
    assert item["content_html"] == "<p>The <strong>body</strong></p>"
    assert item["date_published"] == "2024-07-01T00:00:00+02:00"
    assert item["tags"] == ["News", "Vienna", "Courts", "Rule of law"]
    assert item["external_url"] == "https://old.example.org/1"


def test_addresses_in_a_body_are_absolute_and_the_desks_links_are_written_out() -> None:
    made = published("Linked", body='<p><a href="/en/news">list</a> <a href="#note">note</a></p>')
    other = published("Other", body=f'<p><a linktype="page" id="{made.pk}">gone</a></p>')
    indexed()
    by_id = {item["id"]: item["content_html"] for item in _json(Query("en"))["items"]}
    body = by_id[f"{ORIGIN}/n/{made.number}#en"]
    assert f'href="{ORIGIN}/en/news"' in body
    assert f'href="{ORIGIN}{made.get_absolute_url()}#note"' in body
    assert "linktype" not in by_id[f"{ORIGIN}/n/{other.number}#en"]


def test_a_picture_is_at_an_address_that_shows_it(
    client: Client, tmp_path: Path, settings: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    file = io.BytesIO()
    Image.new("RGB", (1200, 800), "navy").save(file, "PNG")
    made = draft("Illustrated")
    picture = Picture.objects.create(title="A", file=ContentFile(file.getvalue(), name="a.png"))
    made.pictures.add(StoryPicture(picture=picture, alternative_text="A & B"))
    made.body = f'<p>One</p><figure data-picture="{picture.pk}"></figure><p>Two</p>'
    made.save()
    verbs.publish(made)
    indexed()
    item = _json(Query("en"))["items"][0]
    address = item["image"]
    figure = f'<figure data-picture="{picture.pk}"><img src="{address}" alt="A &amp; B"></figure>'
    assert item["content_html"] == f"<p>One</p>{figure}<p>Two</p>"
    answer = client.get(address.removeprefix(ORIGIN))
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/webp")


@pytest.mark.usefixtures("story")
def test_content_types_are_the_formats_own() -> None:
    assert _get(Query("en"), "atom")["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert _get(Query("en"), "json")["Content-Type"] == "application/feed+json; charset=utf-8"


@EACH
@pytest.mark.usefixtures("story")
def test_a_feed_is_titled_with_what_was_asked(suffix: str) -> None:
    query = Query("en", selections=(("topic", ("law",)),), keywords="court")
    title = _json(query)["title"] if suffix == "json" else _atom(query, suffix).feed.title
    assert title == "News and press releases about Rule of law with “court” – Test newsroom"


@EACH
def test_an_empty_feed_is_a_valid_feed_and_stays_the_same(suffix: str, real_data: Path) -> None:
    query = Query("en", selections=(("topic", ("nothing",)),))
    assert _ids(query, suffix) == []
    assert _get(query, suffix).content == _get(query, suffix).content
    schema = json.loads((real_data / "schemas/jsonfeed-1.1.schema.json").read_text("utf-8"))
    jsonschema.validate(_json(query), schema)


@EACH
def test_newest_first_also_for_words_unless_the_address_says_otherwise(suffix: str) -> None:
    published("Court, court, court", published=date(2020, 1, 1))
    new = published("Another day", summary="in court", published=date(2024, 1, 1))
    indexed()
    by_words = Query("en", keywords="court", sort="relevance")
    assert search.search(by_words).stories[0].id != new.pk
    assert _ids(by_words, suffix)[0] == f"{ORIGIN}/n/{new.number}#en"
    assert _ids(replace(by_words, sort="oldest"), suffix)[-1] == f"{ORIGIN}/n/{new.number}#en"


@EACH
def test_following_the_next_page_reads_everything_once(suffix: str) -> None:
    for number in range(23):
        published(f"Story {number}", published=date(2024, 1, 1 + number))
    indexed()
    query, seen = Query("en", size=10), []
    for _ in range(3):
        seen.append(_ids(query, suffix))
        following = query.on_page(query.page + 1)
        assert _next(query, suffix) in {f"{ORIGIN}{following.path(suffix)}", ""}
        query = following
    assert [len(ids) for ids in seen] == [10, 10, 3]
    assert len({pk for ids in seen for pk in ids}) == 23
    assert _next(query.on_page(3), suffix) == ""


def _next(query: Query, suffix: str) -> str:
    if suffix == "json":
        return str(_json(query).get("next_url", ""))
    links = {link.rel: link.href for link in _atom(query, suffix).feed.links}
    return str(links.get("next", ""))


@EACH
def test_one_release_in_two_languages_is_two_entries(suffix: str) -> None:
    english = published("Court opens")
    french = english.copy_for_translation(_locale("fr"))
    french.headline, french.live = "La cour ouvre", False
    french.save()
    verbs.publish(french)
    indexed()
    both = Query("en", selections=(("language", ("en", "fr")),))
    number = english.number
    assert sorted(_ids(both, suffix)) == [f"{ORIGIN}/n/{number}#en", f"{ORIGIN}/n/{number}#fr"]


def _locale(language: str) -> Any:
    from wagtail.models import Locale

    return Locale.objects.get_or_create(language_code=language)[0]


@EACH
def test_an_entrys_id_outlives_its_headline_and_date(suffix: str, story: Story) -> None:
    before = _ids(Query("en"), suffix)
    story.headline, story.given_date = "Court closes", date(2024, 8, 1)
    verbs.publish(story)
    indexed()
    assert _ids(Query("en"), suffix) == before
    assert Story.objects.get(pk=story.pk).slug == "court-closes"


@EACH
def test_what_is_withdrawn_leaves_the_feed_before_the_index_is_told(
    suffix: str, story: Story
) -> None:
    verbs.kill(story, "Must not be used")
    assert _ids(Query("en"), suffix) == []


# --- whether anything is new ------------------------------------------------------------------
def _settle() -> None:
    """Let the last change lie far enough back for a clock of whole seconds."""
    for kept in (Change, Datestamp):
        kept.objects.update(at=timezone.now() - timedelta(minutes=1))


@EACH
def test_a_reader_that_has_the_feed_is_told_so(suffix: str, story: Story) -> None:
    _settle()
    first = _get(Query("en"), suffix)
    assert first["Cache-Control"] == "public, no-cache"
    by_tag = _get(Query("en"), suffix, if_none_match=first["ETag"])
    by_date = _get(Query("en"), suffix, if_modified_since=first["Last-Modified"])
    assert (by_tag.status_code, by_tag.content) == (304, b"")
    assert (by_date.status_code, by_date["ETag"]) == (304, first["ETag"])

    story.summary = "Another lead"
    verbs.publish(story)
    indexed()
    assert _get(Query("en"), suffix, if_none_match=first["ETag"]).status_code == 200
    assert _get(Query("en"), suffix, if_modified_since=first["Last-Modified"]).status_code == 200


@EACH
@pytest.mark.usefixtures("story")
def test_a_change_elsewhere_leaves_the_tag_as_it_is(suffix: str) -> None:
    query = Query("en", selections=(("topic", ("law",)),))
    tag = _get(query, suffix)["ETag"]
    published("Another story")
    indexed()
    assert _get(query, suffix)["ETag"] == tag


@pytest.mark.usefixtures("story")
def test_a_date_too_fresh_to_tell_two_changes_apart_is_not_given() -> None:
    assert "Last-Modified" not in _get(Query("en"), "atom")


@pytest.mark.usefixtures("story")
def test_the_date_is_that_of_the_last_public_change_once_it_is_shown() -> None:
    for kept in (Change, Datestamp):
        kept.objects.update(at=datetime(2024, 7, 1, 12, tzinfo=UTC))
    tag = freshness.tag()
    hidden = draft("Embargoed")
    hidden.embargoed_until = timezone.now() + timedelta(hours=1)
    verbs.publish(hidden)
    assert freshness.tag() == tag
    indexed()
    assert freshness.tag() == tag
    answer = _get(Query("en"), "atom")
    assert answer["Last-Modified"] == "Mon, 01 Jul 2024 12:00:00 GMT"
    published("Not yet indexed")
    assert "Last-Modified" not in _get(Query("en"), "atom")


# --- archives, withdrawals, corrections -------------------------------------------------------
def _links(parsed: Any) -> dict[str, str]:
    return {link.rel: link.href.removeprefix(ORIGIN) for link in parsed.feed.links}


def _followed(client: Client, address: str) -> Iterator[Any]:
    """The feed at an address and every archive document before it, by their links alone."""
    while address:
        parsed = feedparser.parse(client.get(address).content)
        assert not parsed.bozo, parsed.get("bozo_exception")
        yield parsed
        address = _links(parsed).get("prev-archive", "")


@pytest.mark.parametrize("suffix", ["atom", "rss"])
def test_the_archives_of_a_feed_hold_every_story_and_stay_as_they_are(
    suffix: str, client: Client
) -> None:
    for day in range(1, 24):
        published(f"Story {day}", published=date(2024, 1, day))
    indexed()
    current, *archives = _followed(client, f"/en/news.{suffix}?size=10")
    assert HISTORY not in client.get(f"/en/news.{suffix}?size=10").content.decode()
    assert HISTORY in client.get(_links(archives[0])["self"]).content.decode()
    assert {_links(document)["current"] for document in archives} == {f"/en/news.{suffix}?size=10"}
    ids = {entry.id for document in (current, *archives) for entry in document.entries}
    assert len(ids) == 23
    before = [client.get(_links(document)["self"]).content for document in archives]

    published("Newer", published=date(2024, 2, 1))
    indexed()
    after = [client.get(_links(document)["self"]).content for document in archives]
    assert after == before


def test_readers_are_told_of_what_was_killed_or_retracted_and_of_nothing_else(
    story: Story,
) -> None:
    retracted, gone, draft_ = published("Retracted"), published("Unpublished"), draft("Draft")
    old = published("Old")
    verbs.kill(old, "Long ago")
    Version.objects.filter(story=old).update(at=timezone.now() - timedelta(days=40))
    verbs.kill(story, "Names a <minor>")
    verbs.retract(retracted, "It was not so")
    verbs.unpublish(gone)
    draft_.delete()
    indexed()
    told = {
        (element.get("ref"), element.findtext(f"{{{TOMBSTONES}}}comment"))
        for element in ElementTree.fromstring(_get(Query("en"), "atom").content).iter(
            f"{{{TOMBSTONES}}}deleted-entry"
        )
    }
    assert told == {
        (f"{ORIGIN}/n/{story.number}#en", "Names a <minor>"),
        (f"{ORIGIN}/n/{retracted.number}#en", "It was not so"),
    }
    in_json = {(one["id"], one["reason"]) for one in _json(Query("en"))["_withdrawn"]}
    assert in_json == told
    assert "_withdrawn" not in _json(Query("fr"))


def test_an_organisation_may_keep_whole_texts_to_its_pages(story: Story, settings: Any) -> None:
    settings.NEWSROOM = replace(settings.NEWSROOM, feed_text="summary")
    (entry,) = _atom(Query("en")).entries
    assert (entry.summary, "content" in entry) == ("A lead, “quoted”", False)
    assert "body" not in _get(Query("en"), "rss").content.decode()


@EACH
def test_documents_and_pictures_go_along(suffix: str, client: Client, story: Story) -> None:
    document = Document.objects.create(title="Report", file=ContentFile(b"%PDF-1.4", "r.pdf"))
    document.get_file_size()  # as the desk's form does
    story.documents.add(StoryDocument(document=document, title="The report"))
    verbs.publish(story)
    indexed()
    if suffix == "json":
        (attached,) = _json(Query("en"))["items"][0]["attachments"]
        address = attached["url"]
        assert (attached["mime_type"], attached["size_in_bytes"]) == ("application/pdf", 8)
    else:
        (link,) = _atom(Query("en"), suffix).entries[0].enclosures
        address = link.href
        assert (link.type, link.length) == ("application/pdf", "8")
    answer = client.get(address.removeprefix(ORIGIN))
    assert b"".join(answer.streaming_content) == b"%PDF-1.4"  # type: ignore[attr-defined]


@EACH
def test_a_story_has_a_feed_of_its_corrections(suffix: str, client: Client, story: Story) -> None:
    address = f"/en/news/{story.number}/corrections.{suffix}"
    assert _own_ids(client, address) == []
    verbs.correct(story, "The court sat on Monday")
    verbs.publish(story)
    first, second = _own_ids(client, address)
    assert (first, second) == (
        f"{ORIGIN}/n/{story.number}#en-v3",
        f"{ORIGIN}/n/{story.number}#en-v2",
    )
    assert "The court sat on Monday" in client.get(address).content.decode()
    verbs.kill(story, "Must not be used")
    answer = client.get(address)
    assert (answer.status_code, answer.content) == (410, b"Must not be used\n")


def _own_ids(client: Client, address: str) -> list[str]:
    answer = client.get(address)
    assert answer.status_code == 200
    if address.endswith("json"):
        return [item["id"] for item in answer.json()["items"]]
    return [entry.id for entry in feedparser.parse(answer.content).entries]


def test_what_was_never_public_has_no_feed(client: Client) -> None:
    hidden = draft("Hidden")
    hidden.number = 9
    hidden.save()
    assert client.get("/en/news/9/corrections.atom").status_code == 404
    assert client.get("/en/news/10/corrections.atom").status_code == 404


@EACH
def test_a_feed_names_the_hub_it_is_pushed_through(suffix: str, settings: Any) -> None:
    settings.WEBSUB_HUB = "https://hub.example.org/"
    answer = _get(Query("en"), suffix)
    assert answer["Link"] == (
        f'<https://hub.example.org/>; rel="hub", <{ORIGIN}/en/news.{suffix}>; rel="self"'
    )
    assert "https://hub.example.org/" in answer.content.decode()
