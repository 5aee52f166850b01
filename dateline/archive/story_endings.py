"""The registry of a story's endings: what a story can be besides a page (`.pdf`, `.bib`, …).

As `endings` is for lists: an exit registers its forms when the site starts, and the page's links
come from here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponseBase
from django.utils.functional import Promise

from dateline.stories.models import Story

Respond = Callable[[HttpRequest, Story], HttpResponseBase]


@dataclass(frozen=True)
class StoryEnding:
    """One other form of every story: a reference to cite it by, or the story itself to reuse."""

    suffix: str
    media_type: str
    label: str | Promise
    respond: Respond
    cites: bool = False

    def path(self, story: Story) -> str:
        """Its address, which holds no headline and so lasts as the number does."""
        return f"/{story.language}/news/{story.number}.{self.suffix}"


_endings: dict[str, StoryEnding] = {}


def register(ending: StoryEnding) -> None:
    """Add an ending; a second one with the same suffix is a mistake."""
    if _endings.get(ending.suffix, ending).respond is not ending.respond:
        raise ValueError(f"two endings of stories are called .{ending.suffix}")
    _endings[ending.suffix] = ending


def get(suffix: str) -> StoryEnding | None:
    """The ending behind a suffix, or None."""
    return _endings.get(suffix)


def every() -> tuple[StoryEnding, ...]:
    """All endings, in the order they were registered."""
    return tuple(_endings.values())
