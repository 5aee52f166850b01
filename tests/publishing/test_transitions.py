"""What each verb makes of a story in each state, and what must hold after any sequence of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from build import draft
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dateline.publishing import schedule, verbs, versions, visibility
from dateline.publishing.models import Change, Due, Kind
from dateline.stories.models import State, Story

pytestmark = pytest.mark.django_db

Verb = Callable[[Story], Any]

VERBS: dict[str, Verb] = {
    "publish": verbs.publish,
    "correct": lambda story: verbs.correct(story, "The day was wrong."),
    "schedule": lambda story: verbs.schedule(story, timezone.now() + timedelta(days=1)),
    "unpublish": verbs.unpublish,
    "retract": lambda story: verbs.retract(story, "It was not so."),
    "kill": lambda story: verbs.kill(story, "It must not be used."),
}

REFUSED = "refused"
SAME = "same"
MATRIX: dict[str, dict[str, str]] = {
    "draft": {
        "publish": "published",
        "correct": REFUSED,
        "schedule": SAME,
        "unpublish": SAME,
        "retract": REFUSED,
        "kill": REFUSED,
    },
    "published": {
        "publish": "published",
        "correct": "published",
        "schedule": SAME,
        "unpublish": "unpublished",
        "retract": "retracted",
        "kill": "killed",
    },
    "unpublished": {
        "publish": "published",
        "correct": REFUSED,
        "schedule": SAME,
        "unpublish": SAME,
        "retract": "retracted",
        "kill": "killed",
    },
    "retracted": {
        "publish": "published",
        "correct": REFUSED,
        "schedule": SAME,
        "unpublish": SAME,
        "retract": REFUSED,
        "kill": "killed",
    },
    "killed": {
        "publish": REFUSED,
        "correct": REFUSED,
        "schedule": REFUSED,
        "unpublish": SAME,
        "retract": REFUSED,
        "kill": REFUSED,
    },
}
REACHED_BY = {
    "draft": (),
    "published": ("publish",),
    "unpublished": ("publish", "unpublish"),
    "retracted": ("publish", "retract"),
    "killed": ("publish", "kill"),
}


def fresh(story: Story) -> Story:
    return Story.objects.get(pk=story.pk)


def story_in(state: str) -> Story:
    story = draft("Court opens")
    for name in REACHED_BY[state]:
        VERBS[name](fresh(story))
    return fresh(story)


def facts(story: Story) -> tuple[Any, ...]:
    kept = fresh(story)
    return (kept.state, kept.live, kept.versions.count(), Change.objects.count())


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("state", MATRIX)
def test_every_verb_in_every_state(state: str, verb: str) -> None:
    story = story_in(state)
    before = facts(story)
    outcome = MATRIX[state][verb]
    if outcome == REFUSED:
        with pytest.raises(verbs.VerbError) as refusal:
            VERBS[verb](story)
        assert str(refusal.value).endswith(".")
        assert facts(story) == before
    elif outcome == SAME:
        VERBS[verb](story)
        assert facts(story) == before
    else:
        VERBS[verb](story)
        assert fresh(story).state == outcome
        assert facts(story)[2:] == (before[2] + 1, before[3] + 1)


@pytest.mark.parametrize("verb", ["correct", "retract", "kill"])
@pytest.mark.parametrize("note", ["", " \n\t"])
def test_a_note_of_nothing_is_refused(verb: str, note: str) -> None:
    story = story_in("published")
    with pytest.raises(verbs.VerbError):
        getattr(verbs, verb)(story, note)
    assert fresh(story).state == State.PUBLISHED


def test_scheduling_into_the_past_is_refused() -> None:
    with pytest.raises(verbs.VerbError):
        verbs.schedule(draft(), timezone.now())


def test_a_correction_is_not_put_off() -> None:
    story = story_in("published")
    story.go_live_at = timezone.now() + timedelta(days=1)
    with pytest.raises(verbs.VerbError):
        verbs.correct(story, "The day was wrong.")
    assert story.versions.count() == 1


@pytest.mark.parametrize("state", ["published", "retracted"])
def test_what_is_scheduled_leaves_what_readers_see(state: str) -> None:
    story = story_in(state)
    story.headline = "Court opens doors"
    verbs.schedule(story, timezone.now() + timedelta(days=1))
    assert fresh(story).headline == "Court opens"
    assert schedule.next_moment() is not None


def test_a_withdrawal_calls_off_what_was_scheduled() -> None:
    story = story_in("published")
    verbs.schedule(story, timezone.now() + timedelta(days=1))
    verbs.retract(story, "It was not so.")
    assert schedule.next_moment() is None


def invariants(story: Story) -> None:
    kept = fresh(story)
    public = kept.state == State.PUBLISHED
    assert kept.live == public
    assert (kept.live_revision_id is not None) == public
    ever = kept.state != State.DRAFT
    assert (kept.number is not None) == ever
    assert (kept.published_on is not None) == ever
    assert (kept.visible_from is not None) == ever
    kinds = [version.kind for version in kept.versions.order_by("number")]
    assert [version.number for version in kept.versions.order_by("number")] == list(
        range(1, len(kinds) + 1)
    )
    changes = list(Change.objects.filter(story_id=kept.pk).order_by("sequence"))
    assert len(changes) == len(kinds)
    shown = visibility.listed(Story.objects.filter(pk=kept.pk)).exists()
    assert shown == (
        public and kept.visible_from is not None and kept.visible_from <= timezone.now()
    )
    assert shown == visibility.is_listed(kept)
    assert Due.objects.filter(pk=kept.pk).exists() == (public and not shown)
    if kinds:
        last = {
            Kind.UNPUBLICATION: State.UNPUBLISHED,
            Kind.RETRACTION: State.RETRACTED,
            Kind.KILL: State.KILLED,
        }
        assert kept.state == last.get(Kind(kinds[-1]), State.PUBLISHED)
    if public:
        said = versions.read(kept.versions.order_by("number").last())  # type: ignore[arg-type]
        assert said["headline"] == kept.headline


STEPS = st.lists(
    st.tuples(
        st.sampled_from([*VERBS, "save draft", "embargo", "lift embargo", "worker"]),
        st.booleans(),
    ),
    max_size=12,
)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=STEPS)
def test_any_sequence_of_verbs_keeps_the_invariants(
    steps: list[tuple[str, bool]], db: None
) -> None:
    """With `stale`, a step acts on the object as it was at the start, as a second tab would."""
    story = draft("Court opens")
    old, number = fresh(story), None
    for count, (step, stale) in enumerate(steps):
        subject = old if stale else fresh(story)
        try:
            if step in VERBS:
                VERBS[step](subject)
            elif step == "worker":
                schedule.run()
            else:
                change = fresh(story).get_latest_revision_as_object()
                change.headline = f"Court opens {count}"
                if step != "save draft":
                    ahead = timezone.now() + timedelta(days=1)
                    change.embargoed_until = ahead if step == "embargo" else None
                change.save_revision()
        except verbs.VerbError:
            pass
        invariants(story)
        number = number or fresh(story).number
        assert fresh(story).number == number
