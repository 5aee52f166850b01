"""No word of a hidden story is suggested, quoted or marked, whatever is typed for it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from build import indexed
from django.utils import timezone
from leaks import newsroom
from leaks.newsroom import LATER, Hidden
from leaks.walker import Walker

from dateline.archive import index
from dateline.archive.engines.base import Engine
from dateline.publishing import outbox, visibility
from dateline.stories.models import Story

pytestmark = pytest.mark.django_db


@pytest.fixture
def hidden(
    archive_file: Path, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> list[Hidden]:
    """Stories of every hidden state, an index that has heard of no withdrawal, two hours later."""
    settings.MEDIA_ROOT = tmp_path / "media"
    newsroom.terms()
    found = newsroom.hide_all(newsroom.public_stories())
    now = timezone.now
    monkeypatch.setattr(timezone, "now", lambda: now() + LATER)
    return found


def _misspelt(story: Hidden) -> Iterator[str]:
    for word in (story.secret, story.handle, story.headline):
        yield from (word[:-1], f"{word}x", f"{word[:4]}{word[5:]}", f"{word[1]}{word[0]}{word[2:]}")


@pytest.mark.parametrize("caught_up", [False, True], ids=["stale index", "index caught up"])
def test_a_misspelt_hidden_word_is_not_put_right(hidden: list[Hidden], caught_up: bool) -> None:
    if caught_up:
        indexed()
    walker = Walker(hidden)
    for story in hidden:
        for word in _misspelt(story):
            assert "respelled" not in walker.get(f"/en/news?keywords={word}"), (story.state, word)
            assert _suggested(index.engine(), word) is None, (story.state, word)
    assert not walker.leaks, "\n".join(walker.leaks)
    # A public word is, so these would have been.
    assert "respelled" in walker.get("/en/news?keywords=ilustrated")


def _suggested(engine: Engine, word: str) -> str | None:
    barred = outbox.withdrawn_after(engine.cursor())
    at = int(timezone.now().timestamp())
    return engine.spelling(word, languages=("en", "fr"), at=at, barred=barred)


@pytest.mark.parametrize("caught_up", [False, True], ids=["stale index", "index caught up"])
def test_no_hidden_story_is_related_or_quoted(hidden: list[Hidden], caught_up: bool) -> None:
    if caught_up:
        indexed()
    walker = Walker(hidden)
    engine, public = index.engine(), visibility.listed(Story.objects.all())
    listed = set(public.values_list("pk", flat=True))
    barred = outbox.withdrawn_after(engine.cursor())
    at = int(timezone.now().timestamp())
    related = 0
    for story in public:
        near = engine.similar(story.pk, 50, languages=("en", "fr"), at=at, barred=barred)
        assert set(near) <= listed
        related += len(near)
        walker.get(story.get_absolute_url())
    assert related
    for story in hidden:
        for word in (story.secret, story.handle, story.headline):
            answer = walker.get(f"/en/news?keywords={word}")
            assert "<mark" not in answer
            assert "excerpt" not in answer
    assert not walker.leaks, "\n".join(walker.leaks)
