"""The outbox: what it holds, in what order, and what a follower is told of what was dropped."""

import threading
from datetime import timedelta

import pytest
from build import draft, office, published
from django.db import connection, connections, transaction
from django.utils import timezone

from dateline.publishing import outbox, verbs
from dateline.publishing.models import Change, Subject
from dateline.stories.models import Story

pytestmark = pytest.mark.django_db


@pytest.mark.django_db(transaction=True)
def test_it_takes_rows_only_inside_the_transaction_of_the_change() -> None:
    with pytest.raises(RuntimeError):
        outbox.append([1])


def test_it_rolls_back_with_its_change() -> None:
    class OutOfPowerError(Exception):
        pass

    def fail() -> None:
        with transaction.atomic():
            outbox.append([1])
            raise OutOfPowerError

    with pytest.raises(OutOfPowerError):
        fail()
    assert outbox.head() == 0


def test_nothing_is_written_for_nothing() -> None:
    outbox.append([])
    assert not Change.objects.exists()


def test_changes_are_read_in_order_and_in_portions() -> None:
    outbox.append([3, 1, 2])
    outbox.append([1])
    everything = [change.story_id for change in outbox.after(0, 100)]
    assert everything == [3, 1, 2, 1]
    first = outbox.after(0, 2)
    rest = outbox.after(first[-1].sequence, 100)
    assert [change.story_id for change in [*first, *rest]] == everything
    assert outbox.head() == rest[-1].sequence


def test_a_changed_vocabulary_is_recorded() -> None:
    before = outbox.head()
    term = office("vienna")
    assert {change.subject for change in outbox.after(before, 100)} == {Subject.VOCABULARY}
    before = outbox.head()
    term.delete()
    assert outbox.after(before, 100)


def test_what_was_withdrawn_since() -> None:
    first, second = published("First"), published("Second")
    cursor = outbox.head()
    assert outbox.withdrawn_after(0) == frozenset()
    verbs.unpublish(first)
    assert outbox.withdrawn_after(cursor) == {first.pk}
    middle = outbox.head()
    gone = second.pk
    verbs.delete(second)
    assert outbox.withdrawn_after(cursor) == {first.pk, gone}
    assert outbox.withdrawn_after(middle) == {gone}
    assert outbox.withdrawn_after(outbox.head()) == frozenset()


def test_an_embargo_set_later_withdraws() -> None:
    story = published("Court opens")
    cursor = outbox.head()
    story.embargoed_until = timezone.now() + timedelta(days=1)
    verbs.publish(story)
    assert outbox.withdrawn_after(cursor) == {story.pk}


def test_every_deletion_is_announced() -> None:
    stories = [published(f"Story {count}") for count in range(3)]
    deleted = {story.pk for story in stories}
    cursor = outbox.head()
    verbs.delete(stories[0])
    stories[1].delete()
    Story.objects.filter(headline="Story 2").delete()
    assert outbox.withdrawn_after(cursor) == deleted


def test_pruning_keeps_what_is_young_and_always_the_newest() -> None:
    outbox.append([1, 2, 3])
    assert (outbox.prune(), outbox.floor()) == (0, Change.objects.earliest("sequence").sequence - 1)
    Change.objects.update(at=timezone.now() - outbox.KEPT - timedelta(seconds=1))
    head = outbox.head()
    assert outbox.prune() == 2
    # A follower at the head has missed nothing; one behind it must rebuild.
    assert (outbox.head(), outbox.floor()) == (head, head - 1)
    assert outbox.prune() == 0
    outbox.append([4])
    assert outbox.after(outbox.floor(), 100)[0].sequence == head


def test_a_sequence_number_is_not_given_again_after_pruning() -> None:
    outbox.append([1])
    head = outbox.head()
    Change.objects.all().delete()
    outbox.append([2])
    assert outbox.head() > head


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_later_number_is_not_visible_before_an_earlier_one() -> None:
    """A transaction that has drawn its number holds up the next until it has committed."""
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL: SQLite has one writer at a time")
    written, release = threading.Event(), threading.Event()
    order: list[str] = []

    def slow() -> None:
        with transaction.atomic():
            outbox.append([1])
            written.set()
            release.wait(30)
            order.append("slow")
        connections.close_all()

    def quick() -> None:
        written.wait(30)
        with transaction.atomic():
            outbox.append([2])
            order.append("quick")
        connections.close_all()

    threads = [threading.Thread(target=slow), threading.Thread(target=quick)]
    for thread in threads:
        thread.start()
    written.wait(30)
    threads[1].join(0.5)
    assert not Change.objects.exists()
    release.set()
    for thread in threads:
        thread.join(30)
    assert order == ["slow", "quick"]
    assert [change.story_id for change in outbox.after(0, 10)] == [1, 2]


def test_a_draft_says_nothing() -> None:
    story = draft("Court opens")
    story.save_revision()
    assert outbox.head() == 0
