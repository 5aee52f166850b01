"""The text a translation is made from: what the public reads, else the draft."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from dateline.desk.translations import segments
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

    @property
    def segments(self) -> list[Segment]:
        return segments.cut(self.headline, self.summary, self.body)

    @property
    def fingerprint(self) -> str:
        """Tells whether the text a page was opened with is still this one."""
        text = "\0".join((self.headline, self.summary, self.body))
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
    return Source(story, None, draft.headline, draft.summary, draft.body)


def rendered(story: Story, number: int | None) -> Source | None:
    """The version of a story that a translation renders; None where it is not known."""
    if number is None:
        return None
    version = Version.objects.filter(story=story, number=number).first()
    return _read(story, version) if version else None


def _read(story: Story, version: Version) -> Source:
    content = versions.read(version)
    texts = (content["headline"], content["summary"], content["body"])
    return Source(story, version.number, *texts)
