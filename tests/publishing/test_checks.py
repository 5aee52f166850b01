"""What is said of a draft before it goes out."""

from __future__ import annotations

from typing import Any

import pytest
from build import draft, published
from django.core.exceptions import ValidationError
from django.test import Client
from webform import filled

from dateline.publishing import checks, verbs
from dateline.stories.models import Picture, State, Story, StoryPicture

pytestmark = pytest.mark.django_db

BARE = {"genre", "offices", "contacts", "summary"}
"""The fields of which a story with a headline alone is told that they are missing."""


def fields(story: Story, level: str) -> set[str]:
    return {finding.field for finding in checks.findings(story) if finding.level == level}


def test_what_is_missing_is_a_warning() -> None:
    story = draft("Court opens")
    assert fields(story, "warning") == BARE
    assert not checks.errors(story)
    story.headline = "x" * (checks.LONGEST_HEADLINE + 1)
    assert "headline" in fields(story, "warning")


def test_a_picture_without_words_is_an_error() -> None:
    story = draft("Court opens")
    picture = Picture.objects.create(title="Court", file="court.png", width=4, height=4)
    row = StoryPicture.objects.create(story=story, picture=picture)
    story = Story.objects.get(pk=story.pk)
    assert fields(story, "error") == {"pictures"}
    row.alternative_text = "A court"
    row.save()
    assert not checks.errors(Story.objects.get(pk=story.pk))
    row.decorative = True
    with pytest.raises(ValidationError, match="leave one of the two out"):
        row.full_clean()
    row.alternative_text = ""
    row.full_clean()
    row.save()
    assert not checks.errors(Story.objects.get(pk=story.pk))


@pytest.mark.parametrize("origin", ["", "https://news.example.org"])
def test_a_link_no_reader_can_open_is_a_warning(origin: str) -> None:
    story = draft("Court opens", summary="A court.")
    known, hidden = published("Public"), published("Killed")
    verbs.kill(hidden, "Wrong.")
    story.body = f'<p><a href="{origin}/en/news/{known.number}/public">a</a></p>'
    assert "body" not in fields(story, "warning")
    for number in (hidden.number, 999):
        story.body = f'<p><a href="{origin}/n/{number}">a</a></p>'
        assert "body" in fields(story, "warning")


def test_an_untranslated_text_is_no_translation(admin_client: Client) -> None:
    source = published("Court opens", body="<p>The court opens on Monday.</p>")
    text = draft("Le tribunal ouvre", language="fr", body=source.body)
    text.translation_key = source.translation_key
    text.save()
    text.save_revision()
    assert fields(text, "error") == {"body"}
    address = f"/desk/stories/edit/{text.pk}/"
    sent = filled(admin_client, address, **{"action-publish": "1"})
    answer = admin_client.post(address, sent, follow=True)
    assert "still the one of the other language" in answer.content.decode()
    assert Story.objects.get(pk=text.pk).state == State.DRAFT
    text.body = "<p>Le tribunal ouvre lundi.</p>"
    assert not checks.errors(text)


@pytest.mark.parametrize("withdraw", [verbs.retract, verbs.kill])
def test_a_translation_of_a_withdrawn_text_is_held_back(withdraw: Any) -> None:
    source = published("Court opens", body="<p>The court opens on Monday.</p>")
    text = draft("Le tribunal ouvre", language="fr", body="<p>Le tribunal ouvre lundi.</p>")
    text.translation_key, text.translated_from = source.translation_key, source
    text.save()
    assert not checks.errors(text)
    withdraw(source, "Wrong.")
    assert [error.message for error in checks.errors(text)] == [
        "The text that this one translates has been withdrawn."
    ]
