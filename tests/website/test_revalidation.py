"""What is asked again with its ETag is answered from memory, and never wrongly."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from build import indexed, published
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from website import rooms
from website.rooms import Room

from dateline.archive import caching, revalidation
from dateline.publishing import verbs
from dateline.stories.models import State, Story

LIST = "/en/news"
FEED = "/en/news.atom"
REPEATED = ("ETag", "Cache-Control", "Surrogate-Key", "Content-Language", "Last-Modified", "Link")


@pytest.fixture(autouse=True)
def _nothing_remembered() -> Iterator[None]:
    for forget in (revalidation.forget, caching.forget):
        forget()
    yield
    for forget in (revalidation.forget, caching.forget):
        forget()


def again(client: Client, address: str, etag: str) -> Any:
    return client.get(address, headers={"If-None-Match": etag})


def test_every_page_is_confirmed_without_being_made(room: Room, client: Client) -> None:
    for kind, address in {**rooms.paths(room), "feed": FEED}.items():
        first = client.get(address)
        if first.status_code != 200 or first.has_header("Vary"):
            continue
        with CaptureQueriesContext(connection) as captured:
            second = again(client, address, first["ETag"])
        assert second.status_code == 304, kind
        assert second.content == b"", kind
        assert len(captured) <= 5, (kind, [query["sql"] for query in captured])
        for name in REPEATED:
            assert second.get(name) == first.get(name), (kind, name)


def test_another_etag_gets_the_page(room: Room, client: Client) -> None:
    page = client.get(LIST)
    assert again(client, LIST, '"another"').content == page.content
    assert again(client, LIST, f'"another", W/{page["ETag"]}').status_code == 304


def test_a_change_is_seen_at_once_before_and_after_it_is_indexed(
    room: Room, client: Client
) -> None:
    etags = {address: client.get(address)["ETag"] for address in (LIST, FEED)}
    story = published("Just in")
    indexed()
    for address, etag in etags.items():
        told = again(client, address, etag)
        assert told.status_code == 200
        assert b"Just in" in told.content
        etags[address] = told["ETag"]
    verbs.kill(story, "Not ours.")
    for address, etag in etags.items():
        told = again(client, address, etag)
        assert told.status_code == 200, "killed, though the index has not heard of it"
        assert b"Just in" not in told.content


def test_an_expired_story_goes_though_no_worker_has_acted(room: Room, client: Client) -> None:
    story = published("Soon over")
    moment = timezone.now() + timedelta(hours=1)
    Story.objects.filter(pk=story.pk, state=State.PUBLISHED).update(expire_at=moment)
    indexed()
    caching.forget()
    first = client.get(LIST)
    assert b"Soon over" in first.content
    assert again(client, LIST, first["ETag"]).status_code == 304
    Story.objects.filter(pk=story.pk).update(expire_at=timezone.now())
    caching.forget()
    assert revalidation.state() is None
    told = again(client, LIST, first["ETag"])
    assert told.status_code == 200
    assert b"Soon over" not in told.content


def test_memory_ends_with_the_time_a_cache_may_show_a_page(
    room: Room, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    etag = client.get(LIST)["ETag"]
    monkeypatch.setattr(caching, "FRESH", -1)
    with CaptureQueriesContext(connection) as captured:
        assert again(client, LIST, etag).status_code == 304
    assert len(captured) > 5, "the page was made to see whether it is still the same"


def test_what_differs_from_reader_to_reader_is_not_remembered(room: Room, client: Client) -> None:
    for address in ("/", f"/n/{room.full.number}", "/desk/login/", "/healthz"):
        client.get(address)
    assert not revalidation._answers


def test_memory_is_bounded(room: Room, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(revalidation, "MOST", 3)
    addresses = [f"/en/news?year={year}" for year in range(1995, 2001)]
    etags = {address: client.get(address)["ETag"] for address in addresses}
    assert list(revalidation._answers) == addresses[-3:]
    assert all(again(client, address, etags[address]).status_code == 304 for address in addresses)


def test_a_database_that_is_away_is_no_reason_to_confirm_anything(
    room: Room, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.db import OperationalError

    def away() -> int:
        raise OperationalError("the database is away")

    monkeypatch.setattr("dateline.publishing.outbox.head", away)
    assert revalidation.state() is None
