"""Stories whose readers must be told that they are disowned or must not be used."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from dateline.formats.feed import Withdrawn
from dateline.publishing import visibility
from dateline.publishing.models import Kind, Version
from dateline.stories.models import State, Story
from dateline.stories.ports import language_of

TOLD = timedelta(days=30)
"""How long feeds tell of a withdrawal: readers that come back later fetch the whole feed anew."""
MOST = 100


def recent(languages: Iterable[str]) -> list[Withdrawn]:
    """What was killed or retracted of late in these languages, newest first.

    The same for every list of a language: a reader that never had the story has nothing to remove
    (RFC 6721, section 4), and one that had it may have got it under terms it no longer carries.
    """
    public = visibility.killed(Story.objects.all()) | visibility.readable(
        Story.objects.filter(state=State.RETRACTED)
    )
    told = Version.objects.filter(kind__in=(Kind.KILL, Kind.RETRACTION)).filter(
        Q(kind=Kind.KILL, story__state=State.KILLED)
        | Q(kind=Kind.RETRACTION, story__state=State.RETRACTED),
        at__gte=timezone.now() - TOLD,
        story__locale__language_code__in=[*languages],
        story__in=public,
    )
    columns = ("story__number", "story__locale_id", "at", "note")
    return [
        Withdrawn(f"{settings.ORIGIN}/n/{number}#{language_of(locale)}", at, note)
        for number, locale, at, note in told.order_by("-at").values_list(*columns)[:MOST]
    ]
