"""A digest comes once a day or week at its hour, whatever clocks do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dateline.alerts import timing
from dateline.alerts.models import Frequency

ZONES = ("UTC", "Europe/Vienna", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu")
moments = st.datetimes(datetime(2024, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@given(moments, st.sampled_from(ZONES), st.integers(0, 23), st.integers(0, 6))
def test_every_day_has_one_and_every_week_its_day(
    now: datetime, zone: str, hour: int, weekday: int
) -> None:
    local = ZoneInfo(zone)
    due = timing.due(Frequency.DAILY, hour, weekday, zone, now)
    following = timing.due(Frequency.DAILY, hour, weekday, zone, due)
    assert now < due <= now + timedelta(hours=25, minutes=1)
    day = due.astimezone(local).date()
    assert following.astimezone(local).date() == day + timedelta(days=1)
    assert due.astimezone(local).hour in (hour, hour + 1)
    if due.astimezone(local).hour != hour:  # the hour that this day does not have
        assert (
            due.astimezone(local).utcoffset()
            != (due - timedelta(hours=2)).astimezone(local).utcoffset()
        )
    weekly = timing.due(Frequency.WEEKLY, hour, weekday, zone, now)
    assert weekly.astimezone(local).weekday() == weekday
    assert now < weekly <= now + timedelta(days=7, hours=1, minutes=1)


@pytest.mark.parametrize(
    ("now", "hour", "due"),
    [
        ("2026-03-28T12:00+00:00", 2, "2026-03-29T01:00+00:00"),  # 02:00 does not exist: 03:00
        ("2026-03-29T01:00+00:00", 2, "2026-03-30T00:00+00:00"),
        ("2026-10-24T12:00+00:00", 2, "2026-10-25T00:00+00:00"),  # 02:00 comes twice: the first
        ("2026-10-25T00:00+00:00", 2, "2026-10-26T01:00+00:00"),
        ("2026-07-01T05:00+00:00", 7, "2026-07-02T05:00+00:00"),
    ],
)
def test_when_clocks_change_in_vienna(now: str, hour: int, due: str) -> None:
    found = timing.due(Frequency.DAILY, hour, 0, "Europe/Vienna", datetime.fromisoformat(now))
    assert found == datetime.fromisoformat(due)
