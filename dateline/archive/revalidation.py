"""Answering “is it still so?” without making the answer anew.

A reader or cache that has an answer asks with its ETag whether it still holds. The answer was made
from the store as the outbox tells it, from the index, and of the day it was made on. Where none of
these has changed since this process made the answer, it would be the same again. What no outbox
tells, such as the new title of a picture, is seen when the memory of the answer ends, after FRESH
seconds: as long as any cache may show it anyway.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.db import Error
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotModified
from django.utils import timezone
from django.utils.http import parse_etags

from dateline.archive import caching, index
from dateline.archive.engines.base import EngineError
from dateline.publishing import outbox
from dateline.vocabularies.models import Stamp

MOST = 10_000
"""Answers remembered by a process; half a kilobyte each."""
_REPEATED = ("ETag", "Last-Modified", "Surrogate-Key", "Content-Language", "Link")


@dataclass(frozen=True, slots=True)
class State:
    """All that answers are made of, as far as it changes by itself or by a verb."""

    head: int
    cursor: int
    vocabulary: int
    day: date


@dataclass(frozen=True, slots=True)
class _Answer:
    state: State
    made: float
    headers: dict[str, str]
    control: Callable[[], str]


_lock = threading.Lock()
_answers: OrderedDict[str, _Answer] = OrderedDict()


def state() -> State | None:
    """The present state; None while something is due that nobody has acted on, or on any failure.

    To be taken before an answer is made: what changes meanwhile then makes the state another one.
    """
    try:
        due = caching.next_moment()
        if due is not None and due <= timezone.now():
            return None
        stamp = Stamp.objects.values_list("value", flat=True).first() or 0
        return State(outbox.head(), index.engine().cursor(), stamp, timezone.localdate())
    except (Error, EngineError):
        return None


def unchanged(request: HttpRequest, now: State | None) -> HttpResponse | None:
    """304, if the reader has what would be answered; None if that is not known."""
    tags = request.headers.get("If-None-Match")
    held = _answers.get(request.get_full_path())
    if not tags or held is None or held.state != now:
        return None
    if time.monotonic() - held.made > caching.FRESH or not _matches(tags, held.headers["ETag"]):
        return None
    response = HttpResponseNotModified()
    for name, value in held.headers.items():
        response[name] = value
    response["Cache-Control"] = held.control()
    return response


def remember(request: HttpRequest, response: HttpResponseBase, before: State | None) -> None:
    """Keep in mind what was answered in a state, if it was one of `caching.public` for everyone."""
    control = getattr(response, "control", None)
    if before is None or control is None or response.status_code not in (200, 304):
        return
    if any(response.has_header(name) for name in ("Vary", "Set-Cookie")):
        return
    headers = {name: response[name] for name in _REPEATED if response.has_header(name)}
    if "ETag" not in headers:
        return
    with _lock:
        _answers[request.get_full_path()] = _Answer(before, time.monotonic(), headers, control)
        _answers.move_to_end(request.get_full_path())
        while len(_answers) > MOST:
            _answers.popitem(last=False)


def forget() -> None:
    """Forget all answers (tests)."""
    with _lock:
        _answers.clear()


def _matches(tags: str, etag: str) -> bool:
    """Weak comparison (RFC 9110, 13.1.2)."""
    asked = {tag.removeprefix("W/") for tag in parse_etags(tags)}
    return "*" in asked or etag.removeprefix("W/") in asked
