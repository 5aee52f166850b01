"""The registry of endings: what a listing can be besides a page (`.atom`, `.json`, `.csv`, …).

An exit registers its endings when the site starts; addresses, `link rel=alternate` and the
listing's "reuse" links all come from here, so adding a format is adding a folder and a line.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponseBase
from django.utils.functional import Promise

from dateline.archive.query import Query

Respond = Callable[[HttpRequest, Query], HttpResponseBase]


@dataclass(frozen=True)
class Ending:
    """One other form of every listing.

    `suffix` is what its address ends in, `media_type` what it is served as, `label` what people
    call it and `about` what it is good for; a `feed` is offered to be followed, anything else to
    be reused.
    """

    suffix: str
    media_type: str
    label: str | Promise
    respond: Respond
    feed: bool = False
    about: str | Promise = ""


_endings: dict[str, Ending] = {}


def register(ending: Ending) -> None:
    """Add an ending; a second one with the same suffix is a mistake."""
    if _endings.get(ending.suffix, ending).respond is not ending.respond:
        raise ValueError(f"two endings are called .{ending.suffix}")
    _endings[ending.suffix] = ending


def get(suffix: str) -> Ending | None:
    """The ending behind a suffix, or None."""
    return _endings.get(suffix)


def every() -> tuple[Ending, ...]:
    """All endings, feeds first, in the order they were registered."""
    return tuple(sorted(_endings.values(), key=lambda ending: not ending.feed))
