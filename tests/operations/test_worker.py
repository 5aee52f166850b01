"""The worker: what was published is found, once, whatever happens to the worker meanwhile."""

from __future__ import annotations

import random
import signal
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from build import draft, published
from django.db import OperationalError, connections
from django.utils import timezone
from newsrooms import Newsroom, stories

from dateline.archive import index, search
from dateline.archive.query import Query
from dateline.operations import locks, readiness, worker
from dateline.operations.clock import Clock
from dateline.publishing import verbs
from dateline.publishing.models import Change, Due, Heartbeat
from dateline.stories.models import State, Story


def _found() -> int:
    return search.search(Query(language="en")).total


@pytest.mark.django_db
def test_one_round_indexes_what_changed_and_gives_a_sign_of_life(
    archive_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # It would close the connection that this test's transaction is on.
    monkeypatch.setattr(worker, "close_old_connections", lambda: None)
    busy = worker.Worker()
    published()
    assert _found() == 0
    assert busy._step()
    assert _found() == 1
    assert readiness.sign_of_life().exists()


@pytest.mark.django_db
def test_while_nothing_changes_a_look_costs_one_query(
    archive_file: Path, django_assert_num_queries: object
) -> None:
    busy = worker.Worker()
    published()
    busy._follow()
    with django_assert_num_queries(1):  # type: ignore[operator]
        busy._follow()


@pytest.mark.django_db
def test_a_damaged_index_is_built_anew(archive_file: Path) -> None:
    published()
    archive_file.write_bytes(b"not a database" * 1000)
    worker.Worker()._follow()
    assert _found() == 1


@pytest.mark.django_db
def test_an_index_older_than_the_kept_changes_is_built_anew(archive_file: Path) -> None:
    published("Kept", language="en")
    Change.objects.all().delete()
    index.engine()
    published("New", language="en")
    worker.Worker()._follow()
    assert _found() == 2


@pytest.mark.django_db
def test_what_is_due_is_published(archive_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    busy = Clock()
    story = draft("Tomorrow's news")
    verbs.schedule(story, timezone.now() + timedelta(hours=1))
    busy.round()
    story.refresh_from_db()
    assert story.state == State.DRAFT
    later = timezone.now() + timedelta(hours=2)
    monkeypatch.setattr(timezone, "now", lambda: later)
    busy.round()
    story.refresh_from_db()
    assert story.state == State.PUBLISHED


@pytest.mark.django_db
def test_only_one_worker_carries_out_the_schedule(archive_file: Path) -> None:
    published()
    past = timezone.now() - timedelta(seconds=1)
    Due.objects.create(story=Story.objects.get(), at=past)
    with locks.on_file(Path(index.settings.DATA) / "schedule.lock") as mine:
        assert mine
        if connections["default"].vendor == "sqlite":
            Clock().round()
            assert Due.objects.exists()
    Clock().round()
    assert not Due.objects.exists()
    assert Heartbeat.objects.filter(name="schedule").exists()


def test_a_database_that_is_away_stops_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    busy = worker.Worker()

    def away() -> None:
        raise OperationalError("server closed the connection unexpectedly")

    busy.duties = (worker.Duty("following the outbox", 0.0, away),)
    monkeypatch.setattr(connections, "close_all", lambda: None)
    monkeypatch.setattr(worker, "close_old_connections", lambda: None)
    assert not busy._step()


def test_a_duty_that_fails_rests_and_the_others_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "close_old_connections", lambda: None)
    done: list[str] = []

    def fails() -> None:
        done.append("failed")
        raise ValueError("one bad story")

    busy = worker.Worker()
    busy.duties = (
        worker.Duty("publishing", 0.0, fails),
        worker.Duty("following", 0.0, lambda: done.append("followed")),
    )
    assert busy._step()
    assert busy._step()
    assert done == ["failed", "followed", "followed"]


def test_it_does_not_start_without_this_versions_tables(newsroom: Newsroom) -> None:
    newsroom.shell(
        "from django.db.migrations.recorder import MigrationRecorder as R;"
        "R.Migration.objects.filter(app='publishing').delete()"
    )
    done = newsroom.command("work")
    assert done.returncode == 78
    assert "dateline prepare" in done.stderr


def test_killed_at_any_moment_it_loses_nothing_and_repeats_nothing(newsroom: Newsroom) -> None:
    """Stories are published, some of them by the schedule, while workers are killed at random."""
    choose = random.Random(4)
    writing = subprocess.Popen(
        newsroom_shell(newsroom, PUBLISHING), env=newsroom.environment, stdout=subprocess.PIPE
    )
    assert writing.stdout
    while writing.poll() is None:
        working = newsroom.start("work", stderr=subprocess.DEVNULL)
        for _ in range(choose.randrange(1, 12)):  # a moment: until so many more were published
            if not writing.stdout.readline():
                break
        working.send_signal(signal.SIGKILL)
        working.wait()
    assert writing.wait() == 0
    assert newsroom.command("work", "--once").returncode == 0
    checked = newsroom.command("check")
    assert checked.returncode == 0, checked.stdout
    assert newsroom.shell(COUNTING) == "[1]", "each story was published exactly once"


def newsroom_shell(newsroom: Newsroom, code: str) -> list[str]:
    """The command line that runs code with the site loaded."""
    import sys

    return [sys.executable, "-m", "dateline.cli", "shell", "--no-imports", "--command", code]


PUBLISHING = (
    stories(0)
    + """
from datetime import timedelta
from django.utils import timezone
from build import draft
from dateline.publishing import verbs
for number in range(60):
    story = draft(f"Written while workers die {number}", offices=(vienna,))
    if number % 3:
        verbs.publish(story)
    else:
        verbs.schedule(story, timezone.now() + timedelta(milliseconds=100))
    print(number, flush=True)
"""
).replace('office("vienna"', 'office("vienna-again"')

COUNTING = """
from collections import Counter
from dateline.publishing.models import Version
from dateline.stories.models import Story
assert Story.objects.filter(state="published").count() == 65
print(sorted(set(Counter(Version.objects.values_list("story", flat=True)).values())))
"""
