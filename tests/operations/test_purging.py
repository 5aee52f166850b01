"""Purging: each cache hears of every change, of withdrawals first, whatever happens to it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from build import draft, indexed, office, published
from django.conf import settings
from django.utils import timezone

from dateline.operations import purging, readiness
from dateline.publishing import verbs
from dateline.publishing.models import Change, Cursor
from dateline.stories.models import Story

pytestmark = pytest.mark.django_db


class Cache:
    """A cache that only listens: what it was told, as (keys, whether softly)."""

    def __init__(self) -> None:
        self.told: list[tuple[set[str], bool]] = []
        self.status = 200
        cache = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_PURGE(self) -> None:
                if cache.status == 200:
                    keys = set(self.headers["Surrogate-Key"].split())
                    cache.told.append((keys, self.headers.get("Soft-Purge") == "1"))
                self.send_response(cache.status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.server.block_on_close = False  # its connections are kept alive
        self.url = f"http://user:secret@127.0.0.1:{self.server.server_port}/"

    def dropped(self) -> set[str]:
        return set().union(*(keys for keys, soft in self.told if not soft))

    def renewed(self) -> set[str]:
        return set().union(*(keys for keys, soft in self.told if soft))


@pytest.fixture
def cache(archive_file: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cache]:
    made = Cache()
    monkeypatch.setattr(settings, "PURGE_URLS", [made.url], raising=False)
    monkeypatch.setattr(purging, "_told", {})
    thread = Thread(target=made.server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    # An outbox is never empty for long, and never of numbers that were given out before.
    Change.objects.create(subject="story", story_id=0, at=timezone.now())
    assert not purging.carry(made.url), "it begins where it is set up"
    yield made
    made.server.shutdown()
    made.server.server_close()
    thread.join()


def test_a_new_story_renews_the_lists_of_its_language_once_they_can_be_made(cache: Cache) -> None:
    story = published()
    purging.carry(cache.url)
    assert not cache.told, "a list made now would lack it, and be kept"
    indexed()
    purging.carry(cache.url)
    assert cache.dropped() == {f"s{story.number}"}
    assert cache.renewed() == {"list-en", "lists"}


def test_a_withdrawal_is_told_at_once_and_drops_all_that_could_show_it(cache: Cache) -> None:
    story = published()
    indexed()
    purging.carry(cache.url)
    cache.told.clear()
    verbs.kill(story, "It was not ours.")
    purging.carry(cache.url)
    assert cache.dropped() == {f"s{story.number}", "list-en", "lists"}
    assert cache.renewed() == set()


def test_a_deleted_story_is_purged_though_its_row_is_gone(cache: Cache) -> None:
    story = published()
    indexed()
    purging.carry(cache.url)
    cache.told.clear()
    number = story.number
    verbs.delete(story)
    purging.carry(cache.url)
    assert f"s{number}" in cache.dropped()


def test_everything_is_said_again_for_answers_that_were_on_their_way(cache: Cache) -> None:
    story = published()
    indexed()
    purging.carry(cache.url)
    cache.told.clear()
    purging.carry(cache.url)
    assert not cache.told
    Change.objects.update(at=timezone.now() - purging.ECHO - timedelta(seconds=1))
    purging.carry(cache.url)
    assert f"s{story.number}" in cache.dropped()
    cache.told.clear()
    purging.carry(cache.url)
    assert not cache.told, "twice is enough"


def test_a_changed_vocabulary_renews_everything(cache: Cache) -> None:
    office("vienna")
    indexed()
    purging.carry(cache.url)
    assert cache.renewed() == {"all"}


def test_a_story_never_public_is_told_to_no_cache(cache: Cache) -> None:
    story = draft()
    verbs.delete(story)
    indexed()
    purging.carry(cache.url)
    assert not cache.told


def test_a_cache_that_is_away_is_told_later_and_named_meanwhile(cache: Cache) -> None:
    published()
    indexed()
    cache.status = 503
    with pytest.raises(purging.PurgeError) as refused:
        purging.carry(cache.url)
    assert "secret" not in str(refused.value)
    Change.objects.update(at=timezone.now() - timedelta(minutes=5))
    assert readiness.notes() == [f"purge 127.0.0.1:{cache.server.server_port}"]
    cache.status = 200
    purging.carry(cache.url)
    assert cache.renewed() == {"list-en", "lists"}
    assert readiness.notes() == []


def test_a_cache_that_was_away_past_the_kept_changes_drops_everything(cache: Cache) -> None:
    published()
    Change.objects.all().delete()
    published("Another")
    Cursor.objects.update(sequence=0)
    purging.carry(cache.url)
    assert "all" in cache.dropped()


def test_many_changes_are_told_in_headers_that_caches_take(
    cache: Cache, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(purging, "AT_ONCE", 2)
    monkeypatch.setattr(purging, "BATCH", 3)
    for number in range(5):
        published(f"Story {number}")
    indexed()
    while purging.carry(cache.url):
        pass
    numbers = Story.objects.values_list("number", flat=True)
    assert cache.dropped() == {f"s{number}" for number in numbers}
    assert max(len(keys) for keys, _ in cache.told) <= 2
