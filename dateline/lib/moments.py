"""Times of day in a zone whose clocks are put forward and back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo


class NoSuchTimeError(ValueError):
    """The clocks are put forward over this time; `following` is the first moment after it."""

    def __init__(self, following: datetime) -> None:
        super().__init__(following)
        self.following = following


class TwoSuchTimesError(ValueError):
    """The clocks are put back over this time, which therefore comes as `first` and `second`."""

    def __init__(self, first: datetime, second: datetime) -> None:
        super().__init__(first, second)
        self.first, self.second = first, second


def moment(local: datetime, zone: ZoneInfo) -> datetime:
    """The moment at which clocks in `zone` show `local`, which has no zone of its own.

    Raises NoSuchTimeError and TwoSuchTimesError where there is not exactly one (PEP 495).
    """
    first, second = (local.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    if first.utcoffset() == second.utcoffset():
        return first
    if first.astimezone(UTC).astimezone(zone).replace(tzinfo=None) == local:
        raise TwoSuchTimesError(first, second)
    raise NoSuchTimeError(_change(first, second, zone))


def _change(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """The moment at which the clocks are put forward over a time (which either offset names)."""
    low, high = sorted((before.astimezone(UTC), after.astimezone(UTC)))
    old = low.astimezone(zone).utcoffset()
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) / 2
        if middle.astimezone(zone).utcoffset() == old:
            low = middle
        else:
            high = middle
    return high.replace(microsecond=0).astimezone(zone)
