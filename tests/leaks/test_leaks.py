"""Nothing that is not public can be had by any address, filter, word, feed or header."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from build import indexed
from django.utils import timezone
from leaks import newsroom
from leaks.newsroom import LATER, Hidden
from leaks.walker import (
    ADDRESSES,
    ELSEWHERE,
    GUESSED_TOKEN,
    Walker,
    addresses,
    desk_addresses,
    public_routes,
    stray_files,
)

from dateline.archive import follow, index, search
from dateline.archive.query import Query
from dateline.publishing import visibility
from dateline.stories.models import Story

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("newsroom_folder")]
DESK_REFUSES = {301, 302, 403, 404, 405}
OPEN_DOORS = re.compile(
    r"/desk/(login|password_reset|jsi18n|sprite|sign-in/(inactive|failed|cancelled))\b"
)
"""Pages of the desk that hold nothing but the way in, and its own words and pictures."""


@pytest.fixture
def newsroom_folder(archive_file: Path, tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@dataclass
class Filled:
    """The newsroom after everything was hidden, and what is public in it."""

    hidden: list[Hidden]
    public: list[Story]


@pytest.fixture
def filled(newsroom_folder: None, monkeypatch: pytest.MonkeyPatch) -> Filled:
    """Hidden stories of every state, an index that has heard of no withdrawal, two hours later."""
    newsroom.terms()
    public = newsroom.public_stories()
    hidden = newsroom.hide_all(public)
    now = timezone.now
    monkeypatch.setattr(timezone, "now", lambda: now() + LATER)
    return Filled(hidden, public)


def _walk_everything(hidden: list[Hidden]) -> Walker:
    walker = Walker(hidden)
    for paths in addresses(hidden).values():
        walker.walk(paths)
    walker.walk(ELSEWHERE)
    walker.walk(stray_files())
    walker.walk(["/en/news", "/en/news?topic=shadow-topic", "/fr/news"], hx_request="true")
    walker.walk((f"/n/{n}" for n in range(1, 40)), accept_language="fr, en;q=0.5")
    walker.get("/en/news", host="evil.example.org")
    for route, paths in addresses(hidden).items():
        if route == "<language:language>/news/<number:number>":
            walker.walk(f"{path}/" for path in paths)
        if "draft" in route:
            walker.walk(paths, authorization=GUESSED_TOKEN)
    return walker


def test_every_public_route_is_walked() -> None:
    """A new route fails here until its addresses are listed in `walker.ADDRESSES`."""
    assert public_routes() == set(ADDRESSES)


@pytest.mark.checker
@pytest.mark.parametrize("caught_up", [False, True], ids=["stale index", "index caught up"])
def test_no_exit_says_what_is_hidden(
    filled: Filled, caught_up: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    if caught_up:
        indexed()
    walker = _walk_everything(filled.hidden)
    with capsys.disabled():
        print(f" [{walker.requests} requests]", end="", flush=True)  # noqa: T201
    assert not walker.leaks, "\n".join(walker.leaks)
    assert 500 not in walker.statuses.values()
    # The walk has met the public stories, so it would have met others.
    assert {walker.statuses[story.get_absolute_url()] for story in filled.public} == {200}
    gone = {story.state: walker.statuses[_own(story)] for story in filled.hidden if story.number}
    assert gone.pop("killed") == 410
    for state in ("retracted", "edited", "editscheduled", "outofdate"):
        assert gone.pop(state) == 200, state
    assert gone.pop("replaced") == 301, "to the headline it has now"
    assert set(gone.values()) == {404}
    for path in (_own(story) for story in filled.hidden if story.number):
        alike = walker.client.get(f"{path}/").status_code == 404
        assert alike == (walker.statuses[path] == 404), path


def _own(story: Hidden) -> str:
    language = "fr" if story.state == "translation" else "en"
    return f"/{language}/news/{story.number}/{story.slug or 'guessed'}"


def test_the_desk_lets_nobody_in_unasked(filled: Filled) -> None:
    walker = Walker(filled.hidden)
    walker.walk(desk_addresses(filled.hidden))
    assert walker.leaks == []
    opened = {path for path, status in walker.statuses.items() if status not in DESK_REFUSES}
    assert [path for path in opened if not OPEN_DOORS.match(path)] == []


@pytest.mark.parametrize("caught_up", [False, True], ids=["stale index", "index caught up"])
def test_no_number_counts_what_is_hidden(filled: Filled, caught_up: bool) -> None:
    if caught_up:
        indexed()
    both = Query("en", selections=(("language", ("en", "fr")),))
    page = search.search(both)
    assert page.total == len(filled.public)
    for facet in page.facets:
        shown = {value.value: value.count for value in facet.values}
        assert not [name for name in shown if "shadow" in name or "2190" in name], facet.name
        assert max(shown.values()) <= len(filled.public)
    assert page.facet("office").values[0].count == len(filled.public)
    assert page.facet("month").values[0].value == "2023-03"
    for story in filled.hidden:
        for asked in (story.handle, f"{story.handle[:-2]}*", f'"{story.handle}"'):
            assert search.search(Query("en", keywords=asked)).total == 0
            assert search.search(Query("fr", keywords=asked)).total == 0


def test_feeds_and_tables_for_a_hidden_word_are_empty(filled: Filled) -> None:
    walker = Walker(filled.hidden)
    for story in filled.hidden:
        feed = walker.get(f"/en/news.json?keywords={story.handle}").partition("\n\n")[2]
        assert json.loads(feed)["items"] == []
        table = walker.get(f"/en/news.csv?keywords={story.handle}").partition("\n\n")[2]
        assert len(table.splitlines()) == 1
        assert "<entry" not in walker.get(f"/en/news.atom?keywords={story.handle}")


@pytest.mark.checker
def test_what_is_hidden_changes_nothing_for_readers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every public page is the same, byte for byte, with hidden stories and without."""
    newsroom.terms()
    public = newsroom.public_stories()
    paths = sorted(_public_paths(public))
    before = {path: Walker([]).get(path) for path in paths}
    hidden = newsroom.hide_all(public)
    now = timezone.now
    monkeypatch.setattr(timezone, "now", lambda: now() + LATER)
    for told in (False, True):
        if told:
            indexed()
        after = {path: Walker(hidden).get(path) for path in paths}
        changed = [path for path in paths if _lasting(after[path]) != _lasting(before[path])]
        assert changed == []


def _public_paths(public: list[Story]) -> Iterator[str]:
    every = addresses([])
    numbers = {story.number for story in public}
    for route, paths in every.items():
        # Harvesters are told of every withdrawal, and of the time (tests/exports/test_oai.py).
        if not route.startswith("n/") and route not in ("readyz", "oai"):
            yield from (path for path in paths if not path.startswith("/ar/"))
    yield from (f"/n/{number}" for number in numbers)


_MOMENTS = ("Last-Modified:", "Date:", "Expires:", "ETag: W/", "<sent>")
"""Weak tags, which streams have, tell like dates that something public has changed somewhere."""
_TOLD = re.compile(
    r"<at:deleted-entry.*?</at:deleted-entry>|\"_withdrawn\":\[.*?\],"
    r"|<lastBuildDate>.*?</lastBuildDate>|(?<=</title>)<updated>.*?</updated>"
)
"""What feeds tell of stories that were public and are withdrawn, which is no secret."""


def _lasting(text: str) -> str:
    """An answer without the moments it was made at and last changed, and without withdrawals."""
    kept = _TOLD.sub("", text)
    feed = kept != text or "jsonfeed.org" in text
    moments = (*_MOMENTS, "ETag:", "Content-Length:") if feed else _MOMENTS
    return "\n".join(line for line in kept.split("\n") if not line.startswith(moments))


# --- the walk can fail ------------------------------------------------------------------------
@pytest.mark.checker
def test_the_walk_finds_leaks_where_lists_are_not_guarded(
    filled: Filled, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(visibility, "listed", lambda stories, at=None: stories.exclude(number=None))
    follow.rebuild(index.engine())
    walker = Walker(filled.hidden)
    every = addresses(filled.hidden)
    for route in (
        "<language:language>/news",
        "<language:language>/news.<str:suffix>",
        "sitemap.xml",
        "sitemap-<language:language>-<number:part>.xml",
        "<language:language>/",
    ):
        walker.walk(every[route])
    walker.walk(["/api/v1/en/stories?size=100", "/api/v1/en/suggestions?text=zqheadline"])
    leaking = {leak.split(":")[0] for leak in walker.leaks}
    assert leaking >= {
        "future",
        "embargoed",
        "lateembargo",
        "unpublished",
        "retracted",
        "killed",
        "expired",
    }
    for exit_ in (
        "/en/news?",
        "/en/news.atom",
        "/en/news.json",
        *(f"/en/news.{form}" for form in ("csv", "ndjson", "parquet", "ninjs", "newsml", "zip")),
        "/sitemap-en-1.xml",
        "/en/",
        "/api/v1/en/stories",
        "/api/v1/en/suggestions",
    ):
        assert any(exit_ in leak for leak in walker.leaks), exit_


@pytest.mark.checker
def test_the_walk_finds_leaks_where_addresses_are_not_guarded(
    filled: Filled, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        visibility, "readable", lambda stories, at=None: stories.exclude(number=None)
    )
    walker = Walker(filled.hidden)
    every = addresses(filled.hidden)
    walker.walk(every["<language:language>/news/<number:number>/<str:slug>"])
    walker.walk(every["n/<number:number>"])
    walker.walk(every["<language:language>/news/<number:number>.<str:suffix>"])
    walker.walk(every["api/v1/stories/<number:number>"])
    walker.walk(every["n/<number:number>/documents/<number:pk>/<str:filename>"])
    leaking = {leak.split(":")[0] for leak in walker.leaks}
    assert leaking >= {"future", "embargoed", "lateembargo", "unpublished", "killed", "expired"}
    for exit_ in ("/api/v1/stories/", "/documents/"):
        assert any(exit_ in leak for leak in walker.leaks), exit_
    for ending in (".pdf", ".txt", ".ninjs", ".newsml", ".bib", ".ris", ".csl"):
        assert any(f"{ending} " in leak for leak in walker.leaks), ending
