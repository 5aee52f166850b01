"""What caches are told: nothing is kept beyond its moment, and everything has the keys it needs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from build import published
from django.conf import settings
from django.http import HttpResponse, StreamingHttpResponse
from django.test import RequestFactory
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from dateline.archive import caching
from dateline.archive.query import Query
from dateline.publishing.models import Due
from dateline.stories.models import Story

REQUEST = RequestFactory().get("/en/news")


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    caching.forget()
    yield
    caching.forget()


@pytest.fixture
def purged(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "PURGE_URLS", ["http://127.0.0.1:6081/"], raising=False)


def told(value: str) -> dict[str, int]:
    """The seconds Cache-Control gives, by directive."""
    parts = (part.partition("=") for part in value.split(", "))
    return {name: int(seconds) for name, _, seconds in parts if seconds}


@pytest.mark.django_db
def test_without_purging_nothing_is_shown_for_more_than_a_minute() -> None:
    seconds = told(caching.control(purged=True))
    assert seconds["max-age"] + seconds["stale-while-revalidate"] == caching.FRESH == 60
    assert "s-maxage" not in seconds
    assert caching.control(purged=True, ask=True) == "public, no-cache"


@pytest.mark.django_db
def test_a_purged_cache_keeps_for_longer_than_a_reader(purged: None) -> None:
    seconds = told(caching.control(purged=True))
    assert seconds["s-maxage"] == caching.PURGED_FRESH > seconds["max-age"]
    assert told(caching.control(purged=True, ask=True))["max-age"] == 0
    assert "s-maxage" not in told(caching.control(purged=False)), "what cannot be purged by a key"


@given(left=st.integers(1, 10**6), purging=st.booleans(), ask=st.booleans())
def test_nothing_outlives_the_moment_it_ends_at(left: int, purging: bool, ask: bool) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "PURGE_URLS", ["http://cache/"] * purging, raising=False)
        until = timezone.now() + timedelta(seconds=left)
        value = caching.control(purged=True, until=until, ask=ask)
    if value == "public, no-cache":
        return
    seconds = told(value)
    for fresh in ("max-age", "s-maxage"):
        for stale in ("stale-while-revalidate", "stale-if-error"):
            kept = seconds.get(fresh, 0) if fresh != "max-age" or not purging else 0
            assert kept + seconds[stale] <= max(1, left)
    assert min(seconds.values()) >= 0


@pytest.mark.django_db
def test_what_is_to_come_cannot_be_told_from_how_long_answers_are_kept(purged: None) -> None:
    published()
    before = caching.control(purged=True)
    Due.objects.create(story=Story.objects.get(), at=timezone.now() + timedelta(seconds=30))
    caching.forget()
    assert caching.control(purged=True) == before


@pytest.mark.django_db
def test_an_answer_has_its_keys_once_and_a_304_has_them_too(archive_file: object) -> None:
    answer = caching.public(REQUEST, HttpResponse("text"), ["s7", "s8", "s7"])
    assert answer["Surrogate-Key"] == "s7 s8 all"
    known = {"HTTP_IF_NONE_MATCH": answer["ETag"]}
    again = caching.public(
        RequestFactory().get("/en/news", **known), HttpResponse("text"), ["s7", "s8"]
    )
    assert again.status_code == 304
    assert again["Surrogate-Key"] == "s7 s8 all"
    assert again["Cache-Control"]


@pytest.mark.django_db
def test_a_stream_is_not_begun_for_a_reader_who_has_it(archive_file: object) -> None:
    def stream() -> Iterator[bytes]:
        raise AssertionError("it was read")
        yield b""

    first = caching.public(REQUEST, StreamingHttpResponse(stream()))
    again = RequestFactory().get("/en/news", HTTP_IF_NONE_MATCH=first["ETag"])
    assert caching.public(again, StreamingHttpResponse(stream())).status_code == 304
    published()
    assert caching.public(again, StreamingHttpResponse(stream())).status_code == 200


def test_the_keys_of_a_list_are_its_languages() -> None:
    assert caching.query_keys(Query(language="en")) == ("list-en",)
    wide = Query(language="en", selections=(("language", ("en", "fr")),))
    assert caching.query_keys(wide) == ("list-en", "list-fr")
