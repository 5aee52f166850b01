"""What is public, held against the rule written out for each state and moment."""

from __future__ import annotations

from datetime import timedelta
from itertools import product

import pytest
from build import draft, published
from django.utils import timezone

from dateline.publishing import verbs, visibility
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
        notice = state == State.RETRACTED and arrived
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
