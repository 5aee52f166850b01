"""What a reader can do about mails: ask, confirm, change, pause, leave. Each is one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from dateline.alerts import consent, questions, timing
from dateline.alerts.models import (
    Delivery,
    Frequency,
    Mail,
    MailState,
    Purpose,
    Request,
    Standing,
    Subscriber,
    Subscription,
    new_key,
)
from dateline.archive import percolate
from dateline.archive.query import Query
from dateline.vocabularies import snapshot as vocabularies

PER_ADDRESS, PER_CLIENT = 4, 20
"""Mails to one address, and wishes of one client, within WINDOW."""
WINDOW = timedelta(hours=1)
MOST_LISTS = 50
"""Lists that one address may follow."""


class TooMany(Exception):  # noqa: N818 - not a defect
    """This client has asked too often; it may again after WINDOW."""


@dataclass(frozen=True)
class When:
    """How often, and at which hour (and on which day, Monday being 0) of the subscriber's clock."""

    frequency: str = Frequency.AT_ONCE
    hour: int = 8
    weekday: int = 0


def fold(address: str) -> str:
    """An address as addresses are told apart here; capital letters make no other mailbox."""
    return address.strip().casefold()


def ask(
    query: Query, languages: Sequence[str], when: When, zone: str, address: str, client: str
) -> None:
    """Send a mail by which the address's owner can confirm the wish to follow a query.

    Whether the address is known makes no difference. One that was written to often enough is not
    written to again, and nobody is told. Raises TooMany for a client that asks too often.
    """
    now, folded = timezone.now(), fold(address)
    _check_client(client, now)
    plain = questions.plain(query, languages)
    with transaction.atomic():
        request = Request.objects.create(
            address=address.strip(),
            folded=folded,
            client=client,
            made_at=now,
            language=plain.language,
            zone=zone,
            text=questions.write(plain, vocabularies.current()),
            languages=",".join(languages),
            wording=consent.WORDING,
            **asdict(when),
        )
        if not _is_pestered(folded, now):
            _post(Purpose.CONFIRMATION, now, request=request)


def ask_for_link(address: str, client: str, language: str) -> None:
    """Send a new link to their own page to a subscriber; others get nothing, and it looks the same.

    Raises TooMany.
    """
    now, folded = timezone.now(), fold(address)
    _check_client(client, now)
    with transaction.atomic():
        # Counted like any other wish, whoever asks, so that counting tells nothing either.
        Request.objects.create(
            address="",
            folded=folded,
            client=client,
            made_at=now,
            language=language,
            languages=language,
            zone="UTC",
            **asdict(When()),
        )
        subscriber = Subscriber.objects.filter(folded=folded).first()
        if subscriber and not _is_pestered(folded, now):
            _post(Purpose.LINK, now, subscriber=subscriber)


def _check_client(client: str, now: datetime) -> None:
    recent = Request.objects.filter(client=client, made_at__gt=now - WINDOW)
    if recent.count() >= PER_CLIENT:
        raise TooMany


def _is_pestered(folded: str, now: datetime) -> bool:
    """Whether the address was written to often enough, this last wish included."""
    recent = Request.objects.filter(folded=folded, made_at__gt=now - WINDOW)
    return recent.count() > PER_ADDRESS


def _post(purpose: Purpose, now: datetime, **whom: Any) -> None:
    Mail.objects.create(purpose=purpose, due=now, made_at=now, **whom)


# --- following --------------------------------------------------------------------------------
@transaction.atomic
def confirm(request: Request) -> Subscriber:
    """Make a request a subscription; one that is there already takes over what was chosen."""
    now = timezone.now()
    subscriber, new = Subscriber.objects.get_or_create(
        folded=request.folded,
        defaults={
            "address": request.address,
            "language": request.language,
            "zone": request.zone,
            "confirmed_at": now,
            "wording": request.wording,
        },
    )
    if not new:
        Subscriber.objects.filter(pk=subscriber.pk).update(
            zone=request.zone, language=request.language, standing=Standing.ACTIVE, failures=0
        )
        subscriber.refresh_from_db()
    _follow(subscriber, request, now)
    request.delete()
    return subscriber


def _follow(subscriber: Subscriber, request: Request, now: datetime) -> None:
    snapshot = vocabularies.current()
    query = questions.read(request.languages.split(",")[0], request.text, snapshot)
    question = questions.keep(query, snapshot)
    chosen = {
        "languages": request.languages,
        "frequency": request.frequency,
        "hour": request.hour,
        "weekday": request.weekday,
        "confirmed_at": now,
        "wording": request.wording,
    }
    same = subscriber.subscriptions.filter(question=question)
    if not same.update(**chosen) and subscriber.subscriptions.count() < MOST_LISTS:
        Subscription.objects.create(subscriber=subscriber, question=question, **chosen)
    _reschedule(subscriber)


@transaction.atomic
def change(subscription: Subscription, when: When, languages: Sequence[str]) -> None:
    """Another frequency, or other languages; what waits already goes by the new clock."""
    snapshot = vocabularies.current()
    old = subscription.question
    query = questions.plain(questions.read(old.language, old.text, snapshot), languages)
    question = questions.keep(query, snapshot)
    taken = subscription.subscriber.subscriptions.filter(question=question)
    if not taken.exclude(pk=subscription.pk).exists():
        subscription.question, subscription.languages = question, ",".join(languages)
    for name, value in asdict(when).items():
        setattr(subscription, name, value)
    subscription.save()
    _reschedule(subscription.subscriber)
    questions.forget_unasked()


@transaction.atomic
def settle_in(subscriber: Subscriber, zone: str, language: str) -> None:
    """Another time zone, or another language for the mails' own words."""
    subscriber.zone, subscriber.language = zone, language
    subscriber.save(update_fields=["zone", "language"])
    _reschedule(subscriber)


def _reschedule(subscriber: Subscriber) -> None:
    """What waits and is in no mail yet is due by the subscriptions as they are now."""
    now = timezone.now()
    waiting = subscriber.deliveries.filter(waiting=True, mail=None, sequence=0)
    for one in waiting.select_related("subscription"):
        if one.subscription:
            one.due = _due(one.subscription, subscriber.zone, now)
            one.save(update_fields=["due"])


def _due(subscription: Subscription, zone: str, now: datetime) -> datetime:
    when = subscription.frequency, subscription.hour, subscription.weekday
    return timing.due(*when, zone, now)


@transaction.atomic
def end(subscription: Subscription) -> None:
    """Follow one list no more. What waits for it goes with it, unless another list finds it too."""
    subscriber = subscription.subscriber
    waiting = list(subscription.deliveries.filter(waiting=True, mail=None, sequence=0))
    subscription.delete()
    _hand_on(subscriber, waiting)
    questions.forget_unasked()


def _hand_on(subscriber: Subscriber, waiting: Sequence[Delivery]) -> None:
    if not waiting:
        return
    now, snapshot = timezone.now(), vocabularies.current()
    others = list(subscriber.subscriptions.select_related("question"))
    with percolate.few([one.story_id for one in waiting]) as stories:
        found = [
            (other, stories.found_by(questions.read(q.language, q.text, snapshot)))
            for other in others
            for q in (other.question,)
        ]
    for one in waiting:
        heirs = [(_due(other, subscriber.zone, now), other) for other, ids in found
                 if one.story_id in ids]  # fmt: skip
        if heirs:
            one.due, one.subscription = min(heirs, key=lambda heir: heir[0])
            one.save(update_fields=["due", "subscription"])
        else:
            one.delete()


# --- all at once ------------------------------------------------------------------------------
@transaction.atomic
def pause(subscriber: Subscriber) -> None:
    """Send nothing until `resume`; what is published meanwhile is not sent afterwards either."""
    Subscriber.objects.filter(pk=subscriber.pk).update(standing=Standing.PAUSED)
    subscriber.deliveries.filter(waiting=True).update(waiting=False, dropped=True)
    subscriber.mails.filter(state=MailState.WAITING).update(state=MailState.DROPPED)


def resume(subscriber: Subscriber) -> None:
    """Send again from now on, also to an address that was thought to be dead."""
    Subscriber.objects.filter(pk=subscriber.pk).update(standing=Standing.ACTIVE, failures=0)


def renew_links(subscriber: Subscriber) -> None:
    """End the links in all mails sent so far."""
    subscriber.key = new_key()
    subscriber.save(update_fields=["key"])


@transaction.atomic
def leave(subscriber: Subscriber) -> None:
    """End everything and erase everything: address, lists, and what was sent."""
    Request.objects.filter(folded=subscriber.folded).delete()
    subscriber.delete()
    questions.forget_unasked()


def record(subscriber: Subscriber) -> Mapping[str, Any]:
    """All that is kept about a subscriber (GDPR, articles 15 and 20), ready for JSON."""
    return {
        "address": subscriber.address,
        "language": subscriber.language,
        "time_zone": subscriber.zone,
        "standing": subscriber.standing,
        "consent": {"at": subscriber.confirmed_at.isoformat(), "wording": subscriber.wording},
        "lists": [
            {
                "language": one.question.language,
                "query": one.question.text,
                "languages": one.languages.split(","),
                "frequency": one.frequency,
                "hour": one.hour,
                "weekday": one.weekday,
                "consent": {"at": one.confirmed_at.isoformat(), "wording": one.wording},
            }
            for one in subscriber.subscriptions.select_related("question")
        ],
        "sent": [
            {
                "number": one.number,
                "version": one.version,
                "correction": bool(one.sequence),
                "at": one.mail.sent_at.isoformat() if one.mail and one.mail.sent_at else None,
            }
            for one in subscriber.deliveries.select_related("mail").order_by("pk")
        ],
    }
