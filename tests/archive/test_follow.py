"""The index follows the store: after every verb, after crashes, in every process."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from build import draft, indexed, office, published
from django.db import transaction
from django.utils import timezone

from dateline.archive import check, follow, index, search
from dateline.archive.engines.base import Document, Engine
from dateline.archive.query import Query
from dateline.publishing import outbox, schedule, verbs
from dateline.publishing.models import Change, Due
from dateline.stories.models import Story

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("archive_file")]


def _headlines(query: Query | None = None) -> list[str]:
    return [row.headline for row in search.search(query or Query("en")).stories]


def _differences() -> list[str]:
    return list(check.compare(index.engine()))


# --- one verb after another ------------------------------------------------------------------
def test_a_story_is_found_once_it_is_published_and_the_index_told() -> None:
    story = draft("Court opens")
    indexed()
    assert _headlines() == []
    verbs.publish(story)
    assert search.search(Query("en")).total == 0
    indexed()
    assert (_headlines(), search.search(Query("en")).total) == (["Court opens"], 1)


def test_an_update_replaces_what_was_found() -> None:
    story = published("Court opens", summary="zorbat")
    indexed()
    story.summary = "quimpel"
    verbs.publish(story)
    indexed()
    assert _headlines(Query("en", keywords="zorbat")) == []
    assert _headlines(Query("en", keywords="quimpel")) == ["Court opens"]


@pytest.mark.parametrize(
    "withdraw",
    [
        verbs.unpublish,
        verbs.delete,
        lambda story: verbs.retract(story, "An error"),
        lambda story: verbs.kill(story, "Must not be used"),
    ],
    ids=["unpublish", "delete", "retract", "kill"],
)
def test_what_is_withdrawn_is_gone_before_and_after_the_index_is_told(
    withdraw: Callable[[Story], Any],
) -> None:
    story = published("Court opens")
    indexed()
    withdraw(story)
    assert (search.search(Query("en")).total, _headlines()) == (0, [])
    indexed()
    assert (search.search(Query("en")).total, _headlines()) == (0, [])
    assert list(index.engine().documents()) == []


def test_what_is_published_again_is_found_again() -> None:
    story = published("Court opens")
    indexed()
    verbs.unpublish(story)
    verbs.publish(Story.objects.get(pk=story.pk))
    indexed()
    assert (search.search(Query("en")).total, _headlines()) == (1, ["Court opens"])


def test_an_embargo_ends_when_the_worker_says_so() -> None:
    story = published("Court opens", embargoed_until=timezone.now() + timedelta(days=1))
    indexed()
    assert _headlines() == []
    moment = timezone.now() - timedelta(seconds=1)
    Story.objects.filter(pk=story.pk).update(visible_from=moment)
    Due.objects.filter(pk=story.pk).update(at=moment)
    schedule.run()
    indexed()
    assert (search.search(Query("en")).total, _headlines()) == (1, ["Court opens"])


def test_offices_that_move_take_their_stories_along_without_a_story_changing() -> None:
    above, below = office("vienna"), office("press")
    published("Court opens", offices=(below,))
    indexed()
    query = Query("en", selections=(("office", ("vienna",)),))
    assert search.search(query).total == 0
    below.parent = above
    below.save()
    assert search.search(query).total == 1
    stamp = index.engine().stamp()
    indexed()
    assert search.search(query).total == 1
    assert index.engine().stamp() > stamp


def test_a_deleted_office_leaves_the_index_as_the_store_has_it() -> None:
    closed = office("minsk")
    published("Court opens", offices=(closed,))
    indexed()
    closed.delete()
    indexed()
    assert _differences() == []
    assert search.search(Query("en")).stories[0].offices == []


# --- crashes and gaps ------------------------------------------------------------------------
class _Killed(BaseException):
    """A process that ends in the middle of something."""


def _dying(engine: Engine, after: int) -> Engine:
    """The engine, until it has taken in so many batches."""
    taken = 0
    apply = engine.apply

    def once_more(puts: Iterable[Document], *args: Any, **options: Any) -> None:
        nonlocal taken
        if taken == after:
            next(iter(puts), None)
            raise _Killed
        taken += 1
        apply(puts, *args, **options)

    engine.apply = once_more  # type: ignore[method-assign]
    return engine


@pytest.fixture
def _followed(archive_file: Path) -> None:
    """An index that has heard all there was: sequences do not begin at 1 in every database."""
    with transaction.atomic():
        outbox.append(vocabulary=True)
    indexed()


@pytest.mark.usefixtures("_followed")
@pytest.mark.parametrize("batches", [0, 1, 2])
def test_a_follower_killed_between_batches_goes_on_where_it_was(
    monkeypatch: pytest.MonkeyPatch, batches: int
) -> None:
    monkeypatch.setattr(follow, "BATCH", 2)
    for number in range(5):
        published(f"Story {number}")
    with pytest.raises(_Killed):
        follow.catch_up(_dying(index.engine(), batches))
    index.close()
    assert search.search(Query("en")).total == 2 * batches
    assert follow.catch_up(index.engine()) == 5 - 2 * batches
    assert search.search(Query("en")).total == 5
    assert _differences() == []


@pytest.mark.usefixtures("_followed")
def test_catching_up_twice_changes_nothing() -> None:
    published("Court opens")
    assert follow.catch_up(index.engine()) > 0
    assert follow.catch_up(index.engine()) == 0


@pytest.mark.usefixtures("_followed")
def test_as_much_as_asked_for_is_taken_in_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(follow, "BATCH", 2)
    for number in range(5):
        published(f"Story {number}")
    assert follow.catch_up(index.engine(), limit=2) == 2
    assert search.search(Query("en")).total == 2


def test_an_index_behind_the_pruned_outbox_is_built_anew() -> None:
    published("Before")
    indexed()
    verbs.unpublish(published("Between"))
    published("After")
    Change.objects.filter(sequence__lt=outbox.head()).delete()
    assert follow.is_astray(index.engine())
    indexed()
    assert sorted(_headlines()) == ["After", "Before"]
    assert _differences() == []


def test_an_index_ahead_of_a_store_put_back_from_a_backup_is_built_anew() -> None:
    published("Kept")
    head = outbox.head()
    lost = published("Lost")
    indexed()
    Story.objects.filter(pk=lost.pk).delete()
    Change.objects.filter(sequence__gt=head).delete()
    assert follow.is_astray(index.engine())
    indexed()
    assert _headlines() == ["Kept"]
    assert _differences() == []


def test_a_deleted_index_file_loses_nothing(archive_file: Path) -> None:
    for number in range(3):
        published(f"Story {number}")
    indexed()
    index.close()
    for part in archive_file.parent.glob(f"{archive_file.name}*"):
        part.unlink()
    indexed()
    assert search.search(Query("en")).total == 3


def test_building_anew_gives_what_following_gave() -> None:
    verbs.unpublish(published("Gone"))
    for number in range(3):
        published(f"Story {number}")
    indexed()
    before = list(index.engine().documents())
    seen: list[int] = []
    follow.rebuild(index.engine(), seen.append)
    assert list(index.engine().documents()) == before
    assert follow.catch_up(index.engine()) == 0


# --- the comparison --------------------------------------------------------------------------
def test_differences_are_named() -> None:
    stale, extra, missing = (published(name) for name in ("Stale", "Extra", "Missing"))
    indexed()
    Story.objects.filter(pk=stale.pk).update(headline="Changed behind the outbox's back")
    Story.objects.filter(pk=extra.pk).update(
        published_on=date(2190, 1, 1), visible_from="2190-01-01T00:00Z"
    )
    engine = index.engine()
    engine.apply([], [missing.pk], engine.cursor())
    assert _differences() == [
        f"/en/news/1 (id {stale.pk}) is in the index as it was before",
        f"/en/news/2 (id {extra.pk}) is in the index and should not be found",
        f"/en/news/3 (id {missing.pk}) is missing from the index",
    ]


def test_what_the_index_has_yet_to_be_told_is_no_difference() -> None:
    changed, gone = published("Changed"), published("Gone")
    published("Ends", expire_at=timezone.now() + timedelta(hours=1))
    indexed()
    changed.headline = "Changed again"
    verbs.publish(changed)
    verbs.unpublish(gone)
    published("New")
    assert _differences() == []
    assert check.behind(index.engine()) == 3
    later = timezone.now() + timedelta(hours=2)
    assert list(check.compare(index.engine(), later)) == []


# --- other processes -------------------------------------------------------------------------
_READER = """
import sys, zoneinfo
from pathlib import Path
from dateline.archive.engines.base import Search
from dateline.archive.engines.embedded import EmbeddedEngine
engine = EmbeddedEngine(Path(sys.argv[1]), zoneinfo.ZoneInfo("Europe/Vienna"))
for _ in sys.stdin:
    print(engine.search(Search(selections={"language": frozenset({"en"})}, at=0)).total, flush=True)
"""


def test_another_process_sees_changes_and_rebuilds_without_restart(archive_file: Path) -> None:
    story = published("Court opens")
    indexed()
    reader = subprocess.Popen(
        [sys.executable, "-c", _READER, str(archive_file)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with reader:
        assert _asked(reader) == 1
        published("Another")
        indexed()
        assert _asked(reader) == 2
        verbs.unpublish(story)
        follow.rebuild(index.engine())
        assert _asked(reader) == 1


def _asked(reader: subprocess.Popen[str]) -> int:
    assert reader.stdin
    assert reader.stdout
    reader.stdin.write("\n")
    reader.stdin.flush()
    return int(reader.stdout.readline())
