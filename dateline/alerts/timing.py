"""When a subscription's next mail is due, by the clock on the subscriber's wall."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from dateline.alerts.models import Frequency


def due(frequency: str, hour: int, weekday: int, zone: str, now: datetime) -> datetime:
    """The moment at which what is found now is sent.

    At once means after ALERTS_HOLD seconds. Otherwise the next time the clock of the zone shows
    the hour (on that weekday, Monday being 0), strictly after now: once a day, also where clocks
    change. An hour left out in spring is the one after it, one that comes twice the first of them.
    """
    if frequency == Frequency.AT_ONCE:
        return now + timedelta(seconds=settings.ALERTS_HOLD)
    local = ZoneInfo(zone)
    day = now.astimezone(local).date()
    while True:
        moment = datetime.combine(day, time(hour), local).astimezone(UTC)
        if moment > now and (frequency == Frequency.DAILY or day.weekday() == weekday):
            return moment
        day += timedelta(days=1)
