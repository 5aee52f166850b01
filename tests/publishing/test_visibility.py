"""What is public, held against the rule written out for each state and moment."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import product
from typing import Any

import pytest
from build import draft, published
from django.utils import timezone

from dateline.publishing import verbs, versions, visibility
from dateline.stories.models import State, Story

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def test_every_state_with_every_moment_and_expiry() -> None:
    now = timezone.now()
    base = published("Court opens")
    moments, expiries = (-HOUR, timedelta(0), HOUR), (None, -HOUR, timedelta(0), HOUR)
    for state, come, expiry in product(State, moments, expiries):
        Story.objects.filter(pk=base.pk).update(
            state=state,
            live=state == State.PUBLISHED,
            visible_from=now + come,
            expire_at=None if expiry is None else now + expiry,
        )
        arrived = come <= timedelta(0)
        current = expiry is None or expiry > timedelta(0)
        shown = state == State.PUBLISHED and arrived and current
        notice = state in (State.RETRACTED, State.OUT_OF_DATE) and arrived
        everything = Story.objects.all()
        assert visibility.listed(everything, now).exists() == shown
        assert visibility.readable(everything, now).exists() == (shown or notice)
        assert visibility.killed(everything, now).exists() == (state == State.KILLED and arrived)
        assert visibility.is_listed(Story.objects.get(), now) == shown


def test_drafts_are_nowhere() -> None:
    draft("Court opens")
    everything = Story.objects.all()
    for seen in (visibility.listed, visibility.readable, visibility.killed):
        assert not seen(everything).exists()


def test_a_story_killed_before_its_moment_stays_unknown() -> None:
    story = published("Court opens", embargoed_until=timezone.now() + HOUR)
    verbs.kill(story, "It was not so.")
    assert not visibility.killed(Story.objects.all()).exists()
    assert not visibility.readable(Story.objects.all()).exists()


def test_a_listed_story_is_readable_and_never_killed() -> None:
    published("Court opens")
    verbs.retract(published("Retracted"), "Wrong.")
    verbs.kill(published("Killed"), "Wrong.")
    listed = set(visibility.listed(Story.objects.all()))
    readable = set(visibility.readable(Story.objects.all()))
    killed = set(visibility.killed(Story.objects.all()))
    assert {story.headline for story in listed} == {"Court opens"}
    assert {story.headline for story in readable} == {"Court opens", "Retracted"}
    assert {story.headline for story in killed} == {"Killed"}


# --- versions -----------------------------------------------------------------------------------
def _rewrite(story: Story, headline: str, **fields: Any) -> None:
    current = Story.objects.get(pk=story.pk)
    for name, value in {"headline": headline, **fields}.items():
        setattr(current, name, value)
    verbs.publish(current)


def _seen(story: Story, at: datetime | None = None) -> list[str]:
    current = Story.objects.get(pk=story.pk)
    return [versions.read(version)["headline"] for version in visibility.seen(current, at)]


def test_every_text_that_was_public_was_seen() -> None:
    story = published("First")
    _rewrite(story, "Second")
    verbs.correct(Story.objects.get(pk=story.pk), "A name was wrong.")
    assert _seen(story) == ["First", "Second", "Second"]


def test_a_text_replaced_under_embargo_was_not_seen() -> None:
    later = timezone.now() + timedelta(days=1)
    story = published("Secret", embargoed_until=later)
    assert _seen(story) == []
    _rewrite(story, "Open", embargoed_until=None)
    assert _seen(story) == ["Open"]


def test_a_text_replaced_under_embargo_stays_unseen_when_the_embargo_ends() -> None:
    later = timezone.now() + timedelta(days=1)
    story = published("Secret", embargoed_until=later)
    _rewrite(story, "Also embargoed")
    assert _seen(story) == []
    assert _seen(story, later + timedelta(seconds=1)) == ["Also embargoed"]


def test_an_embargo_set_late_takes_back_what_was_seen() -> None:
    later = timezone.now() + timedelta(days=1)
    story = published("Too early")
    _rewrite(story, "In time", embargoed_until=later)
    assert _seen(story) == []
    assert _seen(story, later + timedelta(seconds=1)) == ["In time"]


@pytest.mark.parametrize("withdraw", [verbs.unpublish, lambda story: verbs.retract(story, "Wrong")])
def test_what_a_withdrawal_took_away_stays_away(withdraw: Callable[[Story], Any]) -> None:
    story = published("By mistake")
    withdraw(story)
    assert _seen(story) == []
    _rewrite(story, "On purpose")
    assert _seen(story) == ["On purpose"]


def test_nothing_was_seen_of_a_killed_story() -> None:
    story = published("Killed")
    verbs.kill(story, "Never to be used.")
    assert _seen(story) == []
