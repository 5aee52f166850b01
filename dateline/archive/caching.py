"""What caches may do with a public answer: how long they keep it, and by which keys it is purged.

Every exit gives its answers through `public`. Two clocks run: without caches that can be purged
(DATELINE_PURGE_URLS) nothing is shown longer than FRESH seconds after it was made; with them the
shared cache keeps an answer for an hour and is told what changed (`dateline.operations.purging`).
Decision 0009 gives the reasons.
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Iterable
from datetime import datetime
from functools import partial
from typing import TypeVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import http_date

from dateline.archive import freshness
from dateline.archive.query import Query
from dateline.publishing import schedule

FRESH = 60
"""Seconds an answer may be shown from a cache that cannot be purged: how long a withdrawn story
can outlive its verb there. The last REVALIDATING of them it is shown while it is fetched anew."""
REVALIDATING = 15
PURGED_FRESH = 3600
"""The same for a cache that is told of changes; the bound should it ever miss a word."""
OUTAGE = 24 * 3600
"""Seconds beyond which a purged cache no longer answers for a site that is down (RFC 5861)."""
OUTAGE_UNPURGED = 600
"""The same for any other cache, which does not hear of a kill: a restart, not a day."""

EVERYTHING = "all"
"""The key of every answer: terms' names and the frame stand on all of them."""
EVERY_LIST = "lists"
"""The key of what counts or lists texts of all languages."""

_LOOK = 1.0
_moment: tuple[float, datetime | None] = (0.0, None)
_lock = threading.Lock()


def story_key(number: int | None) -> str:
    """The key of all that shows a story of this number, in whichever language.

    A story that is public has a number; the type allows for drafts.
    """
    return f"s{number}"


def list_key(language: str) -> str:
    """The key of what lists texts of this language and counts no others."""
    return f"list-{language}"


def query_keys(query: Query) -> tuple[str, ...]:
    """The keys of an answer that lists what a query finds, without counts of other languages."""
    return tuple(map(list_key, query.languages)) or (EVERY_LIST,)


def public(
    request: HttpRequest,
    response: HttpResponseBase,
    keys: Iterable[str] = (),
    *,
    modified: datetime | None = None,
    until: datetime | None = None,
    ask: bool = False,
) -> HttpResponseBase:
    """The answer with its caching headers, or 304 where the reader has it already.

    `keys` name what it shows (`story_key`, `list_key`, EVERY_LIST); one without keys is never kept
    beyond FRESH. `modified`: when what it was made of last changed. `until`: the moment from which
    it must not be shown at all, such as its story's expiry. `ask`: readers' own caches ask each
    time. An ETag is made unless the answer has one; a stream must not have been begun yet.
    """
    keys = tuple(keys)
    if response.status_code == 200 and not response.has_header("ETag"):
        response["ETag"] = _tag(request, response)
    seconds = int(modified.timestamp()) if modified else None
    if seconds:
        response["Last-Modified"] = http_date(seconds)
    kept = partial(control, purged=bool(keys), until=until, ask=ask)
    response["Cache-Control"] = kept()
    if keys:
        response["Surrogate-Key"] = " ".join(dict.fromkeys((*keys, EVERYTHING)))
    answer = _conditional(request, response, seconds) if response.status_code == 200 else response
    answer.control = kept  # type: ignore[attr-defined] # for `archive.revalidation`
    return answer


def _tag(request: HttpRequest, response: HttpResponseBase) -> str:
    """Of the content; of all it will be made from, where it is yet to be read."""
    if isinstance(response, HttpResponse):
        return etag(response.content)
    return freshness.tag(request.get_full_path())


def etag(content: bytes) -> str:
    """A strong entity tag of some bytes."""
    return f'"{hashlib.blake2b(content, digest_size=12).hexdigest()}"'


def control(*, purged: bool, until: datetime | None = None, ask: bool = False) -> str:
    """The value of Cache-Control (RFC 9111, RFC 5861).

    An answer that must not outlive a moment of its own is not shown after it, even while the site
    is down. What is to come shortens nothing: it would tell the world when an embargo ends.
    """
    purged = purged and bool(settings.PURGE_URLS)
    if ask and not purged:
        return "public, no-cache"
    left = _left(until)
    fresh = 0 if ask else min(FRESH - REVALIDATING, left)
    parts = ["public", f"max-age={fresh}"]
    if purged:
        parts.append(f"s-maxage={min(PURGED_FRESH, left)}")
    kept = min(PURGED_FRESH, left) if purged else fresh
    revalidating = min(REVALIDATING, left - kept)
    outage = min(OUTAGE if purged else OUTAGE_UNPURGED, left - kept)
    parts += [f"stale-while-revalidate={revalidating}", f"stale-if-error={outage}"]
    return ", ".join(parts)


def _left(moment: datetime | None) -> int:
    """Whole seconds until a moment; at least one, for one that is past but not yet acted on."""
    if moment is None:
        return PURGED_FRESH + OUTAGE
    return max(1, int((moment - timezone.now()).total_seconds()))


def next_moment() -> datetime | None:
    """`schedule.next_moment`, looked up at most once a second: a page under a flood asks it too."""
    global _moment
    looked, moment = _moment
    if time.monotonic() - looked < _LOOK:
        return moment
    with _lock:
        _moment = time.monotonic(), schedule.next_moment()
        return _moment[1]


def forget() -> None:
    """Look the next moment up anew (tests)."""
    global _moment
    _moment = (0.0, None)


def _conditional(
    request: HttpRequest, response: HttpResponseBase, seconds: int | None
) -> HttpResponseBase:
    known = response.get("ETag")
    answer = get_conditional_response(request, known, seconds, response)  # type: ignore[arg-type]
    assert answer is not None  # noqa: S101 - it is given an answer to fall back on
    if answer is not response and response.has_header("Surrogate-Key"):
        answer["Surrogate-Key"] = response["Surrogate-Key"]
    return answer


_Answer = TypeVar("_Answer", bound=HttpResponseBase)


def private(response: _Answer) -> _Answer:
    """Take back what lets an answer be kept: it is one reader's own."""
    for header in ("ETag", "Last-Modified", "Surrogate-Key"):
        del response[header]
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex"
    vars(response).pop("control", None)
    return response
