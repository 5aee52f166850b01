"""The texts of one release, and the versions of one text: what a number in an address leads to."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings

from dateline.publishing import visibility
from dateline.publishing.models import Kind, Version
from dateline.stories.models import Story
from dateline.stories.ports import language_of


def readable(number: int) -> dict[str, Story]:
    """The texts of a release that have a page, by language, in the newsroom's order."""
    stories = Story.objects.filter(number=number).select_related("locale")
    return _by_language(visibility.readable(stories))


def killed(number: int, language: str) -> Story | None:
    """The killed text a reader asks for: in this language, else, where no text is left, any."""
    gone = _by_language(visibility.killed(Story.objects.filter(number=number)))
    if language in gone:
        return gone[language]
    return None if readable(number) else next(iter(gone.values()), None)


def versions(story: Story, at: datetime | None = None) -> list[Version]:
    """The public versions of a listed text, oldest first; [] for one that is not listed.

    Each is the text that stood under its number last: a minor edit makes no version of its own, it
    stands in the version it amends, under that one's number, kind, moment and note.
    """
    found: list[Version] = []
    for seen in visibility.seen(story, at):
        if seen.kind == Kind.MINOR and found:
            found[-1].content = seen.content
        else:
            found.append(seen)
    return found


def _by_language(stories: Iterable[Story]) -> dict[str, Story]:
    found = {language_of(story.locale_id) or "": story for story in stories}
    return {tag: found[tag] for tag in settings.NEWSROOM.languages if tag in found}
