"""Telling the caches in front of the site what changed: a courier for each follows the outbox.

A change becomes keys (`dateline.archive.caching`), sent as `PURGE` requests with a `Surrogate-Key`
header. A story's own keys, and everything that could show what was withdrawn, are dropped; other
lists are marked as stale (`Soft-Purge: 1`), so that a crowd is answered while they are fetched.

Three rounds, each with a cursor of its own: withdrawals at once, whatever the index; every change
once this machine's index has it, since lists are made from that; and the same again after ECHO, for
answers that were made from the state before and reached the cache behind the first word.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from urllib.parse import urlsplit

import httpx
from django.conf import settings
from django.utils import timezone

from dateline.archive import caching, index
from dateline.publishing import outbox
from dateline.publishing.models import Change, Cursor, Datestamp, Subject

BATCH = 500
AT_ONCE = 200
"""Keys in one request: some 2 kB, a quarter of what caches take in a header."""
ECHO = timedelta(seconds=5)
"""More than an answer takes to be made, and another node's index to follow."""
TIMEOUT = 5.0
ROUNDS = ("now", "indexed", "echo")

_told: dict[str, int] = {}
"""How far the outbox is known to have been told to a cache, in all rounds."""


class PurgeError(Exception):
    """A cache was not reached or did not obey; it is told again later."""


@dataclass
class Keys:
    """What a cache must drop, and what it may show once more while it fetches it anew."""

    drop: set[str] = field(default_factory=set)
    renew: set[str] = field(default_factory=set)


def carry(url: str) -> bool:
    """Tell one cache of the next changes; True when there may be more. Raises PurgeError.

    One cheap query while nothing has changed.
    """
    head = outbox.head()
    if _told.get(url) == head:
        return False
    rounds = [_round(url, name) for name in ROUNDS]
    if all(reached == head for reached, _ in rounds):
        _told[url] = head
    return any(more for _, more in rounds)


def name_of(url: str) -> str:
    """What a cache is called in logs and locks: its host and port, never its password."""
    parts = urlsplit(url)
    return f"{parts.hostname}:{parts.port}" if parts.port else str(parts.hostname)


def since(url: str) -> datetime | None:
    """Since when the oldest change waits that the cache was not told of; None when none does."""
    told = Cursor.objects.filter(name=_cursor(url, "indexed")).first()
    if told is None:
        return None
    waiting = Change.objects.filter(sequence__gt=told.sequence).order_by("sequence")
    return waiting.values_list("at", flat=True).first()


def keys_of(changes: Iterable[Change]) -> Keys:
    """The keys of all that shows what changed. A story never public yet is in no cache."""
    changes = list(changes)
    withdrawn = {change.story_id for change in changes if change.withdraws}
    found = Keys()
    if any(change.subject == Subject.VOCABULARY for change in changes):
        found.renew.add(caching.EVERYTHING)
    for stamp in Datestamp.objects.filter(story_id__in=[change.story_id for change in changes]):
        lists = {caching.list_key(stamp.language), caching.EVERY_LIST}
        found.drop.add(caching.story_key(stamp.number))
        (found.drop if stamp.story_id in withdrawn else found.renew).update(lists)
    found.renew -= found.drop
    return found


def _round(url: str, name: str) -> tuple[int, bool]:
    """One round; returns how far it has come, and whether it can go on at once."""
    cursor = _cursor(url, name)
    told, new = Cursor.objects.get_or_create(name=cursor, defaults={"sequence": outbox.head()})
    if new:
        return told.sequence, False
    if told.sequence < outbox.floor():
        # What it was not told of is forgotten here too: all it holds may be out of date.
        _send(url, Keys(drop={caching.EVERYTHING}))
        told.sequence = outbox.floor()
    changes = _next(told.sequence, name)
    if not changes:
        return told.sequence, False
    _send(url, keys_of([one for one in changes if name != "now" or one.withdraws]))
    Cursor.objects.filter(name=cursor).update(sequence=changes[-1].sequence)
    return changes[-1].sequence, len(changes) == BATCH


def _next(cursor: int, name: str) -> list[Change]:
    changes = outbox.after(cursor, BATCH)
    if not changes or name == "now":
        return changes
    indexed = index.engine().cursor()
    latest = timezone.now() - (ECHO if name == "echo" else timedelta(0))
    return [one for one in changes if one.sequence <= indexed and one.at <= latest]


def _cursor(url: str, name: str) -> str:
    digest = hashlib.blake2b(url.encode(), digest_size=8).hexdigest()
    return f"purge {digest} {name}"


def _send(url: str, keys: Keys) -> None:
    for chosen, soft in ((sorted(keys.drop), {}), (sorted(keys.renew), {"Soft-Purge": "1"})):
        for start in range(0, len(chosen), AT_ONCE):
            _purge(url, {"Surrogate-Key": " ".join(chosen[start : start + AT_ONCE]), **soft})


def _purge(url: str, headers: dict[str, str]) -> None:
    try:
        answer = _client(url).request("PURGE", url, headers=headers)
    except httpx.HTTPError as error:
        raise PurgeError(f"the cache {name_of(url)} is not reached: {error}") from error
    if not answer.is_success:
        raise PurgeError(f"the cache {name_of(url)} answered {answer.status_code}")


@lru_cache(maxsize=32)
def _client(_url: str) -> httpx.Client:
    """A connection that stays open, for the one thread that talks to this cache."""
    return httpx.Client(timeout=TIMEOUT)


def late() -> list[str]:
    """The caches that wait for a word for longer than they should."""
    limit = timezone.now() - timedelta(seconds=caching.FRESH)
    waiting = {url: since(url) for url in settings.PURGE_URLS}
    return [name_of(url) for url, at in waiting.items() if at and at < limit]
