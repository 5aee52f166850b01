"""One story: its text, its past, its translations, and what is said when it is withdrawn."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from api.reader import Api
from build import draft, genre, indexed, office, published, topic
from django.core.files.base import ContentFile
from django.utils import timezone
from PIL import Image
from wagtail.documents.models import Document

from dateline.api import fields
from dateline.publishing import verbs
from dateline.stories.models import Picture, Story, StoryDocument, StoryPicture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("archive_file")]
SITE = "http://localhost:8000"


@pytest.fixture
def illustrated(archive_file: Path, tmp_path: Path, settings: Any) -> Story:
    settings.MEDIA_ROOT = tmp_path / "media"
    content = io.BytesIO()
    Image.new("RGB", (600, 400), "navy").save(content, "PNG")
    story = draft(
        "Court opens",
        published=datetime(2024, 7, 1, 10, 30),  # noqa: DTZ001 - the desk's clock has no zone
        summary="Lead",
        body='<p>Text <a href="/en/about">about</a></p>',
        offices=(office("vienna", "Vienna"),),
        topics=(topic("law", "Rule of law"),),
        genre=genre("news", "News"),
    )
    picture = Picture.objects.create(
        title="x", description="A court", credit="A. Photographer", licence="CC BY 4.0",
        file=ContentFile(content.getvalue(), "court.png"),
    )  # fmt: skip
    file = ContentFile(b"text", "ruling one.txt")
    document = Document.objects.create(title="Ruling", file=file, file_size=4)
    story.pictures.add(StoryPicture(picture=picture, caption="The court"))
    story.documents.add(StoryDocument(document=document))
    story.save()
    verbs.publish(story)
    return Story.objects.get()


def _again(story: Story, headline: str, **fields: Any) -> Story:
    current = Story.objects.get(pk=story.pk)
    for name, value in {"headline": headline, **fields}.items():
        setattr(current, name, value)
    return verbs.publish(current)


# --- its text -----------------------------------------------------------------------------------
def test_a_story_has_everything_at_absolute_addresses(illustrated: Story, api: Api) -> None:
    said = api.get("/en/stories/1")
    assert said["id"] == f"{SITE}/n/1#en"
    assert said["url"] == f"{SITE}{illustrated.get_absolute_url()}"
    assert said["published"] == "2024-07-01T10:30:00+02:00"
    assert said["body"] == (
        f'<p>Text <a href="{SITE}/en/about" rel="noopener noreferrer">about</a></p>'
    )
    (picture,) = said["pictures"]
    assert picture["alt"] == "A court"
    assert (picture["caption"], picture["credit"]) == ("The court", "A. Photographer")
    (document,) = said["documents"]
    assert (document["title"], document["size"]) == ("Ruling", 4)
    assert said["genre"] == {
        "slug": "news", "label": "News", "id": f"{SITE}/api/v1/vocabularies/genres/news",
    }  # fmt: skip


def test_every_address_of_a_story_answers(illustrated: Story, api: Api) -> None:
    said = api.get("/en/stories/1")
    files = [said["pictures"][0]["url"], said["documents"][0]["url"], said["url"]]
    for address in files:
        assert api.client.get(address.removeprefix(SITE)).status_code == 200, address
    terms = [said["genre"], *said["offices"], *said["topics"]]
    for address in (said["self"], *said["links"].values(), *(term["id"] for term in terms)):
        assert api.get(address), address


def test_a_story_is_in_the_list_what_it_is_alone(illustrated: Story, api: Api) -> None:
    indexed()
    (listed,) = api.get(f"/en/stories?fields={','.join(fields.EVERY)}")["stories"]
    alone = api.get("/en/stories/1")
    alone.pop("links")
    assert listed == alone


def test_fields_of_one_story(illustrated: Story, api: Api) -> None:
    said = api.get("/en/stories/1?fields=headline,pictures")
    assert set(said) == {*fields.ALWAYS, "headline", "pictures", "links"}
    api.problem("/en/stories/1?fields=colour", 400)
    api.problem("/en/stories/1?colour=red", 400)


# --- its past -----------------------------------------------------------------------------------
def test_versions_are_what_readers_saw(api: Api) -> None:
    vienna = office("vienna", "Vienna")
    story = published("First", summary="Lead", offices=(vienna,), body="<p>One</p>")
    _again(story, "Second", body="<p>Two</p>")
    verbs.correct(_again(story, "Third"), "The number was wrong.")
    said = api.get("/en/stories/1/versions")["versions"]
    assert [one["version"] for one in said] == [1, 2, 3, 4]
    assert [one["headline"] for one in said] == ["First", "Second", "Third", "Third"]
    assert [one["body"] for one in said[:2]] == ["<p>One</p>", "<p>Two</p>"]
    assert said[3]["kind"] == "correction"
    assert said[3]["note"] == "The number was wrong."
    assert said[0]["offices"][0]["label"] == "Vienna"
    (told,) = api.get("/en/stories/1/corrections")["corrections"]
    assert (told["version"], told["note"]) == (4, "The number was wrong.")


def test_a_draft_is_no_version(api: Api) -> None:
    story = published("Public")
    story.headline = "Secret"
    story.save_revision()
    assert "Secret" not in api.ask("GET", "/en/stories/1/versions").content.decode()


def test_a_term_deleted_since_is_left_out_of_a_version(api: Api) -> None:
    story = published("First", topics=(topic("law"), topic("media")))
    verbs.publish(story)
    story.topics.all()[0].delete()
    for version in api.get("/en/stories/1/versions")["versions"]:
        assert [term["slug"] for term in version["topics"]] == ["media"]


@pytest.mark.parametrize("withdraw", [verbs.unpublish, lambda story: verbs.retract(story, "Bad.")])
def test_what_was_withdrawn_is_not_in_the_versions(
    api: Api, withdraw: Callable[[Story], Any]
) -> None:
    story = published("A mistake")
    withdraw(story)
    _again(story, "On purpose")
    said = api.get("/en/stories/1/versions")["versions"]
    assert [one["headline"] for one in said] == ["On purpose"]


def test_a_text_under_embargo_is_in_no_version(api: Api) -> None:
    story = published("Secret", embargoed_until=timezone.now() + timedelta(days=1))
    api.problem("/en/stories/1/versions", 404)
    _again(story, "Open", embargoed_until=None)
    said = api.ask("GET", "/en/stories/1/versions").content.decode()
    assert "Secret" not in said


# --- in other languages -------------------------------------------------------------------------
def test_translations_are_the_public_texts_of_a_number(api: Api) -> None:
    story = published("Court opens")
    for language, publish in (("fr", True), ("ru", False)):
        text = draft(f"Court {language}", language=language)
        Story.objects.filter(pk=text.pk).update(translation_key=story.translation_key)
        if publish:
            verbs.publish(Story.objects.get(pk=text.pk))
    said = api.get("/stories/1")
    assert [(text["language"], text["headline"]) for text in said["texts"]] == [
        ("en", "Court opens"),
        ("fr", "Court fr"),
    ]
    assert api.problem("/ru/stories/1", 404)["languages"] == ["en", "fr"]


# --- withdrawn ----------------------------------------------------------------------------------
PARTS = ("", "/versions", "/corrections")


@pytest.mark.parametrize("path", ["/en/stories/1", "/fr/stories/1", "/stories/1"])
def test_a_killed_story_is_gone_with_its_notice(api: Api, path: str) -> None:
    verbs.kill(published("Secret words", summary="Secret"), "A court forbade it.")
    for part in PARTS if path.startswith("/en") else ("",):
        said = api.problem(f"{path}{part}", 410)
        assert said["notice"] == "A court forbade it."
        assert (said["number"], said["language"]) == (1, "en")
        assert "ecret" not in str(said)


def test_one_language_killed_leaves_the_others(api: Api) -> None:
    story = published("Court opens")
    text = draft("Tribunal", language="fr")
    Story.objects.filter(pk=text.pk).update(translation_key=story.translation_key)
    verbs.publish(Story.objects.get(pk=text.pk))
    verbs.kill(story, "Only this text.")
    api.problem("/en/stories/1", 410)
    assert api.problem("/ru/stories/1", 404)["languages"] == ["fr"]
    assert [one["language"] for one in api.get("/stories/1")["texts"]] == ["fr"]


def test_a_retracted_story_shows_its_notice_and_nothing_of_its_text(api: Api) -> None:
    story = published("Court opens", summary="Secret", body="<p>Secret</p>", byline="Secret")
    _again(story, "Court opens")
    verbs.retract(story, "It was invented.")
    for part in PARTS:
        answer = api.ask("GET", f"/en/stories/1{part}")
        assert answer.json()["retraction"]["notice"] == "It was invented."
        assert answer.json()["state"] == "retracted"
        assert "Secret" not in answer.content.decode()
    assert api.get("/en/stories/1/versions")["versions"] == []


@pytest.mark.parametrize(
    "hide",
    [
        verbs.unpublish,
        verbs.delete,
        lambda story: Story.objects.update(expire_at=datetime(2020, 1, 1, tzinfo=UTC)),
        lambda story: Story.objects.update(visible_from=datetime(2190, 1, 1, tzinfo=UTC)),
    ],
)
def test_what_is_not_public_is_not_there(api: Api, hide: Callable[[Story], Any]) -> None:
    hide(published("Secret", published=date(2024, 1, 1)))
    for path in (*(f"/en/stories/1{part}" for part in PARTS), "/stories/1"):
        api.problem(path, 404)


def test_withdrawn_between_finding_and_reading(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    published("Court opens")
    monkeypatch.setattr("dateline.archive.rows.fetch", lambda *_, **__: [])
    api.problem("/en/stories/1", 404)


# --- suggestions --------------------------------------------------------------------------------
def test_suggestions_begin_as_was_typed(api: Api) -> None:
    law = topic("law", "Rule of law", names={"fr": "État de droit"})
    law.names.create(language="en", name="Legal reform", valid_until=date(2010, 1, 1))
    law.save()
    office("lima", "Lima", closed=True)
    published("Lawyers meet in Vienna", topics=(law,))
    published("Vienna opens", summary="lawyers")
    indexed()
    said = api.get("/en/suggestions?text=law")
    assert [term["slug"] for term in said["terms"]] == ["law"]
    assert [story["headline"] for story in said["stories"]] == ["Lawyers meet in Vienna"]
    assert api.get(said["terms"][0]["stories"])["total"] == 1
    assert [term["slug"] for term in api.get("/en/suggestions?text=legal")["terms"]] == ["law"]
    assert [term["slug"] for term in api.get("/fr/suggestions?text=etat")["terms"]] == ["law"]
    assert api.get("/en/suggestions?text=vienna+la")["stories"]


def test_a_spelling_that_finds_something_is_suggested(api: Api) -> None:
    published("Parliament meets")
    indexed()
    said = api.get("/en/suggestions?text=parlament")
    assert (said["stories"], said["spelling"].lower()) == ([], "parliament")
    assert "spelling" not in api.get("/en/suggestions?text=parliament")
    assert "spelling" not in api.get("/en/suggestions?text=xyzzy")


@pytest.mark.parametrize("query", ["", "?text=", "?text=" + "a" * 201, "?q=law", "?text=a&text=b"])
def test_suggestions_are_for_one_text(api: Api, query: str) -> None:
    api.problem(f"/en/suggestions{query}", 400)
