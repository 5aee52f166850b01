"""Publishing dates: given or not, with a time or without, on days when the clock jumps."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from build import draft, published
from django.utils import timezone

from dateline.publishing import verbs
from dateline.stories.models import Story

pytestmark = pytest.mark.django_db

VIENNA = ZoneInfo("Europe/Vienna")


def given(day: date, at: time | None = None) -> Story:
    story = draft("Court opens", published=day if at is None else datetime.combine(day, at))
    verbs.publish(story)
    return Story.objects.get(pk=story.pk)


def test_without_a_date_it_is_the_moment_of_publishing() -> None:
    before = timezone.now()
    verbs.publish(draft("Court opens", published=None))
    story = Story.objects.get()
    assert story.published_at is not None
    assert before <= story.published_at <= timezone.now()
    assert story.published_on == timezone.localdate(story.published_at)


def test_a_date_without_a_time_is_a_date() -> None:
    story = given(date(2016, 3, 14))
    assert (story.published, story.published_at) == (date(2016, 3, 14), None)
    assert story.instant == datetime(2016, 3, 13, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "at", "utc"),
    [
        (date(2024, 1, 15), time(9, 30), datetime(2024, 1, 15, 8, 30, tzinfo=UTC)),
        (date(2024, 7, 15), time(9, 30), datetime(2024, 7, 15, 7, 30, tzinfo=UTC)),
        # 2:30 does not exist on the day the clock leaps forward: it is read as 3:30.
        (date(2024, 3, 31), time(2, 30), datetime(2024, 3, 31, 1, 30, tzinfo=UTC)),
        (date(2024, 3, 31), time(3, 30), datetime(2024, 3, 31, 1, 30, tzinfo=UTC)),
        # 2:30 comes twice on the day it falls back: it is the first.
        (date(2024, 10, 27), time(2, 30), datetime(2024, 10, 27, 0, 30, tzinfo=UTC)),
        (date(2024, 10, 27), time(3, 30), datetime(2024, 10, 27, 2, 30, tzinfo=UTC)),
    ],
)
def test_a_time_is_the_newsrooms(day: date, at: time, utc: datetime) -> None:
    story = given(day, at)
    assert (story.published_at, story.published_on) == (utc, day)
    assert story.visible_from == utc


def test_midnight_is_a_time() -> None:
    assert given(date(2024, 1, 15), time(0)).published_at == datetime(2024, 1, 14, 23, tzinfo=UTC)


def test_an_embargo_in_the_hour_that_comes_twice() -> None:
    """Half past two the second time is later than the first, though the clock shows the same."""
    second = datetime(2024, 10, 27, 2, 30, tzinfo=VIENNA, fold=1)
    story = draft("Court opens", published=datetime(2024, 10, 27, 2, 30), embargoed_until=second)  # noqa: DTZ001 - as typed at the desk
    verbs.publish(story)
    assert Story.objects.get(pk=story.pk).visible_from == datetime(2024, 10, 27, 1, 30, tzinfo=UTC)


def test_the_date_stays_when_the_story_is_updated() -> None:
    story = published("Court opens", published=None)
    first = Story.objects.get(pk=story.pk)
    assert first.updated_at is None
    verbs.publish(Story.objects.get(pk=story.pk))
    kept = Story.objects.get(pk=story.pk)
    assert (kept.published_at, kept.published_on) == (first.published_at, first.published_on)
    assert kept.updated_at is not None
    assert kept.updated_at > first.published_at


def test_the_date_stays_over_an_unpublication() -> None:
    story = published("Court opens", published=None)
    first = Story.objects.get(pk=story.pk)
    verbs.unpublish(story)
    verbs.publish(Story.objects.get(pk=story.pk))
    assert Story.objects.get(pk=story.pk).published_at == first.published_at


def test_a_date_given_later_counts() -> None:
    story = published("Court opens", published=None)
    story = Story.objects.get(pk=story.pk)
    story.given_date = date(2016, 3, 14)
    verbs.publish(story)
    kept = Story.objects.get(pk=story.pk)
    assert (kept.published_on, kept.published_at) == (date(2016, 3, 14), None)


def test_the_day_is_the_newsrooms_day(monkeypatch: pytest.MonkeyPatch) -> None:
    late = datetime(2024, 1, 15, 23, 30, tzinfo=UTC)
    monkeypatch.setattr(timezone, "now", lambda: late)
    verbs.publish(draft("Court opens", published=None))
    assert Story.objects.get().published_on == date(2024, 1, 16)
    assert Story.objects.get().published_at == late
    assert timedelta(0) <= timezone.now() - late
