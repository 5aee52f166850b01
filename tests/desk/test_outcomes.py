"""What the desk says after a button was pressed, and what it does not accept."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from build import draft
from django.contrib.messages import get_messages
from django.test import Client
from django.utils import timezone
from webform import filled

from dateline.desk import outcomes
from dateline.desk.moments import written
from dateline.publishing import verbs
from dateline.stories.models import Story

pytestmark = pytest.mark.django_db

PASSED = "This moment has passed"
UNSAID = "Say what has to be changed"


@pytest.fixture
def story() -> Story:
    return draft("Court opens", published=None)


def edit(story: Story) -> str:
    return f"/desk/stories/edit/{story.pk}/"


def press(desk: Client, story: Story, button: str, **values: Any) -> BeautifulSoup:
    """The messages that follow.

    The box for the time to go live is none of the form's until it is opened: it is empty here.
    """
    given = filled(desk, edit(story), **values) | {f"action-{button}": "1"}
    answer = desk.post(edit(story), given)
    told = get_messages(answer.wsgi_request)  # type: ignore[attr-defined]
    return BeautifulSoup("".join(str(each) for each in told), "html.parser")


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
    timed = press(desk, story, "edit", go_live_at=f"{at:%Y-%m-%d %H:%M}").get_text()
    assert f"is saved. Once approved or published, it goes live on {said(at)}." in timed
    verbs.schedule(story, at)
    assert f"is scheduled. It goes live on {said(at)}." in outcomes.published(story)
    story.go_live_at, story.embargoed_until = None, at
    verbs.publish(story)
    assert f"is published, and hidden until {said(at)}." in outcomes.published(story)
    shown = press(desk, story, "publish", embargoed_until="")
    assert "“Court opens” is published." in shown.get_text()
    ways = {link.get_text(strip=True): link["href"] for link in shown.select("a")}
    assert ways["View on the site"] == Story.objects.get(pk=story.pk).get_absolute_url()


def submitted(story: Story, author: Any) -> Story:
    story.save_revision(user=author)
    story.get_workflow().start(story, author)
    return Story.objects.get(pk=story.pk)


def test_what_became_of_a_review(keepers_desk: Client, officer: Any, story: Story) -> None:
    at = tomorrow()
    comment = {"workflow-action-extra-data": json.dumps({"comment": "Who opened it?"})}
    story = submitted(story, officer)
    assert "sent back to officer." in review(keepers_desk, story, "reject", **comment)
    Story.objects.get(pk=story.pk).current_workflow_state.resume(officer)
    approved = review(keepers_desk, story, "approve", go_live_at=f"{at:%Y-%m-%d %H:%M}")
    assert f"is approved. It goes live on {said(at)}." in approved


def test_nothing_is_sent_back_without_a_word(
    keepers_desk: Client, officer: Any, story: Story
) -> None:
    story = submitted(story, officer)
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
    assert PASSED in refused.get_text()
    assert Story.objects.get(pk=story.pk).latest_revision is None
    story.go_live_at = timezone.now() - timedelta(hours=1)
    story.save_revision()
    there = {"go_live_at": written(story.go_live_at), "headline": "Court opens doors"}
    press(desk, story, "edit", **there)
    kept = Story.objects.get(pk=story.pk).get_latest_revision_as_object()
    assert (kept.headline, kept.go_live_at is not None) == ("Court opens doors", True)
