"""The only place that knows what is public.

Every exit fetches its rows through `listed` or `readable`. A stale index may therefore miss a
story, and can never show one.
"""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise

from django.db.models import Q, QuerySet
from django.utils import timezone

from dateline.publishing import versions
from dateline.publishing.models import Kind, Version
from dateline.stories.models import State, Story

WITHDRAWALS = (Kind.UNPUBLICATION, Kind.RETRACTION, Kind.KILL)
"""Versions that record an end, not a text."""

READABLE = (State.PUBLISHED, State.OUT_OF_DATE, State.RETRACTED)
"""States with a page at the story's address; a killed story's address answers 410 instead."""


def listed(stories: QuerySet[Story], at: datetime | None = None) -> QuerySet[Story]:
    """The stories that may stand in a list, feed or count at a moment (now, unless given)."""
    moment = at or timezone.now()
    return stories.filter(state=State.PUBLISHED, visible_from__lte=moment).filter(
        _not_expired(moment)
    )


def readable(stories: QuerySet[Story], at: datetime | None = None) -> QuerySet[Story]:
    """The stories whose address shows a page: texts, and retracted ones' notices."""
    moment = at or timezone.now()
    return stories.filter(state__in=READABLE, visible_from__lte=moment).filter(
        _not_expired(moment) | ~Q(state=State.PUBLISHED)
    )


def texts(stories: QuerySet[Story], at: datetime | None = None) -> QuerySet[Story]:
    """The stories whose address shows their text: the listed ones, and those out of date."""
    return readable(stories, at).exclude(state=State.RETRACTED)


def killed(stories: QuerySet[Story], at: datetime | None = None) -> QuerySet[Story]:
    """The stories that were public once and must not be used: their addresses answer 410.

    A story killed before its moment came was never public, and its address stays unknown.
    """
    return stories.filter(state=State.KILLED, visible_from__lte=at or timezone.now())


def is_listed(story: Story, at: datetime | None = None) -> bool:
    """`listed` for one story already in memory."""
    moment = at or timezone.now()
    return (
        story.state == State.PUBLISHED
        and story.visible_from is not None
        and story.visible_from <= moment
        and (story.expire_at is None or story.expire_at > moment)
    )


def is_ahead(story: Story, at: datetime | None = None) -> bool:
    """Whether a story is published, and hidden until a moment to come."""
    return (
        story.state == State.PUBLISHED
        and story.visible_from is not None
        and story.visible_from > (at or timezone.now())
    )


def is_text(story: Story, at: datetime | None = None) -> bool:
    """`texts` for one story already in memory."""
    moment = at or timezone.now()
    return is_listed(story, moment) or (
        story.state == State.OUT_OF_DATE
        and story.visible_from is not None
        and story.visible_from <= moment
    )


def seen(story: Story, at: datetime | None = None) -> list[Version]:
    """The texts that readers saw, oldest first, of a story whose text can be read; else [].

    What a withdrawal took away stays away: the list begins after the last one, an embargo set
    late included. A text replaced before its own moment came was never public.
    """
    moment = at or timezone.now()
    if not is_text(story, moment):
        return []
    texts: list[tuple[Version, datetime, datetime | None]] = []
    for version in story.versions.order_by("number").exclude(kind=Kind.OUT_OF_DATE):
        if version.kind in WITHDRAWALS:
            texts.clear()
            continue
        start, end = _span(version)
        if start > version.at:
            texts.clear()
        texts.append((version, start, end))
    ends = [later[0].at for _, later in pairwise(texts)]
    return [
        version
        for (version, start, expiry), end in zip(texts, [*ends, None], strict=True)
        if start <= moment and (end is None or start < end) and (expiry is None or start < expiry)
    ]


def _span(version: Version) -> tuple[datetime, datetime | None]:
    """From when a version's text was public, and when it expires, as its verb had them."""
    content = versions.read(version)
    start = datetime.fromisoformat(content["visible_from"])
    expires = content["expires"]
    return max(start, version.at), datetime.fromisoformat(expires) if expires else None


def _not_expired(moment: datetime) -> Q:
    return Q(expire_at__isnull=True) | Q(expire_at__gt=moment)
