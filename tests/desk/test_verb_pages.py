"""Correction, retraction and kill at the desk: a public note, one button, no error pages."""

from __future__ import annotations

from typing import Any

import pytest
from build import draft, published
from django.test import Client

from dateline.people.models import Role
from dateline.publishing.models import Kind
from dateline.stories.models import State, Story

pytestmark = pytest.mark.django_db


def address(verb: str, story: Story) -> str:
    return f"/desk/stories/{verb}/{story.pk}/"


def offered(desk: Client, story: Story) -> set[str]:
    page = desk.get(f"/desk/stories/edit/{story.pk}/").content.decode()
    return {
        verb for verb in ("correct", "retract", "kill", "delete") if address(verb, story) in page
    }


def corrected(story: Story) -> None:
    story.headline = "Court opens on Monday"
    story.save_revision()


def test_a_correction_publishes_the_draft_with_its_note(desk: Client, officer: Any) -> None:
    story = published("Court opens on Sunday")
    corrected(story)
    response = desk.post(address("correct", story), {"note": "The day was wrong."}, follow=True)
    assert b"The correction is published." in response.content
    kept = Story.objects.get(pk=story.pk)
    assert (kept.state, kept.headline) == (State.PUBLISHED, "Court opens on Monday")
    version = kept.versions.last()
    assert version is not None
    assert (version.kind, version.note, version.by) == (
        Kind.CORRECTION,
        "The day was wrong.",
        officer,
    )


def test_a_correction_without_a_draft_says_what_to_do(desk: Client) -> None:
    story = published("Court opens")
    page = desk.get(address("correct", story)).content.decode()
    assert "Correct the text and save it first" in page
    assert "<textarea" not in page


@pytest.mark.parametrize(
    ("verb", "state", "kind"),
    [("retract", State.RETRACTED, Kind.RETRACTION), ("kill", State.KILLED, Kind.KILL)],
)
def test_withdrawing(desk: Client, verb: str, state: State, kind: Kind) -> None:
    story = published("Court opens")
    desk.post(address(verb, story), {"note": "It was not so."})
    kept = Story.objects.get(pk=story.pk)
    assert (kept.state, kept.live) == (state, False)
    version = kept.versions.last()
    assert version is not None
    assert (version.kind, version.note) == (kind, "It was not so.")


@pytest.mark.parametrize("verb", ["correct", "retract", "kill"])
@pytest.mark.parametrize("note", ["", "  \n "])
def test_the_note_is_mandatory(desk: Client, verb: str, note: str) -> None:
    story = published("Court opens")
    corrected(story)
    assert desk.post(address(verb, story), {"note": note}).status_code == 200
    assert Story.objects.get(pk=story.pk).state == State.PUBLISHED
    assert story.versions.count() == 1


@pytest.mark.parametrize("verb", ["correct", "retract", "kill"])
def test_a_story_that_cannot_take_the_verb_says_why(desk: Client, verb: str) -> None:
    story = draft("Court opens")
    response = desk.post(address(verb, story), {"note": "Why not?"}, follow=True)
    assert response.status_code == 200
    assert b"messages" in response.content
    assert Story.objects.get(pk=story.pk).state == State.DRAFT


def test_doing_it_twice_is_a_message(desk: Client) -> None:
    story = published("Court opens")
    for verb in ("retract", "retract", "kill", "kill", "retract", "correct"):
        response = desk.post(address(verb, story), {"note": "Wrong."}, follow=True)
        assert response.status_code == 200
    assert [version.kind for version in story.versions.all()] == [
        Kind.PUBLICATION,
        Kind.RETRACTION,
        Kind.KILL,
    ]


@pytest.mark.parametrize("verb", ["correct", "retract", "kill"])
def test_who_may_not_publish_may_not_withdraw(desk: Client, officer: Any, verb: str) -> None:
    officer.memberships.update(role=Role.CONTRIBUTOR)
    story = published("Court opens")
    corrected(story)
    assert desk.get(address(verb, story)).status_code == 302
    assert desk.post(address(verb, story), {"note": "Wrong."}).status_code == 302
    assert Story.objects.get(pk=story.pk).state == State.PUBLISHED
    assert offered(desk, story) == set()


def test_a_get_changes_nothing(desk: Client) -> None:
    story = published("Court opens")
    for verb in ("correct", "retract", "kill", "unpublish", "delete"):
        desk.get(address(verb, story))
    assert Story.objects.get(pk=story.pk).state == State.PUBLISHED


def test_only_what_suits_the_state_is_offered(desk: Client) -> None:
    assert offered(desk, draft("Draft")) == {"delete"}
    story = published("Court opens")
    assert offered(desk, story) == {"correct", "retract", "kill"}
    desk.post(address("retract", story), {"note": "Wrong."})
    assert offered(desk, story) == {"kill"}
    desk.post(address("kill", story), {"note": "Wrong."})
    assert offered(desk, story) == set()
