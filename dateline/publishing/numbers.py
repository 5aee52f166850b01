"""Story numbers: drawn at first publication, shared by a release's translations, never reused."""

from __future__ import annotations

from django.db.models import F

from dateline.publishing.models import Counter
from dateline.stories.models import Story


def draw(count: int = 1) -> range:
    """Take the next `count` numbers. The counter's row stays locked until the commit."""
    if not Counter.objects.update(last_number=F("last_number") + count):
        Counter.objects.create(last_number=count)
    last = Counter.objects.get().last_number
    return range(last - count + 1, last + 1)


def number_for(story: Story) -> int:
    """The story's number: its own, its release's, or a new one."""
    if story.number is not None:
        return story.number
    release = story.get_translations().exclude(number=None)
    return release.values_list("number", flat=True).first() or draw()[0]
