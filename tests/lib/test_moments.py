"""Every time of day, against asking each minute's clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dateline.lib.moments import NoSuchTimeError, TwoSuchTimesError, moment

# Clocks put by an hour, by half an hour (Lord Howe), over midnight (Beirut), and never (Kathmandu).
CHANGES = [
    ("Europe/Vienna", "2026-03-29 02:00"),
    ("Europe/Vienna", "2026-10-25 02:00"),
    ("America/New_York", "2026-11-01 01:00"),
    ("Australia/Lord_Howe", "2026-10-04 02:00"),
    ("Australia/Lord_Howe", "2026-04-05 01:30"),
    ("Asia/Beirut", "2026-03-29 00:00"),
    ("Asia/Beirut", "2026-10-24 23:00"),
    ("Asia/Kathmandu", "2026-03-29 02:00"),
]


def shown(local: datetime, zone: ZoneInfo) -> list[datetime]:
    """The moments at which a clock shows this time, found by looking at it every minute."""
    start = local.replace(tzinfo=UTC) - timedelta(hours=15)
    minutes = (start + timedelta(minutes=minute) for minute in range(30 * 60))
    return [at for at in minutes if at.astimezone(zone).replace(tzinfo=None) == local]


def answered(local: datetime, zone: ZoneInfo) -> list[datetime]:
    try:
        found = [moment(local, zone)]
    except TwoSuchTimesError as two:
        found = [two.first, two.second]
    except NoSuchTimeError:
        found = []
    return [at.astimezone(UTC) for at in found]


@given(change=st.sampled_from(CHANGES), minutes=st.integers(-150, 150))
def test_a_time_is_the_moment_the_clock_shows_it(change: tuple[str, str], minutes: int) -> None:
    zone, local = ZoneInfo(change[0]), datetime.fromisoformat(change[1])
    local += timedelta(minutes=minutes)
    assert answered(local, zone) == shown(local, zone)


@pytest.mark.parametrize(
    ("zone", "local", "following"),
    [
        ("Europe/Vienna", "2026-03-29 02:30", "2026-03-29T03:00:00+02:00"),
        ("Australia/Lord_Howe", "2026-10-04 02:15", "2026-10-04T02:30:00+11:00"),
        ("Asia/Beirut", "2026-03-29 00:59", "2026-03-29T01:00:00+03:00"),
    ],
)
def test_a_time_that_is_left_out_names_the_next(zone: str, local: str, following: str) -> None:
    with pytest.raises(NoSuchTimeError) as refusal:
        moment(datetime.fromisoformat(local), ZoneInfo(zone))
    assert refusal.value.following.isoformat() == following
