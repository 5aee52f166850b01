"""What the worker does when time has come: once, in any order, and in spite of a bad story."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from build import draft, published
from django.db import connection, connections
from django.utils import timezone
from wagtail.models import Revision

from dateline.publishing import outbox, schedule, verbs, visibility
from dateline.publishing.models import Change, Due, Heartbeat, Kind
from dateline.stories.models import State, Story

pytestmark = pytest.mark.django_db

NOON = datetime(2030, 6, 1, 12, tzinfo=UTC)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Set what every part takes for now."""

    def at(moment: datetime) -> None:
        monkeypatch.setattr(timezone, "now", lambda: moment)

    at(NOON)
    return at


def public() -> list[str]:
    listed = visibility.listed(Story.objects.all(), timezone.now())
    return sorted(listed.values_list("headline", flat=True))


def kinds(story: Story) -> list[str]:
    return [version.kind for version in story.versions.order_by("number")]


def test_a_scheduled_draft_is_published_when_due_and_once(clock: Any) -> None:
    story = draft("Court opens", published=None)
    verbs.schedule(story, NOON + timedelta(hours=1))
    assert schedule.next_moment() == NOON + timedelta(hours=1)
    assert schedule.run().done == 0
    clock(NOON + timedelta(hours=1))
    assert [schedule.run().done, schedule.run().done] == [1, 0]
    kept = Story.objects.get(pk=story.pk)
    assert (kept.state, kept.published_at) == (State.PUBLISHED, NOON + timedelta(hours=1))
    assert kinds(kept) == [Kind.PUBLICATION]
    assert Change.objects.filter(story_id=kept.pk).count() == 1
    assert schedule.next_moment() is None


def test_a_later_schedule_replaces_an_earlier_one(clock: Any) -> None:
    story = draft("Court opens", published=None)
    verbs.schedule(story, NOON + timedelta(hours=1))
    verbs.schedule(Story.objects.get(pk=story.pk), NOON + timedelta(hours=3))
    clock(NOON + timedelta(hours=2))
    assert schedule.run().done == 0
    clock(NOON + timedelta(hours=3))
    assert schedule.run().done == 1


def test_a_future_date_keeps_a_published_story_hidden_until_its_day(clock: Any) -> None:
    story = published("Court opens", published=date(2030, 6, 3))
    assert (Story.objects.get(pk=story.pk).state, public()) == (State.PUBLISHED, [])
    # The day begins in the newsroom's time zone, Vienna, two hours ahead in summer.
    start = datetime(2030, 6, 2, 22, tzinfo=UTC)
    assert Due.objects.get().at == start
    clock(start - timedelta(seconds=1))
    assert (schedule.run().done, public()) == (0, [])
    clock(start)
    cursor = outbox.head()
    assert (schedule.run().done, schedule.run().done) == (1, 0)
    assert public() == ["Court opens"]
    assert [change.story_id for change in outbox.after(cursor, 10)] == [story.pk]
    assert not Due.objects.exists()
    assert kinds(story) == [Kind.PUBLICATION]


def test_the_later_of_date_and_embargo_counts(clock: Any) -> None:
    for hours, embargo in ((1, 2), (2, 1)):
        moment = timezone.localtime(NOON + timedelta(hours=hours)).replace(tzinfo=None)
        until = NOON + timedelta(hours=embargo)
        story = published(f"Story {hours}", published=moment, embargoed_until=until)
        assert Due.objects.get(story=story).at == NOON + timedelta(hours=2)


def test_an_embargo_lifted_early_releases_at_once(clock: Any) -> None:
    story = published("Court opens", published=None, embargoed_until=NOON + timedelta(days=1))
    assert public() == []
    story.embargoed_until = None
    verbs.publish(story)
    assert public() == ["Court opens"]
    assert not Due.objects.exists()


@pytest.mark.parametrize("verb", ["retract", "kill"])
def test_what_was_withdrawn_before_its_moment_never_appears(clock: Any, verb: str) -> None:
    story = published("Court opens", published=None, embargoed_until=NOON + timedelta(days=1))
    getattr(verbs, verb)(story, "It was not so.")
    clock(NOON + timedelta(days=2))
    assert (schedule.run().done, public()) == (0, [])


def test_expiry(clock: Any) -> None:
    story = draft("Court opens", published=None, expire_at=NOON + timedelta(hours=1))
    verbs.publish(story)
    assert schedule.next_moment() == NOON + timedelta(hours=1)
    clock(NOON + timedelta(hours=1))
    assert public() == []
    assert (schedule.run().done, schedule.run().done) == (1, 0)
    kept = Story.objects.get(pk=story.pk)
    assert (kept.state, kept.expired) == (State.UNPUBLISHED, True)
    assert kinds(kept) == [Kind.PUBLICATION, Kind.UNPUBLICATION]
    assert outbox.withdrawn_after(0) == {kept.pk}


def test_all_at_once_after_a_night_without_a_worker(clock: Any) -> None:
    verbs.schedule(draft("Scheduled", published=None), NOON + timedelta(hours=1))
    published("Embargoed", published=None, embargoed_until=NOON + timedelta(hours=2))
    published("Expiring", published=None, expire_at=NOON + timedelta(hours=3))
    clock(NOON + timedelta(hours=12))
    assert schedule.run().done == 3
    assert public() == ["Embargoed", "Scheduled"]


def test_a_schedule_refused_is_logged_called_off_and_holds_up_nothing(
    clock: Any, caplog: pytest.LogCaptureFixture
) -> None:
    late = draft("Late", published=None, expire_at=NOON + timedelta(hours=2))
    verbs.schedule(late, NOON + timedelta(hours=1))
    verbs.schedule(draft("Good", published=None), NOON + timedelta(hours=1))
    clock(NOON + timedelta(hours=3))
    assert schedule.run().done == 1
    assert public() == ["Good"]
    assert "expiry date has passed" in caplog.text
    assert not Revision.objects.filter(approved_go_live_at__isnull=False).exists()


def test_a_crash_on_one_story_holds_up_nothing_and_is_tried_again(
    clock: Any, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("Bad", "Good"):
        verbs.schedule(draft(name, published=None), NOON + timedelta(hours=1))
    clock(NOON + timedelta(hours=1))
    publish = verbs.publish

    def crash(story: Story, **options: Any) -> Story:
        if story.headline == "Bad":
            raise ZeroDivisionError
        return publish(story, **options)

    with monkeypatch.context() as patch:
        patch.setattr(verbs, "publish", crash)
        assert schedule.run().done == 1
    assert public() == ["Good"]
    assert schedule.next_moment() == NOON + timedelta(hours=1)
    assert schedule.run().done == 1
    assert public() == ["Bad", "Good"]


def test_it_leaves_its_heartbeat(clock: Any) -> None:
    schedule.run()
    clock(NOON + timedelta(minutes=1))
    schedule.run()
    assert Heartbeat.objects.get(name="schedule").at == NOON + timedelta(minutes=1)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_workers_at_the_same_moment_publish_each_story_once() -> None:
    if connection.vendor == "sqlite" and connection.is_in_memory_db():
        pytest.skip("needs a database in a file or PostgreSQL: threads share the one in memory")
    soon = timezone.now() + timedelta(days=1)
    stories = [draft(f"Story {count}", published=None) for count in range(6)]
    for story in stories:
        verbs.schedule(story, soon)
    for revision in Revision.objects.all():
        past = timezone.now() - timedelta(seconds=1)
        revision.content["go_live_at"] = past.isoformat()
        revision.approved_go_live_at = past
        revision.save()
    barrier, done = threading.Barrier(3), []

    def work() -> None:
        barrier.wait()
        try:
            done.append(schedule.run().done)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    schedule.run()
    for story in stories:
        assert kinds(story) == [Kind.PUBLICATION]
        assert Change.objects.filter(story_id=story.pk).count() == 1
    assert sum(done) <= 6


def test_what_comes_soon_is_prepared_and_public_on_the_second_without_the_worker(
    clock: Any,
) -> None:
    moment = NOON + timedelta(seconds=30)
    stories = [draft(f"Story {count}", published=None) for count in range(20)]
    for story in stories:
        verbs.schedule(story, moment)
    while schedule.stage(set()):
        pass
    assert public() == []
    heard = outbox.head()
    clock(moment)
    assert len(public()) == 20
    assert schedule.run().done == 20
    assert len(outbox.after(heard, 100)) == 20
    for story in stories:
        kept = Story.objects.get(pk=story.pk)
        assert (kept.published_at, kept.visible_from, kept.updated_at) == (moment, moment, None)
        assert kinds(kept) == [Kind.PUBLICATION]
        assert [version.kind for version in visibility.seen(kept)] == [Kind.PUBLICATION]


def test_nothing_is_prepared_too_early_nor_what_readers_see_already(clock: Any) -> None:
    verbs.schedule(draft("Later", published=None), NOON + schedule.AHEAD + timedelta(seconds=1))
    story = published("Seen", published=None)
    story.headline = "Seen anew"
    verbs.schedule(story, NOON + timedelta(seconds=30))
    assert not schedule.stage(set())
    assert public() == ["Seen"]


def test_a_story_prepared_can_still_be_called_off(clock: Any) -> None:
    story = draft("Prepared", published=None)
    verbs.schedule(story, NOON + timedelta(seconds=30))
    assert schedule.stage(set())
    verbs.unpublish(Story.objects.get(pk=story.pk))
    clock(NOON + timedelta(hours=1))
    assert (schedule.run().done, public()) == (0, [])


def test_what_cannot_be_prepared_is_refused_at_its_moment(
    clock: Any, caplog: pytest.LogCaptureFixture
) -> None:
    late = draft("Late", published=None, expire_at=NOON + timedelta(seconds=1))
    verbs.schedule(late, NOON + timedelta(seconds=30))
    clock(NOON + timedelta(seconds=2))
    refused: set[int] = set()
    assert schedule.stage(refused)
    assert not schedule.stage(refused)
    clock(NOON + timedelta(seconds=30))
    assert schedule.run().done == 0
    assert "expiry date has passed" in caplog.text
