"""The rows of the page side by side: each passage of the source beside its rendering."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

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
    labels = _labels(shown)
    return [
        _row(one, labels[one.key], earlier.get(one.key), stand, given or {}, given is not None)
        for one in shown
    ]


def _is_shown(one: Segment, stand: Standing) -> bool:
    here = not one.of_file or stand.files is None or one.key in stand.files
    return here and bool(one.text.strip())


def _row(
    one: Segment,
    label: str,
    old: Segment | None,
    stand: Standing,
    given: Mapping[str, str],
    is_given: bool,
) -> Row:
    was = old or one
    changes = differences.words(was.words, one.words) if was.text != one.text else ()
    stored = _stored(one, old, stand)
    target = given.get(one.key, "") if is_given else stored
    is_new = stand.rendered is not None and old is None
    return Row(one, label, target, changes, is_new, stored if stored != target else "")


def _stored(one: Segment, old: Segment | None, stand: Standing) -> str:
    if one.of_file:
        stored = (stand.files or {}).get(one.key, "")
    else:
        stored = (stand.text or {}).get(old.key, "") if old else ""
        if stored == one.text and has_words(one.words):
            stored = ""
    return stored or ("" if has_words(one.words) else one.text)


def _labels(shown: Iterable[Segment]) -> dict[str, str]:
    """Key → what its box is called; passages are numbered as they stand on the page."""
    shown = list(shown)
    titles = dict(_titles(shown))
    known = {"headline": gettext("Headline"), "summary": gettext("Summary")}
    said = {
        "alt": gettext("Alternative text of “%(title)s”"),
        "caption": gettext("Caption of “%(title)s”"),
        "title": gettext("Title of the document “%(title)s”"),
    }
    return {
        one.key: said[one.tag] % {"title": titles.get(one.key, "")}
        if one.of_file
        else known.get(one.key) or gettext("Passage %(n)s") % {"n": at}
        for at, one in enumerate(shown, start=1)
    }


def _titles(shown: Iterable[Segment]) -> Iterator[tuple[str, str]]:
    """Key of a segment → what the library calls the file it speaks of."""
    models = {PICTURE: Picture, DOCUMENT: Document}
    files = [one for one in shown if one.of_file]
    for part, model in models.items():
        keys = {one.key: int(one.key.split("-")[1]) for one in files if one.part == part}
        titles = dict(model.objects.filter(pk__in=set(keys.values())).values_list("pk", "title"))
        yield from ((key, titles.get(pk, "")) for key, pk in keys.items())
