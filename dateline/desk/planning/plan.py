"""What is to come, of the stories a person may see."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dateline.desk import story_list
from dateline.people import rights
from dateline.stories.models import State, Story


@dataclass(frozen=True)
class Entry:
    """One moment of one story. `kind` names it in a calendar's identifiers."""

    at: datetime
    kind: str
    label: Any
    pk: int
    headline: str
    language: str


LABELS = {
    "publish": _("goes live"),
    "release": _("becomes public"),
    "expire": _("is taken down"),
}


def entries(user: Any, start: datetime, end: datetime, language: str = "") -> list[Entry]:
    """What happens in [start, end) to stories this person may see, earliest first."""
    stories = story_list.rows(rights.visible(Story.objects.all(), user)).select_related("locale")
    if language:
        stories = stories.filter(locale__language_code=language)
    coming = max(start, timezone.now())  # what became public long since is no plan
    found = [
        *_of("publish", stories, "approved_for", start, end),
        *_of("release", stories.filter(state=State.PUBLISHED), "visible_from", coming, end),
        *_of("expire", stories.filter(state=State.PUBLISHED), "expire_at", start, end),
    ]
    return sorted(found, key=lambda entry: (entry.at, entry.pk, entry.kind))


def _of(kind: str, stories: Any, name: str, start: datetime, end: datetime) -> Iterator[Entry]:
    for story in stories.filter(**{f"{name}__gte": start, f"{name}__lt": end}):
        headline = story_list.headline_label(story)
        at = getattr(story, name)
        yield Entry(at, kind, LABELS[kind], story.pk, headline, story.language)
