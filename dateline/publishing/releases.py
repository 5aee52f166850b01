"""The texts of one release, and the versions of one text: what a number in an address leads to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from django.conf import settings

from dateline.publishing import visibility
from dateline.publishing.models import Kind, Version
from dateline.stories.models import State, Story
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


@dataclass(frozen=True, slots=True)
class Overtaken:
    """A translation's original was changed after it: `version` is the original's newest."""

    original: Story
    kind: str
    version: int
    at: datetime
    translated_at: datetime


def overtaken(story: Story, texts: Mapping[str, Story]) -> Overtaken | None:
    """What a translation does not have yet; None for an original and for one that is up to date.

    A translation made side by side says which version of which text it renders. Of any other one
    (imported, written in the form) the original is the text of the release (`texts`, by language)
    that was public first, and what was published later has what came before. A minor edit
    overtakes nothing.
    """
    if len(texts) < 2:
        return None
    source = next((t for t in texts.values() if t.pk == story.translated_from_id), None)
    if source is not None and story.translated_version is not None:
        return _overtaken(story.translated_version, source)
    rows = Version.objects.filter(story__in=list(texts.values()), kind__in=TOLD)
    last: dict[int, tuple[int, str, datetime]] = {}
    first: dict[int, datetime] = {}
    for pk, number, kind, at in rows.order_by("number").values_list(
        "story_id", "number", "kind", "at"
    ):
        first.setdefault(pk, at)
        last[pk] = (number, kind, at)
    original = min(texts.values(), key=lambda text: (first.get(text.pk, _NEVER), text.pk))
    if original.pk == story.pk or original.pk not in last or story.pk not in last:
        return None
    number, kind, at = last[original.pk]
    own = last[story.pk][2]
    if kind == Kind.PUBLICATION or at <= own or original.state != State.PUBLISHED:
        return None
    return Overtaken(original, kind, number, at, own)


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """A translation's original was taken back at a moment; `state` says in which way."""

    original: Story
    state: str
    at: datetime


def withdrawn(story: Story, texts: Mapping[str, Story]) -> Withdrawn | None:
    """What became of a translation's original, where readers who open that one are told so too.

    The original is the text that the translation names, else the one of the release that was
    public first: of those with a page (`texts`, by language) and those killed.
    """
    gone = {
        each.pk: each
        for each in (
            *visibility.killed(Story.objects.filter(number=story.number)).select_related("locale"),
            *(text for text in texts.values() if text.state in ENDS),
        )
    }
    key = story.translated_from_id or (_first_public(story, texts, gone) if gone else None)
    original = gone.get(key or 0)
    if original is None or original.pk == story.pk:
        return None
    notices = Version.objects.filter(story=original, kind=ENDS[State(original.state)])
    at = notices.order_by("-number").values_list("at", flat=True).first()
    return Withdrawn(original, original.state, at) if at else None


def _first_public(
    story: Story, texts: Mapping[str, Story], gone: Mapping[int, Story]
) -> int | None:
    keys = {story.pk, *gone, *(text.pk for text in texts.values())}
    published = Version.objects.filter(story__in=keys, kind=Kind.PUBLICATION)
    return published.order_by("at", "story").values_list("story", flat=True).first()


def _overtaken(rendered: int, source: Story) -> Overtaken | None:
    """What came to the source after the version that was rendered; its moment dates the text."""
    told = Version.objects.filter(story=source, kind__in=TOLD).order_by("-number")
    newest = told.first()
    own = Version.objects.filter(story=source, number__lte=rendered).order_by("-number").first()
    if newest is None or own is None or source.state != State.PUBLISHED:
        return None
    if newest.number <= rendered or newest.kind == Kind.PUBLICATION:
        return None
    return Overtaken(source, newest.kind, newest.number, newest.at, own.at)


TOLD = (Kind.PUBLICATION, Kind.UPDATE, Kind.CORRECTION)
_NEVER = datetime.max.replace(tzinfo=UTC)


def _by_language(stories: Iterable[Story]) -> dict[str, Story]:
    found = {language_of(story.locale_id) or "": story for story in stories}
    return {tag: found[tag] for tag in settings.NEWSROOM.languages if tag in found}


ENDS = {
    State.OUT_OF_DATE: Kind.OUT_OF_DATE,
    State.RETRACTED: Kind.RETRACTION,
    State.KILLED: Kind.KILL,
}
"""The states of a text taken back before readers' eyes, with the version that holds the note."""
