"""Sending messages: in order for each endpoint, for days if need be, and never into the house."""

from __future__ import annotations

import logging
import random
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Min
from django.utils import timezone

from dateline.lib import fetch
from dateline.webhooks import secrets
from dateline.webhooks.models import Endpoint, Message, State

log = logging.getLogger(__name__)

DELAYS = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
"""Between attempts, as Standard Webhooks suggests: after three days a message is given up."""

JITTER = 0.2
"""Up to this share is added to each delay, so that many messages do not come back at once."""

KEPT = timedelta(days=30)
"""How long the text of a delivered message is kept; those given up keep theirs."""

_AT_ONCE = 8
_GONE = 410
allowed = fetch.public


@dataclass(frozen=True)
class Attempt:
    """What came of sending a message: the status, or 0 with the reason why there was none."""

    message: Message
    status: int
    answer: str
    retry_after: str = ""


def deliver() -> bool:
    """Try the first waiting message of every endpoint that is due; True when any was delivered.

    The first one holds back those behind it, so that each endpoint hears of things in order.
    """
    now = timezone.now()
    waiting = _first(now)
    if not waiting:
        return False
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        attempts = list(pool.map(lambda message: send(message, now), waiting))
    for attempt in attempts:
        settle(attempt, timezone.now())
    return any(attempt.message.state == State.DELIVERED for attempt in attempts)


def _first(now: datetime) -> list[Message]:
    heads = Message.objects.filter(state=State.WAITING, endpoint__active=True)
    first = heads.values("endpoint").annotate(first=Min("pk")).values_list("first", flat=True)
    due = Message.objects.filter(pk__in=[*first], due__lte=now)
    return list(due.select_related("endpoint"))


def send(message: Message, now: datetime) -> Attempt:
    """Send a message once. Touches no database: it runs on threads of a pool."""
    headers = {
        "Content-Type": "application/json",
        "webhook-id": message.name,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": secrets.signature(message, now),
    }
    try:
        found = fetch.post(message.endpoint.url, message.content.encode(), headers, allowed=allowed)
    except fetch.FetchError as error:
        return Attempt(message, 0, str(error))
    return Attempt(message, found.status, f"it answered {found.status}", found.retry_after)


def settle(attempt: Attempt, now: datetime) -> None:
    """Write down what came of an attempt, and when there will be another."""
    message = attempt.message
    message.attempts += 1
    message.answer = attempt.answer[:300]
    if 200 <= attempt.status < 300:
        message.state, message.delivered_at = State.DELIVERED, now
    elif attempt.status == _GONE:
        message.state = State.DEAD
        _stop(message.endpoint)
    elif message.attempts > len(DELAYS):
        message.state = State.DEAD
        log.warning("webhook %s: given up: %s", message.endpoint_id, message.answer)
    else:
        message.due = now + _delay(message.attempts, attempt.retry_after)
    message.save()


def replay(messages: Iterable[Message]) -> int:
    """Send messages again that were given up, before newer ones; returns how many."""
    now = timezone.now()
    dead = [message for message in messages if message.state == State.DEAD]
    for message in dead:
        message.state, message.attempts, message.due = State.WAITING, 0, now
        message.save()
    return len(dead)


def tidy() -> None:
    """Forget the text of what was delivered long ago; that it was told is still needed."""
    old = Message.objects.filter(state=State.DELIVERED, delivered_at__lt=timezone.now() - KEPT)
    old.exclude(content="").update(content="")


def _delay(attempts: int, retry_after: str) -> timedelta:
    wait = DELAYS[attempts - 1] * (1 + random.uniform(0, JITTER))  # noqa: S311 - spreads load only
    if retry_after.isascii() and retry_after.isdigit() and len(retry_after) < 7:
        wait = max(wait, timedelta(seconds=int(retry_after)))
    return min(wait, DELAYS[-1] * (1 + JITTER))


def _stop(endpoint: Endpoint) -> None:
    """A receiver that says it is gone is left alone (Standard Webhooks, "Endpoint disabling")."""
    Endpoint.objects.filter(pk=endpoint.pk).update(active=False, stopped="It answered 410 Gone.")
