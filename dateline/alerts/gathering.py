"""From changes in the outbox to what is to be sent to whom.

The cursor moves only when everything a change brings is written down. What is written is told apart
by (subscriber, release, sequence), so that a round killed anywhere is simply done again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from django.db import transaction
from django.utils import timezone

from dateline.alerts import questions, timing
from dateline.alerts.models import (
    Announced,
    Delivery,
    Standing,
    Subscription,
)
from dateline.archive import percolate
from dateline.publishing import outbox, visibility
from dateline.publishing.models import Cursor, Kind, Subject, Version
from dateline.stories.models import Story
from dateline.vocabularies import snapshot as vocabularies
from dateline.vocabularies.snapshot import Snapshot

NAME = "alerts"
BATCH = 500
RECENT = timedelta(days=3)
"""What is dated further back is no news: an old release imported, or a date set right."""
AT_ONCE = 2000
"""Deliveries in one transaction: a fraction of a second, in which no other writer can write."""

_CORRECTING = (Kind.CORRECTION, Kind.RETRACTION, Kind.KILL)


def gather() -> bool:
    """Write down what the next changes bring; True when there may be more of them."""
    cursor, new = Cursor.objects.get_or_create(name=NAME, defaults={"sequence": outbox.head()})
    if new:  # what was published before anybody followed is no news
        return False
    changes = outbox.after(cursor.sequence, BATCH)
    if not changes:
        return False
    now = timezone.now()
    snapshot = vocabularies.current()
    if any(change.subject == Subject.VOCABULARY for change in changes):
        questions.carry_along(snapshot)
    ids = {change.story_id for change in changes if change.story_id is not None}
    news = _news(ids, now)
    _write(_announcements(news, snapshot, now))
    _write(_corrections(ids, now))
    with transaction.atomic():
        fresh = [Announced(story_id=pk, at=now) for pk in news]
        Announced.objects.bulk_create(fresh, ignore_conflicts=True)
        Cursor.objects.filter(name=NAME).update(sequence=changes[-1].sequence)
    return len(changes) == BATCH


def _write(deliveries: Iterable[Delivery]) -> None:
    """Each batch a transaction of its own; what is there already stays as it is."""
    batch: list[Delivery] = []
    for delivery in deliveries:
        batch.append(delivery)
        if len(batch) == AT_ONCE:
            Delivery.objects.bulk_create(batch, ignore_conflicts=True)
            batch = []
    Delivery.objects.bulk_create(batch, ignore_conflicts=True)


# --- stories that are new ---------------------------------------------------------------------
@dataclass(frozen=True)
class _Text:
    """A text that is news."""

    id: int
    number: int
    language: str


def _news(ids: Collection[int], now: datetime) -> dict[int, _Text]:
    """Those that are public, dated within RECENT and were not news before."""
    told = Announced.objects.filter(story_id__in=ids).values_list("story_id", flat=True)
    stories = visibility.listed(Story.objects.filter(pk__in=set(ids) - set(told)), now)
    return {
        story.pk: _Text(story.pk, story.number or 0, story.language)
        for story in stories
        if story.instant is not None and story.instant >= now - RECENT
    }


def _announcements(
    news: Mapping[int, _Text], snapshot: Snapshot, now: datetime
) -> Iterator[Delivery]:
    """One for each subscriber and release, however many subscriptions find it."""
    found = _found(news, snapshot, now)
    best: dict[tuple[int, int], _Offer] = {}
    for follower in _following(found):
        for offer in _offers(follower, [news[pk] for pk in found[follower.question]], now):
            key = (follower.subscriber, offer.text.number)
            if key not in best or offer.order < best[key].order:
                best[key] = offer
    _improve(best, news)
    for (subscriber, number), offer in best.items():
        yield Delivery(
            subscriber_id=subscriber,
            subscription_id=offer.follower.subscription,
            number=number,
            story_id=offer.text.id,
            due=offer.due,
        )


def _found(
    news: Mapping[int, _Text], snapshot: Snapshot, now: datetime
) -> dict[int, frozenset[int]]:
    """Question → the texts it finds. Only questions that share something with them are asked."""
    if not news:
        return {}
    with percolate.few([*news], now) as stories:
        answers = (
            (one.pk, stories.found_by(questions.read(one.language, one.text, snapshot)))
            for one in questions.kept_by(stories.keys)
        )
        return {pk: answer for pk, answer in answers if answer}


@dataclass(frozen=True, slots=True)
class _Follower:
    """A subscription, as far as it matters here: there may be a hundred thousand."""

    subscription: int
    subscriber: int
    question: int
    languages: str
    when: tuple[str, int, int, str]

    def rank(self, language: str) -> int:
        """How far down a language stands in the subscriber's preference."""
        liked = self.languages.split(",")
        return liked.index(language) if language in liked else len(liked)


@dataclass(frozen=True, slots=True)
class _Offer:
    """A text for a follower, and when it would be sent."""

    follower: _Follower
    text: _Text
    due: datetime

    @property
    def order(self) -> tuple[datetime, int]:
        """Sooner is better, then the language liked best."""
        return self.due, self.follower.rank(self.text.language)


def _following(found: Collection[int]) -> Iterator[_Follower]:
    """The subscriptions to these questions of those who are written to."""
    ids = sorted(found)
    for start in range(0, len(ids), 500):
        rows = Subscription.objects.filter(
            question__in=ids[start : start + 500], subscriber__standing=Standing.ACTIVE
        ).values_list(
            *("pk", "subscriber_id", "question_id", "languages"),
            *("frequency", "hour", "weekday", "subscriber__zone"),
        )
        for pk, subscriber, question, tongues, *when in rows.iterator(chunk_size=5000):
            frequency, hour, weekday, zone = when
            yield _Follower(pk, subscriber, question, tongues, (frequency, hour, weekday, zone))


def _offers(follower: _Follower, texts: Iterable[_Text], now: datetime) -> Iterator[_Offer]:
    """Of each release the text in the language the subscriber likes best."""
    moment = _due(follower.when, now)
    by_number: dict[int, list[_Text]] = defaultdict(list)
    for text in texts:
        by_number[text.number].append(text)
    for same in by_number.values():
        yield _Offer(follower, min(same, key=lambda text: follower.rank(text.language)), moment)


@lru_cache(maxsize=4096)
def _due(when: tuple[str, int, int, str], now: datetime) -> datetime:
    return timing.due(*when, now)


def _improve(best: Mapping[tuple[int, int], _Offer], news: Mapping[int, _Text]) -> None:
    """Where another language's text still waits and is liked less, the new one takes its place."""
    numbers = {text.number for text in news.values()}
    waiting = Delivery.objects.filter(number__in=numbers, sequence=0, waiting=True)
    rows = [one for one in waiting.exclude(story_id__in=news) if _key(one) in best]
    languages = {
        story.pk: story.language
        for story in Story.objects.filter(pk__in={one.story_id for one in rows})
    }
    for one in rows:
        offer = best[_key(one)]
        liked = offer.follower.rank(offer.text.language)
        if liked < offer.follower.rank(languages.get(one.story_id, "")):
            same = Delivery.objects.filter(pk=one.pk, waiting=True)
            same.update(story_id=offer.text.id)


def _key(one: Delivery) -> tuple[int, int]:
    return one.subscriber_id, one.number


# --- stories that were wrong ------------------------------------------------------------------
def _corrections(ids: Collection[int], now: datetime) -> Iterator[Delivery]:
    """For each who was sent a text since corrected, retracted or killed, the last of these.

    One that still waits is not among them: it will be made of what the story is then.
    """
    last = _last_corrections(ids)
    sent = Delivery.objects.filter(
        story_id__in=last,
        waiting=False,
        dropped=False,
        version__isnull=False,
        subscriber__standing=Standing.ACTIVE,
    ).values_list("subscriber_id", "subscription_id", "number", "story_id", "version")
    had: dict[tuple[int, int], tuple[int, int | None, int]] = {}
    for subscriber, subscription, number, story, version in sent.iterator(chunk_size=5000):
        before = had.get((subscriber, story), (0, None, 0))[0]
        if version is not None and version > before:
            had[subscriber, story] = (version, subscription, number)
    for (subscriber, story), (seen, followed, release) in had.items():
        if seen < last[story]:
            yield Delivery(
                subscriber_id=subscriber,
                subscription_id=followed,
                number=release,
                story_id=story,
                sequence=last[story],
                due=now,
            )


def _last_corrections(ids: Collection[int]) -> dict[int, int]:
    """Story → the number of its last version that corrects or withdraws."""
    rows = Version.objects.filter(story_id__in=ids, kind__in=_CORRECTING).order_by("number")
    return dict(rows.values_list("story_id", "number"))
