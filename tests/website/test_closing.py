"""What stands behind a release: on its page, in what is taken along, and in the past."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from build import draft, indexed, office, published
from django.test import Client

from dateline.publishing import checks, verbs
from dateline.stories.models import Story
from dateline.vocabularies.models import Office

pytestmark = pytest.mark.django_db

NOTES = "<p>The court has <b>nine</b> judges.</p>"


@pytest.fixture
def vienna(db: None) -> Office:
    term = office("vienna", "Vienna", names={"fr": "Vienne"})
    term.abouts.create(language="en", text="Vienna is where we began.")
    term.save()
    return term


@pytest.fixture
def release(archive_file: Path, vienna: Office) -> Story:
    story = published(
        "Court opens",
        body="<p>It opened.</p>",
        notes_to_editors=NOTES,
        boilerplate=True,
        offices=(vienna,),
    )
    indexed()
    return story


def test_it_stands_behind_the_text_everywhere(client: Client, release: Story) -> None:
    number = release.number
    for path in (
        release.get_absolute_url(),
        "/en/news.atom",
        "/en/news.rss",
        "/en/news.json",
        f"/en/news/{number}.txt",
        f"/en/news/{number}.ninjs",
        f"/api/v1/en/stories/{number}",
    ):
        answer = client.get(path)
        text = (b"".join(answer) if answer.streaming else answer.content).decode()
        for words in ("Notes to editors", "judges.", "About Vienna", "Vienna is where we began."):
            assert words.upper() in text.upper(), (path, words)
        assert text.upper().index("IT OPENED") < text.upper().index("NOTES TO EDITORS"), path
    assert client.get("/api/v1/en/stories?keywords=judges").json()["total"] == 1


def test_an_office_without_a_text_in_the_language_says_nothing(
    client: Client, vienna: Office, archive_file: Path
) -> None:
    story = published("La cour", language="fr", boilerplate=True, offices=(vienna,))
    page = client.get(story.get_absolute_url()).content.decode()
    assert "where we began" not in page
    assert "closing" not in page


def test_changed_notes_are_a_change(client: Client, release: Story) -> None:
    release.notes_to_editors = "<p>The court has eleven judges.</p>"
    verbs.correct(release, "There are eleven.", revision=release.save_revision())
    first = client.get(f"/en/news/{release.number}/v1/court-opens").content.decode()
    assert "<b>nine</b>" in first
    change = client.get(f"/en/news/{release.number}/v2/changes").content.decode()
    assert "Notes to editors" in change
    assert re.search(r"<del[^>]*>.*nine", change)
    assert re.search(r"<ins[^>]*>.*eleven", change)


def test_notes_of_another_language_are_no_translation(release: Story) -> None:
    copy = draft("La cour", language="fr", body="<p>Elle ouvre.</p>", notes_to_editors=NOTES)
    copy.translation_key = release.translation_key
    copy.save()
    assert [error.field for error in checks.errors(copy)] == ["notes_to_editors"]
