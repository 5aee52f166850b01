"""Every version a reader saw has its address and says what was changed; nothing else has."""

from __future__ import annotations

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from build import draft, office, published
from django.test import Client
from django.utils import timezone

from dateline.publishing import releases, verbs
from dateline.publishing.models import Kind
from dateline.stories.models import Story

pytestmark = pytest.mark.django_db

FIRST = "<p>Five judges meet in Vienna.</p><p>They talk about courts.</p><p>They ate.</p>"
SECOND = "<p>Six judges meet in Vienna.</p><p>They talk about courts.</p><p>They ate.</p>"


def change(story: Story, kind: Kind | None, note: str = "", **fields: str) -> Story:
    """The story with another text, published by the verb."""
    current = Story.objects.get(pk=story.pk)
    for name, value in fields.items():
        setattr(current, name, value)
    return verbs.publish(current, kind=kind, note=note)


@pytest.fixture
def story() -> Story:
    """Version 1, a correction (2), a minor edit of it, an update (4)."""
    made = published("Judges meet", body=FIRST, offices=(office("vienna"),))
    change(made, Kind.CORRECTION, "Six judges took part, not five.", body=SECOND)
    change(made, Kind.MINOR, body=SECOND.replace("ate", "ate and drank"))
    return change(made, Kind.UPDATE, "A later headline.", headline="Judges met")


def read(client: Client, path: str, status: int = 200) -> BeautifulSoup:
    response = client.get(path)
    assert response.status_code == status, path
    return BeautifulSoup(response.content, "html.parser")


def address(story: Story, number: int, ending: str = "judges-met") -> str:
    return f"/en/news/{story.number}/v{number}/{ending}"


def test_each_version_shows_the_text_that_was_read(story: Story, client: Client) -> None:
    first = read(client, address(story, 1))
    assert first.h1.get_text() == "Judges meet"
    assert "Five judges" in first.select_one("#text").get_text()
    assert "earlier version" in first.select_one(".notice").get_text()
    second = read(client, address(story, 2))
    assert "ate and drank" in second.select_one("#text").get_text()
    assert "Six judges took part, not five." in second.select_one(".notice").get_text()
    newest = read(client, address(story, 4))
    assert newest.h1.get_text() == "Judges met"
    assert "newest version" in newest.select_one(".notice").get_text()
    for page in (first, second, newest):
        assert page.select_one("meta[name=robots]")["content"] == "noindex"
        canonical = page.select_one("link[rel=canonical]")["href"]
        assert canonical.endswith(Story.objects.get(pk=story.pk).get_absolute_url())


def test_a_minor_edit_makes_no_version_and_no_noise(story: Story, client: Client) -> None:
    assert [version.number for version in releases.versions(story)] == [1, 2, 4]
    assert read(client, address(story, 3), 404)
    current = Story.objects.get(pk=story.pk)
    updated = current.updated_at
    change(story, Kind.MINOR, body=SECOND)
    assert Story.objects.get(pk=story.pk).updated_at == updated
    listed = read(client, current.get_absolute_url()).select(".versions li")
    assert [entry.a.get_text() for entry in listed] == ["Version 4", "Version 2", "Version 1"]


def test_the_changes_are_marked_word_by_word(story: Story, client: Client) -> None:
    page = read(client, address(story, 2, "changes"))
    for hidden in page.select(".visually-hidden"):
        hidden.decompose()
    text = page.select_one("#text")
    assert [mark.get_text() for mark in text.select("del")] == ["Five"]
    assert [mark.get_text() for mark in text.select("ins")] == ["Six", " and drank"]
    headline = read(client, address(story, 4, "changes"))
    assert "met" in headline.select_one("#text .line ins").get_text()


def test_the_first_version_has_no_changes_and_unknown_ones_nothing(
    story: Story, client: Client
) -> None:
    for path in (
        address(story, 1, "changes"),
        address(story, 9),
        address(story, 9, "changes"),
        f"/fr/news/{story.number}/v1/x",
        "/en/news/999/v1/x",
    ):
        assert read(client, path, 404)


@pytest.mark.parametrize(("verb", "status"), [(verbs.kill, 410), (verbs.retract, 302)])
def test_versions_go_with_the_text(story: Story, client: Client, verb: object, status: int) -> None:
    assert callable(verb)
    verb(story, "It was wrong.")
    for path in (address(story, 1), address(story, 2, "changes")):
        response = client.get(path)
        assert response.status_code == status
        assert b"judges meet in Vienna" not in response.content


def test_versions_from_before_a_retraction_stay_gone(story: Story, client: Client) -> None:
    verbs.retract(story, "It was wrong.")
    again = verbs.publish(Story.objects.get(pk=story.pk))
    assert [version.kind for version in releases.versions(again)] == [Kind.PUBLICATION]
    assert read(client, address(story, 1), 404)
    assert read(client, address(story, 4, "changes"), 404)


def test_a_text_that_was_never_public_is_no_version(client: Client) -> None:
    ahead = timezone.now() + timedelta(days=1)
    made = draft("Judges meet", published=None, body=FIRST, embargoed_until=ahead)
    verbs.publish(made)
    made = Story.objects.get(pk=made.pk)
    assert read(client, address(made, 1, "judges-meet"), 404)
    Story.objects.filter(pk=made.pk).update(embargoed_until=None)
    made.refresh_from_db()
    change(made, None, body=SECOND, headline="Judges met")
    seen = releases.versions(Story.objects.get(pk=made.pk))
    assert all(b"Five" not in bytes(version.content) for version in seen)


def test_a_minor_edit_needs_a_published_story() -> None:
    with pytest.raises(verbs.VerbError):
        verbs.publish(draft("Judges meet"), kind=Kind.MINOR)


@pytest.mark.parametrize("kind", [Kind.CORRECTION, Kind.UPDATE, Kind.MINOR])
def test_a_translation_says_that_its_original_was_changed_since(
    story: Story, client: Client, kind: Kind
) -> None:
    text = draft("Les juges se réunissent", language="fr", body="<p>Six juges.</p>")
    text.translation_key = story.translation_key
    text.save()
    text = verbs.publish(text)
    french = Story.objects.get(pk=text.pk).get_absolute_url()
    assert not read(client, french).select(".notice")
    change(story, kind, "Seven judges took part.", body=SECOND.replace("Six", "Seven"))
    notice = read(client, french).select(".notice")
    if kind == Kind.MINOR:
        assert not notice
        return
    link = notice[0].a
    assert (link["href"], link["hreflang"]) == (address(story, 5, "changes"), "en")
    assert "Seven" in read(client, str(link["href"])).select_one("#text").get_text()
    again = Story.objects.get(pk=text.pk)
    again.body = "<p>Sept juges.</p>"
    verbs.publish(again)
    assert not read(client, french).select(".notice")
    english = Story.objects.get(pk=story.pk).get_absolute_url()
    assert not any("translation" in n.get_text() for n in read(client, english).select(".notice"))
