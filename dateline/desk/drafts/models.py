"""The words of every text that the archive does not hold: drafts, and what was withdrawn.

They stand in the database beside the drafts, so that they are as new and as secret as those, and
none is in a file that readers are answered from. Drafts are few: they are looked through.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models.signals import post_save
from wagtail.models import Revision

from dateline.desk.drafts import words
from dateline.lib import html
from dateline.publishing import visibility
from dateline.publishing.models import Version
from dateline.stories import drafts
from dateline.stories.models import State, Story

FIELDS = ("headline", "summary", "body", "notes_to_editors")
"""Plain text first, then HTML."""
LONGEST = 200_000
"""Characters of a text that are looked through."""


class DraftWords(models.Model):
    """The words of a story's newest text, while that is not the public one (`words.stream`)."""

    story = models.OneToOneField(
        Story, on_delete=models.CASCADE, primary_key=True, related_name="draft_words"
    )
    headline = models.TextField()
    text = models.TextField()

    def __str__(self) -> str:
        return f"{self.story_id}"


def found(typed: str) -> models.QuerySet[DraftWords]:
    """The drafts that have what was typed, with the operators that readers have too."""
    asked = words.asked(typed, settings.NEWSROOM.languages)
    # What says nothing finds nothing here: all drafts are no answer to a lone full stop.
    return DraftWords.objects.filter(asked) if asked else DraftWords.objects.none()


def keep(story: Story, content: dict[str, Any]) -> None:
    """Keep the words of a story's newest draft."""
    headline, *others = _texts(content)
    streams = [words.stream(text, story.language) for text in (headline, *others)]
    kept = {"headline": streams[0], "text": "\n".join(streams)}
    DraftWords.objects.update_or_create(story=story, defaults=kept)


def _texts(content: dict[str, Any]) -> list[str]:
    plain, markup = FIELDS[:2], FIELDS[2:]
    texts = [*(content[name] for name in plain), *(html.text(content[name]) for name in markup)]
    return [text[:LONGEST] for text in texts]


def tidy() -> None:
    """Drop the words of drafts that became public by the clock alone: their embargo ended."""
    public = visibility.listed(Story.objects.filter(has_unpublished_changes=False))
    DraftWords.objects.filter(story__in=public.values("pk")).delete()


def listen() -> None:
    """Follow every draft that is saved and every version that readers saw."""
    drafts.follow(_saved, "desk.drafts.saved")
    post_save.connect(_published, sender=Version, dispatch_uid="desk.drafts.published")


def _saved(draft: Revision) -> None:
    stories = Story.objects.exclude(state=State.KILLED)
    if story := stories.filter(pk=draft.object_id).first():
        keep(story, draft.content)


def _published(instance: Version, **_options: Any) -> None:
    """Readers have the newest text now, or have it no more; what was killed nobody finds."""
    story = Story.objects.select_related("latest_revision").get(pk=instance.story_id)
    public = not story.has_unpublished_changes and visibility.is_listed(story)
    if public or story.state == State.KILLED:
        DraftWords.objects.filter(pk=story.pk).delete()
    elif story.latest_revision is not None:
        keep(story, story.latest_revision.content)
    else:  # imported, and never saved at the desk
        keep(story, {name: getattr(story, name) for name in FIELDS})
