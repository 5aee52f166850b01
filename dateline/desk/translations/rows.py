"""The rows of the page side by side: each passage of the source beside its rendering."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext
from wagtail.documents.models import Document

from dateline.desk.translations import captions, segments
from dateline.desk.translations import source as sources
from dateline.desk.translations.segments import DOCUMENT, PICTURE, Segment
from dateline.desk.translations.source import Source
from dateline.lib import differences
from dateline.publishing.checks import has_words
from dateline.stories.models import Picture, Story


@dataclass(frozen=True, slots=True)
class Standing:
    """The newest draft, the text it renders, and how: of its text, and of what it says of files.

    `text` is None where the draft is built differently; `files` is None where there is no draft,
    so that its rows will be the source's.
    """

    draft: Story | None
    rendered: Source | None
    text: dict[str, str] | None
    files: dict[str, str] | None


@dataclass(frozen=True, slots=True)
class Row:
    """A segment beside its rendering; `changes` is what came to it since it was rendered."""

    segment: Segment
    label: str
    target: str
    changes: tuple[differences.Part, ...]
    is_new: bool
    theirs: str
    """What the draft says now, where the page shows what was typed instead."""
    picture: Picture | None = None
    """What it is about, to be seen while it is put into words."""

    @property
    def rows(self) -> int:
        return min(12, 2 + len(self.segment.text) // 60)

    @property
    def has_markup(self) -> bool:
        """Whether a rendering has links, emphasis or the like to carry along."""
        return self.segment.is_html and "<" in self.segment.text


def standing(now: Source, there: Story | None) -> Standing:
    """How a translation stands to the source of now; `there` is None where it is to be begun."""
    if there is None:
        return Standing(None, None, {}, None)
    draft: Story = there.get_latest_revision_as_object()
    rendered = sources.rendered(now, draft)
    texts = (draft.headline, draft.summary, draft.body, draft.notes_to_editors)
    text = segments.targets(rendered.segments, segments.cut(*texts))
    return Standing(draft, rendered, text, captions.kept(draft, now.captions))


def rows(now: Source, stand: Standing, given: Mapping[str, str] | None = None) -> list[Row]:
    """The passages a translator is shown, with what is kept of them or what was `given` instead."""
    earlier = segments.earlier(stand.rendered.segments, now.segments) if stand.rendered else {}
    shown = [one for one in now.segments if _is_shown(one, stand)]
    files = dict(_files(shown))
    return [
        _row(one, _label(one, at, files), earlier.get(one.key), stand, given, files)
        for at, one in enumerate(shown, start=1)
    ]


def _is_shown(one: Segment, stand: Standing) -> bool:
    here = not one.of_file or stand.files is None or one.key in stand.files
    return here and bool(one.text.strip())


def _row(
    one: Segment,
    label: str,
    old: Segment | None,
    stand: Standing,
    given: Mapping[str, str] | None,
    files: Mapping[str, Any],
) -> Row:
    was = old or one
    changes = differences.words(was.words, one.words) if was.text != one.text else ()
    stored = _stored(one, old, stand)
    target = stored if given is None else given.get(one.key, "")
    is_new = stand.rendered is not None and old is None
    theirs = stored if stored != target else ""
    picture = files.get(one.key) if one.part == PICTURE else None
    return Row(one, label, target, changes, is_new, theirs, picture)


def _stored(one: Segment, old: Segment | None, stand: Standing) -> str:
    if one.of_file:
        stored = (stand.files or {}).get(one.key, "")
    else:
        stored = (stand.text or {}).get(old.key, "") if old else ""
        if stored == one.text and has_words(one.words):
            stored = ""
    return stored or ("" if has_words(one.words) else one.text)


def _label(one: Segment, at: int, files: Mapping[str, Any]) -> str:
    """What its box is called; passages are numbered as they stand on the page."""
    if one.of_file:
        said = {
            "alt": gettext("Alternative text of “%(title)s”"),
            "caption": gettext("Caption of “%(title)s”"),
            "title": gettext("Title of the document “%(title)s”"),
        }
        return said[one.tag] % {"title": getattr(files.get(one.key), "title", "")}
    lines = {"headline": gettext("Headline"), "summary": gettext("Summary")}
    return lines.get(one.key) or gettext("Passage %(n)s") % {"n": at}


def _files(shown: Iterable[Segment]) -> Iterator[tuple[str, Any]]:
    """Key of a segment → the picture or document of the library that it speaks of."""
    files = [one for one in shown if one.of_file]
    for part, model in ((PICTURE, Picture), (DOCUMENT, Document)):
        keys = {one.key: int(one.key.split("-")[1]) for one in files if one.part == part}
        found = model.objects.in_bulk(set(keys.values()))
        yield from ((key, found.get(pk)) for key, pk in keys.items())
