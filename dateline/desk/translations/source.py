"""The text a translation is made from: what the public reads, else the draft."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from dateline.desk.translations import captions, segments
from dateline.desk.translations.segments import Segment
from dateline.publishing import releases, versions
from dateline.publishing.models import Version
from dateline.stories.models import State, Story

WITHDRAWN = (State.RETRACTED, State.KILLED)


@dataclass(frozen=True, slots=True)
class Source:
    """A text to translate; `version` is None while it is not public."""

    story: Story
    version: int | None
    headline: str
    summary: str
    body: str
    notes: str
    captions: tuple[Segment, ...] = ()

    @property
    def segments(self) -> list[Segment]:
        text = segments.cut(self.headline, self.summary, self.body, self.notes)
        return [*text, *self.captions]

    @property
    def fingerprint(self) -> str:
        """Tells whether the text a page was opened with is still this one."""
        said = (part for one in self.captions for part in (one.key, one.text))
        text = "\0".join((self.headline, self.summary, self.body, self.notes, *said))
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def of(story: Story) -> Source:
    """The text of a story as translators are to render it now."""
    newest = (
        Version.objects.filter(story=story, kind__in=(*releases.TOLD, "minor"))
        .order_by("-number")
        .first()
        if story.state == State.PUBLISHED
        else None
    )
    if newest is not None:
        return _read(story, newest)
    draft: Story = story.get_latest_revision_as_object()
    texts = (draft.headline, draft.summary, draft.body, draft.notes_to_editors)
    return Source(story, None, *texts, captions=captions.of(draft))


def rendered(now: Source, draft: Story) -> Source:
    """The text a draft renders; one that does not say is held against the source of now."""
    own = draft.translated_version if draft.translated_from_id == now.story.pk else None
    if own is None or own == now.version:
        return now
    version = Version.objects.filter(story=now.story, number=own).first()
    return _read(now.story, version) if version else now


def _read(story: Story, version: Version) -> Source:
    content = versions.read(version)
    return Source(
        story,
        version.number,
        content["headline"],
        content["summary"],
        content["body"],
        content["notes_to_editors"],
        captions.read(content),
    )
