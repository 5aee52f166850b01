"""The schedule's thread: when it wakes, and what one bad story may cost the others."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from build import draft, published
from django.utils import timezone

from dateline.operations import clock
from dateline.operations.clock import Clock
from dateline.publishing import schedule, verbs, visibility
from dateline.publishing.models import Heartbeat
from dateline.stories.models import State, Story

pytestmark = pytest.mark.django_db

NOON = datetime(2030, 6, 1, 12, tzinfo=UTC)


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Set what every part takes for now."""

    def moment(now: datetime) -> None:
        monkeypatch.setattr(timezone, "now", lambda: now)

    moment(NOON)
    return moment


def public() -> set[str]:
    listed = visibility.listed(Story.objects.all(), timezone.now())
    return set(listed.values_list("headline", flat=True))


def states() -> dict[str, str]:
    return dict(Story.objects.values_list("headline", "state"))


def test_it_wakes_at_the_moment_and_not_after_it(at: Any) -> None:
    ticking = Clock()
    assert ticking.round() == clock.LOOK
    verbs.schedule(draft("Soon", published=None), NOON + timedelta(milliseconds=40))
    assert ticking.round() == 0.0  # it was prepared
    assert ticking.round() == pytest.approx(0.04)
    assert public() == set()
    at(NOON + timedelta(milliseconds=40))
    ticking.round()
    assert public() == {"Soon"}
    assert Heartbeat.objects.get(name=schedule.NAME).lateness == 0.0


def test_one_bad_story_rests_and_delays_no_other(at: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    ticking, tried, now = Clock(), [], [0.0]
    monkeypatch.setattr(clock.time, "monotonic", lambda: now[0])
    publish = verbs.publish

    def crash(story: Story, **options: Any) -> Story:
        tried.append(story.headline)
        if story.headline == "Bad":
            raise ZeroDivisionError
        return publish(story, **options)

    verbs.schedule(draft("Bad", published=None), NOON + timedelta(seconds=1))
    verbs.schedule(draft("Good", published=None), NOON + timedelta(seconds=2))
    monkeypatch.setattr(verbs, "publish", crash)
    at(NOON + timedelta(seconds=1))
    assert ticking.round() == clock.LOOK
    at(NOON + timedelta(seconds=2))
    ticking.round()
    assert states() == {"Bad": State.DRAFT, "Good": State.PUBLISHED}
    ticking.round()
    assert tried == ["Bad", "Good"]
    now[0] += clock.SETBACK
    ticking.round()
    assert tried == ["Bad", "Good", "Bad"]


def test_what_was_missed_is_made_up_for_in_order(at: Any) -> None:
    for hours, name in ((3, "Third"), (1, "First"), (2, "Second")):
        verbs.schedule(draft(name, published=None), NOON + timedelta(hours=hours))
    published("Ends", published=None, expire_at=NOON + timedelta(minutes=90))
    at(NOON + timedelta(hours=9))
    steps = [(task.step, task.at.hour) for task in schedule.due(timezone.now())]
    assert steps == [("publish", 13), ("expire", 13), ("publish", 14), ("publish", 15)]
    Clock().round()
    numbers = Story.objects.filter(number__isnull=False).order_by("number")
    assert [story.headline for story in numbers] == ["Ends", "First", "Second", "Third"]
    assert Heartbeat.objects.get(name=schedule.NAME).lateness == 8 * 3600
