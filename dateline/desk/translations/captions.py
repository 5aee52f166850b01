"""What is said of a story's pictures and documents, as segments that go by the file's key.

It stands in the story's own rows, so a translation's rows say it in the translation's language.
A file that only one of the two texts has is that text's own. Of a file's rows the first counts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from dateline.desk.translations.segments import DOCUMENT, PICTURE, Segment
from dateline.publishing.checks import UNTRANSLATED, has_words
from dateline.publishing.verbs import VerbError
from dateline.stories.models import Story

ALT = "alt"


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a draft says something of a file, and what is read or heard there now."""

    row: Any
    field: str
    said: str


def of(draft: Story) -> tuple[Segment, ...]:
    """What a draft says, in its rows' order; a decorative picture has no alternative text."""
    places = _places(draft.pictures.all(), draft.documents.all())
    return tuple(_segment(key, place.said) for key, place in places.items())


def read(content: Mapping[str, Any]) -> tuple[Segment, ...]:
    """What a public version said, from its content; "" for what it did not say."""
    found: dict[str, str] = {}
    for row in content.get("pictures", ()):
        for name in (ALT, "caption"):
            found.setdefault(f"{PICTURE}-{row['picture']}-{name}", row[name])
    for row in content.get("documents", ()):
        found.setdefault(f"{DOCUMENT}-{row['document']}-title", row["title"])
    return tuple(_segment(key, said) for key, said in found.items())


def kept(draft: Story, source: Sequence[Segment]) -> dict[str, str]:
    """Key → what the draft says of a file it has, "" where that is not translated yet.

    A caption or title that is the source's may be a name; it counts as a rendering once somebody
    has kept it side by side.
    """
    theirs = {one.key: one.text for one in source}
    found = {one.key: one for one in of(draft)}
    return {
        key: "" if _is_left(one, theirs.get(key), draft) else one.text for key, one in found.items()
    }


def write(draft: Story, source: Sequence[Segment], targets: Mapping[str, str]) -> None:
    """Put the targets into the draft's own rows; VerbError for one that is too long.

    What the source does not say, what the draft has no row for, and what has no target is let be.
    """
    pictures, documents = list(draft.pictures.all()), list(draft.documents.all())
    places = _places(pictures, documents)
    for one in source:
        if one.key in places and one.key in targets and one.text.strip():
            place = places[one.key]
            text = _rendering(one, " ".join(targets[one.key].split()))
            _hold(text, place.row._meta.get_field(place.field).max_length)
            setattr(place.row, place.field, text)
    draft.pictures.set(pictures)
    draft.documents.set(documents)


def _rendering(one: Segment, target: str) -> str:
    """The target, or the mark of what is not translated; a name is a caption in any language."""
    if target and (target != one.text or one.tag != ALT):
        return target
    return UNTRANSLATED if has_words(one.text) else one.text


def _hold(text: str, most: int) -> None:
    if len(text) > most:
        said = _("“%(text)s…” is longer than the %(most)s characters there is room for.")
        raise VerbError(said % {"text": text[:40], "most": most})


def _is_left(one: Segment, theirs: str | None, draft: Story) -> bool:
    copied = one.text == theirs and (one.tag == ALT or not draft.translated_from_id)
    return one.text == UNTRANSLATED or (copied and has_words(one.text))


def _segment(key: str, said: str) -> Segment:
    return Segment(key, key.rpartition("-")[2], said)


def _places(pictures: Any, documents: Any) -> dict[str, _Place]:
    found: dict[str, _Place] = {}
    for row in (*pictures, *documents):
        for key, place in _of_row(row):
            found.setdefault(key, place)
    return found


def _of_row(row: Any) -> Iterator[tuple[str, _Place]]:
    if hasattr(row, "document_id"):
        yield f"{DOCUMENT}-{row.document_id}-title", _Place(row, "title", str(row))
        return
    if not row.decorative:
        yield f"{PICTURE}-{row.picture_id}-{ALT}", _Place(row, "alternative_text", row.alt)
    yield f"{PICTURE}-{row.picture_id}-caption", _Place(row, "caption", row.caption)
