"""Months and years in the newsroom's time zone, as instants."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from dateline.archive.engines.embedded.postings import Integers

_FIRST = datetime.min.replace(tzinfo=ZoneInfo("UTC")) + timedelta(days=1)
_LAST = datetime.max.replace(tzinfo=ZoneInfo("UTC")) - timedelta(days=1)
_PERIOD = re.compile(r"(\d{4})(?:-(\d\d))?", re.ASCII)


class Months:
    """The months of the years from the first to the last.

    `names` are "2016-03"; month i is [starts[i], starts[i + 1]), the last one has no end.
    """

    def __init__(self, zone: ZoneInfo, first: int, last: int) -> None:
        years = range(first, last + 1)
        months = [(year, month) for year in years for month in range(1, 13)]
        self.names = [f"{year:04d}-{month:02d}" for year, month in months]
        self.starts: Integers = np.array([_start(zone, *month) for month in months], np.int64)


def spanned(first: int, last: int, zone: ZoneInfo) -> tuple[int, int]:
    """The years of two instants."""
    return _year(first, zone), _year(last, zone)


def bounds(period: str, zone: ZoneInfo) -> tuple[int, int] | None:
    """The instants [since, until) of "2016" or "2016-03"; None for what is no such period."""
    match = _PERIOD.fullmatch(period)
    if match is None or not 1 <= int(match[1]) <= 9999:
        return None
    year, month = int(match[1]), int(match[2] or 1)
    if not 1 <= month <= 12:
        return None
    after = (year + 1, 1) if match[2] is None or month == 12 else (year, month + 1)
    return _start(zone, year, month), _start(zone, *after)


def _start(zone: ZoneInfo, year: int, month: int) -> int:
    if year > _LAST.year:
        return 1 << 62
    return int(datetime(year, month, 1, tzinfo=zone).timestamp())


def _year(instant: int, zone: ZoneInfo) -> int:
    clamped = min(max(instant, int(_FIRST.timestamp())), int(_LAST.timestamp()))
    return datetime.fromtimestamp(clamped, zone).year
