"""Two people at one story: nobody's text is lost, and nobody's is written over unseen."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from build import draft, published
from django.test import Client
from django.utils.html import escape
from webform import filled

from dateline.desk import overtaken
from dateline.desk.story_views import StoryEditView
from dateline.publishing import verbs
from dateline.stories.models import State, Story

pytestmark = pytest.mark.django_db


def edit(story: Story) -> str:
    return f"/desk/stories/edit/{story.pk}/"


def newest(story: Story) -> Any:
    return Story.objects.get(pk=story.pk).get_latest_revision_as_object()


def two(story: Story, desk: Client, keepers_desk: Client) -> tuple[Any, Any]:
    """Both have the form open, and have typed."""
    story.save_revision()
    first = filled(keepers_desk, edit(story), headline="Court opens at noon")
    second = filled(desk, edit(story), headline="Court opens today", summary="My own summary.")
    return first, second


def test_who_saves_second_is_told_and_decides(desk: Client, keepers_desk: Client) -> None:
    story = draft("Court opens")
    first, second = two(story, desk, keepers_desk)
    keepers_desk.post(edit(story), first)
    answer = desk.post(edit(story), second)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert newest(story).headline == "Court opens at noon"
    for words in (
        "keeper saved this story at",
        "Different there: Headline, Summary.",
        "My own summary.",
    ):
        assert words in page
    assert escape("Take theirs, drop mine") in page
    assert "/compare/" in page
    again = filled_from(page)
    assert again["headline"] == "Court opens today"
    desk.post(edit(story), again)
    assert newest(story).headline == "Court opens today"
    drafts = [revision.as_object().headline for revision in story.revisions.order_by("pk")]
    assert drafts == ["Court opens", "Court opens at noon", "Court opens today"]


def test_a_button_pressed_while_the_form_saves_by_itself_is_no_conflict(desk: Client) -> None:
    story = draft("Court opens")
    story.save_revision()
    by_itself = filled(desk, edit(story), headline="Court opens at")
    pressed = {**by_itself, "headline": "Court opens at noon", "action-publish": "1"}
    desk.post(edit(story), by_itself)
    desk.post(edit(story), pressed)
    story.refresh_from_db()
    assert (story.state, story.headline) == (State.PUBLISHED, "Court opens at noon")


def test_a_form_that_saved_by_itself_goes_on_from_there(
    desk: Client, keepers_desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(overtaken, "BY_ITSELF", timedelta(0))
    story = draft("Court opens")
    story.save_revision()
    typed = filled(desk, edit(story), headline="Court opens at")
    theirs = filled(keepers_desk, edit(story), headline="Nobody opens")
    for again in ("", " noon"):
        typed |= {"headline": f"Court opens at{again}"}
        heard = desk.post(edit(story), typed, headers={"Accept": "application/json"}).json()
        typed |= {name: str(value) for name, value in heard["field_updates"].items()}
    desk.post(edit(story), {**typed, "action-publish": "1"})
    story.refresh_from_db()
    assert (story.state, story.headline) == (State.PUBLISHED, "Court opens at noon")
    assert "officer saved" in keepers_desk.post(edit(story), theirs).content.decode()


def filled_from(page: str) -> dict[str, Any]:
    """The form on a page that has been answered already, as a browser would send it again."""

    class Answered:
        def get(self, address: str) -> Any:
            return type("Answer", (), {"content": page.encode()})

    return filled(Answered(), "")  # type: ignore[arg-type]


@pytest.mark.parametrize("button", ["action-publish", "action-submit"])
def test_no_button_goes_past_what_somebody_saved(
    desk: Client, keepers_desk: Client, button: str
) -> None:
    story = draft("Court opens")
    first, second = two(story, desk, keepers_desk)
    keepers_desk.post(edit(story), first)
    desk.post(edit(story), {**second, button: "1"})
    story.refresh_from_db()
    assert story.state == State.DRAFT
    assert story.current_workflow_state is None
    assert newest(story).headline == "Court opens at noon"


def test_a_publish_during_an_edit(desk: Client, keepers_desk: Client) -> None:
    story = draft("Court opens")
    first, second = two(story, desk, keepers_desk)
    keepers_desk.post(edit(story), {**first, "action-publish": "1"})
    assert "keeper saved" in desk.post(edit(story), second).content.decode()
    story.refresh_from_db()
    assert (story.state, story.headline) == (State.PUBLISHED, "Court opens at noon")


def test_a_retraction_during_an_edit_stands_and_the_draft_is_kept(desk: Client) -> None:
    story = published("Court opens")
    typed = filled(desk, edit(story), headline="Court opens today")
    verbs.retract(story, "Wrong.")
    desk.post(edit(story), typed)
    story.refresh_from_db()
    assert story.state == State.RETRACTED
    assert newest(story).headline == "Court opens today"


def test_a_kill_during_an_edit_stands_and_what_was_typed_is_still_there(desk: Client) -> None:
    story = published("Court opens")
    typed = filled(desk, edit(story), headline="Court opens today")
    verbs.kill(story, "Wrong.")
    page = desk.post(edit(story), typed).content.decode()
    assert "could not be saved as it is locked" in page
    assert "Court opens today" in page
    story.refresh_from_db()
    assert story.state == State.KILLED


def test_saving_by_itself_is_refused_in_words(desk: Client, keepers_desk: Client) -> None:
    story = draft("Court opens")
    first, second = two(story, desk, keepers_desk)
    keepers_desk.post(edit(story), first)
    answer = desk.post(edit(story), second, headers={"Accept": "application/json"})
    assert answer.json()["error_code"] == "invalid_revision"
    assert newest(story).headline == "Court opens at noon"


def test_saved_between_looking_and_writing(
    desk: Client, keepers_desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other saves after this request has looked and before it holds the story."""
    story = draft("Court opens")
    first, second = two(story, desk, keepers_desk)
    save = StoryEditView.form_valid

    def slower(view: StoryEditView, form: Any) -> Any:
        monkeypatch.setattr(StoryEditView, "form_valid", save)
        keepers_desk.post(edit(story), first)
        return save(view, form)

    monkeypatch.setattr(StoryEditView, "form_valid", slower)
    answer = desk.post(edit(story), second)
    assert "keeper saved" in answer.content.decode()
    assert newest(story).headline == "Court opens at noon"
