"""What the desk says after a button was pressed, and what it does not accept."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from build import draft
from django.test import Client
from django.utils import timezone
from webform import filled

from dateline.desk.moments import written
from dateline.stories.models import State, Story

pytestmark = pytest.mark.django_db

PASSED = "This moment has passed"
UNSAID = "Say what has to be changed"


@pytest.fixture
def story() -> Story:
    return draft("Court opens", published=None)


def edit(story: Story) -> str:
    return f"/desk/stories/edit/{story.pk}/"


def press(desk: Client, story: Story, button: str, **values: Any) -> Tag:
    """The message on the page that follows; the whole page where the form comes back.

    The box for the time to go live is none of the form's until it is opened: it is empty here.
    """
    given = filled(desk, edit(story), **values) | {f"action-{button}": "1"}
    answer = desk.post(edit(story), given, follow=True)
    page = BeautifulSoup(answer.content, "html.parser")
    return page.select_one(".messages .success") or page


def review(desk: Client, story: Story, answer: str, **values: Any) -> str:
    named = {"workflow-action-name": answer, **values}
    return press(desk, story, "workflow-action", **named).get_text(" ", strip=True)


def tomorrow() -> datetime:
    day = timezone.localtime() + timedelta(days=1)
    return day.replace(hour=10, minute=0)


def said(at: datetime) -> str:
    return f"{at.day} {at:%B %Y, %H:%M} ({timezone.get_default_timezone_name()})"


def test_what_became_of_a_draft(desk: Client, story: Story) -> None:
    at = tomorrow()
    given = {"go_live_at": f"{at:%Y-%m-%d %H:%M}"}
    moment = f"goes live on {said(at)}."
    assert moment in press(desk, story, "edit", **given).get_text()
    assert f"is scheduled. It {moment}" in press(desk, story, "publish", **given).get_text()
    Story.objects.get(pk=story.pk).revisions.update(approved_go_live_at=None)
    hidden = press(desk, story, "publish", embargoed_until=f"{at:%Y-%m-%d %H:%M}")
    assert f"published, and hidden until {said(at)}" in hidden.get_text()
    assert "View on the site" not in hidden.get_text()
    shown = press(desk, story, "publish", embargoed_until="")
    assert "“Court opens” is published." in shown.get_text()
    ways = {link.get_text(strip=True): link["href"] for link in shown.select("a")}
    assert ways["View on the site"] == Story.objects.get(pk=story.pk).get_absolute_url()


def test_what_became_of_a_review(desk: Client, keepers_desk: Client, story: Story) -> None:
    at = tomorrow()
    press(desk, story, "submit")
    comment = {"workflow-action-extra-data": json.dumps({"comment": "Who opened it?"})}
    assert "sent back to officer." in review(keepers_desk, story, "reject", **comment)
    press(desk, story, "submit")
    approved = review(keepers_desk, story, "approve", go_live_at=f"{at:%Y-%m-%d %H:%M}")
    assert f"is approved. It goes live on {said(at)}." in approved


def test_nothing_is_sent_back_without_a_word(
    desk: Client, keepers_desk: Client, story: Story
) -> None:
    press(desk, story, "submit")
    assert UNSAID in review(keepers_desk, story, "reject")
    task = Story.objects.get(pk=story.pk).current_workflow_task_state
    for kind in ("action", "collect_action_data"):
        address = f"/desk/stories/workflow/{kind}/{story.pk}/reject/{task.pk}/"
        dialog = {"X-Requested-With": "XMLHttpRequest"}
        answer = keepers_desk.post(address, {"comment": " "}, headers=dialog)
        assert UNSAID in answer.json()["html"]
    state = Story.objects.get(pk=story.pk).current_workflow_state
    assert state is not None
    assert state.status == state.STATUS_IN_PROGRESS


def test_a_time_that_has_passed_is_refused_unless_it_was_there(desk: Client, story: Story) -> None:
    refused = press(desk, story, "edit", go_live_at="2024-01-01 10:00")
    assert PASSED in str(refused.select_one(".messages"))
    assert Story.objects.get(pk=story.pk).latest_revision is None
    story.go_live_at = timezone.now() - timedelta(hours=1)
    story.save_revision()
    there = {"go_live_at": written(story.go_live_at), "headline": "Court opens doors"}
    press(desk, story, "edit", **there)
    kept = Story.objects.get(pk=story.pk).get_latest_revision_as_object()
    assert (kept.headline, kept.go_live_at is not None) == ("Court opens doors", True)
    press(desk, story, "publish", **there)
    assert Story.objects.get(pk=story.pk).state == State.PUBLISHED
