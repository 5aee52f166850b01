"""The calendar at the desk, and as iCalendar (RFC 5545) at a secret address."""

from __future__ import annotations

import calendar
from collections import defaultdict
from datetime import date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe
from icalendar import Calendar, Event

from dateline.desk.planning import models, plan
from dateline.desk.planning.plan import Entry
from dateline.lib import newsroom

BACK, AHEAD = timedelta(days=31), timedelta(days=366)
"""How far a calendar program is told of what was and what comes."""


@require_safe
def month(request: HttpRequest) -> HttpResponse:
    """A month, day by day; `?month=2026-12&language=fr`."""
    user: Any = request.user
    first = _first_day(request.GET.get("month", ""))
    language = request.GET.get("language", "")
    if language and language not in settings.NEWSROOM.languages:
        raise Http404
    after = (first + timedelta(days=31)).replace(day=1)
    found = plan.entries(user, _start(first), _start(after), language)
    days: dict[date, list[Entry]] = defaultdict(list)
    for entry in found:
        days[timezone.localtime(entry.at).date()].append(entry)
    weeks = calendar.Calendar().monthdatescalendar(first.year, first.month)
    context = {
        "page_title": gettext("Planning"),
        "header_icon": "calendar",
        "weeks": [[(day, days.get(day, ()), day.month == first.month) for day in w] for w in weeks],
        "days": sorted(days.items()),
        "first": first,
        "before": (first - timedelta(days=1)).replace(day=1),
        "after": after,
        "today": timezone.localdate(),
        "zone": settings.TIME_ZONE,
        "languages": settings.NEWSROOM.languages,
        "language": language,
        "made": models.CalendarAddress.objects.filter(user=user).first(),
        "address": request.session.pop(_SHOWN, ""),
    }
    return render(request, "desk/planning/month.html", context)


_SHOWN = "calendar_address"


@require_POST
def address(request: HttpRequest) -> HttpResponse:
    """Make a new secret address, which is shown once, or end the one there is."""
    user: Any = request.user
    if request.POST.get("do") == "end":
        models.CalendarAddress.objects.filter(user=user).delete()
    else:
        secret = models.make(user)
        request.session[_SHOWN] = settings.ORIGIN + reverse("desk_calendar", args=[secret])
    return redirect("desk_planning")


@require_safe
def ics(request: HttpRequest, secret: str) -> HttpResponse:
    """The plan of whoever has this secret, as iCalendar; 404 for every other text."""
    user = models.whose(secret)
    if user is None or not user.has_perm("wagtailadmin.access_admin"):
        raise Http404
    now = timezone.now()
    entries = plan.entries(user, now - BACK, now + AHEAD)
    response = HttpResponse(_written(entries), content_type="text/calendar; charset=utf-8")
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex"
    return response


def _written(entries: list[Entry]) -> bytes:
    name = newsroom.say(settings.NEWSROOM.name, "en")
    written = Calendar()
    written.add("prodid", f"-//{name}//Dateline//")
    written.add("version", "2.0")
    written.add("x-wr-calname", f"{name}: {gettext('Planning')}")
    for entry in entries:
        event = Event()
        event.add("uid", f"{entry.pk}-{entry.kind}@{settings.ORIGIN.partition('//')[2]}")
        event.add("dtstamp", timezone.now())
        event.add("dtstart", entry.at)
        event.add("summary", f"{entry.headline} ({entry.label})")
        event.add("url", settings.ORIGIN + f"/desk/stories/edit/{entry.pk}/")
        event.add("class", "CONFIDENTIAL")
        written.add_component(event)
    return bytes(written.to_ical())


def _first_day(text: str) -> date:
    """ "2026-12" → its first day; this month where nothing is asked. 404 for anything else."""
    if not text:
        return timezone.localdate().replace(day=1)
    try:
        return datetime.strptime(text, "%Y-%m").date()  # noqa: DTZ007 - a month has no zone
    except ValueError as error:
        raise Http404 from error


def _start(day: date) -> datetime:
    return datetime.combine(day, time.min, timezone.get_default_timezone())
