"""The log as a file, for whoever examines it elsewhere: CSV or one JSON object a line."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, StreamingHttpResponse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_GET
from wagtail.log_actions import log
from wagtail.models import ModelLogEntry

from dateline.desk.audit.recording import EXPORTED
from dateline.formats.csv import protect

HEADER = ("at", "person", "action", "about", "id", "title", "data")
_BATCH = 500


def entries(given: Any) -> QuerySet[ModelLogEntry]:
    """The log, newest first, narrowed by `user` (key), `action`, `story` (key), `since`, `until`
    (days of the newsroom's calendar, both inclusive); what is empty or no such thing is a 404.
    """
    narrowed = {"user": "user_id", "story": "object_id", "action": "action"}
    found: QuerySet[ModelLogEntry] = ModelLogEntry.objects.select_related(
        "user", "content_type"
    ).order_by("-timestamp")
    for name, field in narrowed.items():
        if value := given.get(name):
            if name == "user" and not value.isdecimal():
                raise Http404
            found = found.filter(**{field: value})
    if given.get("story"):
        found = found.filter(content_type__app_label="stories", content_type__model="story")
    if day := given.get("since"):
        found = found.filter(timestamp__gte=_moment(day, time.min))
    if day := given.get("until"):
        found = found.filter(timestamp__lte=_moment(day, time.max))
    return found


def _moment(text: str, at: time) -> datetime:
    try:
        day: date | None = parse_date(text)
    except ValueError as error:
        raise Http404 from error
    if day is None:
        raise Http404
    return timezone.make_aware(datetime.combine(day, at))


def _row(entry: ModelLogEntry) -> dict[str, Any]:
    kind = entry.content_type
    return {
        "at": entry.timestamp.astimezone(UTC).isoformat(),
        "person": entry.user.get_username() if entry.user else None,
        "action": entry.action,
        "about": f"{kind.app_label}.{kind.model}" if kind else None,
        "id": entry.object_id,
        "title": entry.label,
        "data": entry.data,
    }


def as_csv(found: QuerySet[ModelLogEntry]) -> Iterator[bytes]:
    """A line an entry, in UTF-8 with a mark; no cell can be taken for a formula."""
    yield "\ufeff".encode() + _line(HEADER)
    for entry in found.iterator(_BATCH):
        row = _row(entry)
        row["data"] = json.dumps(row["data"], ensure_ascii=False)
        yield _line(protect(str(row[name] or "")) for name in HEADER)


def _line(cells: Any) -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer).writerow(cells)
    return buffer.getvalue().encode()


def as_ndjson(found: QuerySet[ModelLogEntry]) -> Iterator[bytes]:
    """A JSON object a line."""
    for entry in found.iterator(_BATCH):
        yield json.dumps(_row(entry), ensure_ascii=False).encode() + b"\n"


FORMS = {"csv": (as_csv, "text/csv"), "ndjson": (as_ndjson, "application/x-ndjson")}


@require_GET
def export(request: HttpRequest, ending: str) -> StreamingHttpResponse:
    """Stream the log; the door of this address lets administrators alone in. Noted itself."""
    if ending not in FORMS:
        raise Http404
    write, media_type = FORMS[ending]
    found = entries(request.GET)
    log(request.user, EXPORTED, user=request.user, data={"asked": request.GET.dict()})
    response = StreamingHttpResponse(write(found), content_type=media_type)
    response["Content-Disposition"] = f'attachment; filename="audit.{ending}"'
    response["Cache-Control"] = "private, no-store"
    return response
