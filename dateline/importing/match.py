"""What is to be done with each text, in view of the stories the store already has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from dateline.importing.identity import WITHDRAWN
from dateline.importing.texts import Text
from dateline.stories.models import State, Story
from dateline.stories.ports import language_of


@dataclass(frozen=True, slots=True)
class Known:
    """A story of the store that came from this source before."""

    pk: int
    external_id: str
    language: str
    state: str
    fingerprint: str
    edited: bool
    visible_from: datetime | None

    @property
    def is_the_desks(self) -> bool:
        """Whether the newsroom took it over: edited it, or took it from the public itself."""
        withdrawn_by_source = self.fingerprint.startswith(WITHDRAWN)
        left_as = State.UNPUBLISHED if withdrawn_by_source else State.PUBLISHED
        return self.edited or self.state != left_as


@dataclass(slots=True)
class Decision:
    """The texts of a batch by what is to be done with them."""

    create: list[Text] = field(default_factory=list)
    update: list[tuple[Text, Known]] = field(default_factory=list)
    unchanged: int = 0
    kept: list[Text] = field(default_factory=list)

    @property
    def writes(self) -> list[Text]:
        """The texts that will change the store."""
        return [*self.create, *(text for text, _ in self.update)]


def decide(source: str, texts: Sequence[Text]) -> Decision:
    """Compare texts with the store. One query, and nothing is written."""
    known = _Stories(source, texts)
    decision = Decision()
    for text in texts:
        story = known.find(text)
        if story is None:
            decision.create.append(text)
        elif story.fingerprint == text.fingerprint:
            decision.unchanged += 1
        elif story.is_the_desks:
            decision.kept.append(text)
        else:
            decision.update.append((text, story))
    return decision


_COLUMNS = (
    "pk",
    "external_id",
    "locale_id",
    "state",
    "source_fingerprint",
    "latest_revision_id",
    "visible_from",
)


class _Stories:
    """The stories that texts may be, by external id.

    Sources exist that give all languages of a release one id. The first language keeps the id as
    it is; the others are known by it and their language: "4711@fr".
    """

    def __init__(self, source: str, texts: Sequence[Text]) -> None:
        names = [name for text in texts for name in (text.external_id, _in_language(text))]
        # The second condition is the index's own: without it neither database may use the index.
        rows = Story.objects.filter(source=source, external_id__in=names).exclude(source="")
        self._known = {row[1]: _known(*row) for row in rows.values_list(*_COLUMNS)}

    def find(self, text: Text) -> Known | None:
        """The story a text is. A new text's `external_id` becomes the one it will be known by."""
        if self._is_foreign(text):
            text.external_id = _in_language(text)
        story = self._known.get(text.external_id)
        if story is None:
            self._known[text.external_id] = _planned(text)
        return story

    def _is_foreign(self, text: Text) -> bool:
        holder = self._known.get(text.external_id)
        return holder is not None and holder.language != text.language


def _known(
    pk: int,
    name: str,
    locale: int,
    state: str,
    fingerprint: str,
    revision: int | None,
    visible_from: datetime | None,
) -> Known:
    edited = revision is not None
    return Known(pk, name, language_of(locale) or "", state, fingerprint, edited, visible_from)


def _in_language(text: Text) -> str:
    return f"{text.external_id}@{text.language}"


def _planned(text: Text) -> Known:
    """A text of this batch that will take its id, for the next text with the same id."""
    return Known(0, text.external_id, text.language, "", "", False, None)
