"""Story numbers: drawn at first publication, shared by a release's translations, never reused."""

from __future__ import annotations

from django.db.models import F

from dateline.publishing.models import Counter
from dateline.stories.models import Story

_ONLY = 1
"""The key of the counter's one row, so that two first publications cannot each make one."""


def draw(count: int = 1) -> range:
    """Take the next `count` numbers. The counter's row stays locked until the commit."""
    last = _counter().last_number + count
    Counter.objects.filter(pk=_ONLY).update(last_number=F("last_number") + count)
    return range(last - count + 1, last + 1)


def number_for(story: Story) -> int:
    """The story's number: its own, its release's, or a new one."""
    if story.number is not None:
        return story.number
    # Before looking: another text of this release may be drawing its number at this moment.
    _counter()
    release = story.get_translations().exclude(number=None)
    return release.values_list("number", flat=True).first() or draw()[0]


def _counter() -> Counter:
    """The counter, locked."""
    Counter.objects.get_or_create(pk=_ONLY)
    return Counter.objects.select_for_update().get(pk=_ONLY)
