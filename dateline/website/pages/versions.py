"""An earlier version of a story, and what changed in it, as their pages show them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from dateline.archive import closing, facets, sentence
from dateline.lib import differences, html, newsroom
from dateline.lib.differences import Part, Passage
from dateline.publishing import versions as contents
from dateline.publishing.models import Version
from dateline.stories.models import Story
from dateline.vocabularies import snapshot as vocabularies
from dateline.website.pages import body
from dateline.website.templatetags.dateline import moment

LINES = {
    "headline": _("Headline"),
    "summary": _("Summary"),
    "dateline": _("Dateline"),
    "byline": _("Byline"),
    "location": _("Place"),
    "translation_note": _("Translation note"),
}
"""What of a version is one line of text, and what the page calls it."""

TERMS = {"office": "offices", "topic": "topics"}


@dataclass(frozen=True)
class Entry:
    """One version in the list of all; `changes` leads to what was changed in it."""

    number: int
    kind: str
    at: datetime
    note: str
    path: str
    changes: str
    is_newest: bool


@dataclass(frozen=True)
class Line:
    """A line of the text, or the terms of a facet, with what changed."""

    label: str
    parts: tuple[Part, ...]


def path(story: Story, number: int, ending: str = "") -> str:
    """The address of a version; it never changes."""
    return f"/{story.language}/news/{story.number}/v{number}/{ending or story.slug}"


def entries(story: Story, seen: Sequence[Version]) -> list[Entry]:
    """The versions, newest first."""
    return [
        Entry(
            version.number,
            version.kind,
            version.at,
            version.note,
            path(story, version.number),
            path(story, version.number, "changes") if at else "",
            version is seen[-1],
        )
        for at, version in enumerate(seen)
    ][::-1]


def present(story: Story, seen: Sequence[Version], version: Version) -> dict[str, Any]:
    """The context of `website/version.html`: a text as it was read under this number.

    Its pictures and documents are left out: what has been taken from a story since stays gone.
    """
    content = contents.read(version)
    return {
        **_shared(story, seen, version),
        "headline": content["headline"],
        "summary": content["summary"].strip(),
        "body": body.html(content["body"]),
        "closing": closing.html(content["notes_to_editors"], (), story.language),
        "content": content,
        "published": _published(content),
        "terms": [(label, names) for label, names in _terms(content, story.language) if names],
    }


def present_changes(story: Story, seen: Sequence[Version], version: Version) -> dict[str, Any]:
    """The context of `website/changes.html`: a version against the one before it."""
    before = seen[seen.index(version) - 1]
    old, new = contents.read(before), contents.read(version)
    lines = [
        *_lines(old, new),
        *_term_lines(_terms(old, story.language), _terms(new, story.language)),
    ]
    passages = differences.passages(*(differences.blocks(body.html(c["body"])) for c in (old, new)))
    return {
        **_shared(story, seen, version),
        "before": before,
        "before_path": path(story, before.number),
        "lines": lines,
        "passages": _close(passages),
        "parts": _parts_changed(old, new),
        "unchanged": not lines and not any(passage.changed for passage in passages),
    }


def _shared(story: Story, seen: Sequence[Version], version: Version) -> dict[str, Any]:
    name = newsroom.say(settings.NEWSROOM.name, story.language)
    return {
        "section": "news",
        "story": story,
        "version": version,
        "newest": seen[-1],
        "entries": entries(story, seen),
        "entry": next(e for e in entries(story, seen) if e.number == version.number),
        "breadcrumbs": [
            (name, f"/{story.language}/"),
            (sentence.heading(story.language), f"/{story.language}/news"),
            (story.headline, story.get_absolute_url()),
        ],
        "alternates": {},
    }


def _published(content: Mapping[str, Any]) -> date | datetime:
    if content["published_at"]:
        return timezone.localtime(datetime.fromisoformat(content["published_at"]))
    return date.fromisoformat(content["published_on"])


def _terms(content: Mapping[str, Any], language: str) -> list[tuple[str, list[str]]]:
    """(label, names) of each facet; terms that are gone since are left out."""
    snapshot = vocabularies.current()
    genre = [content["genre"]] if content["genre"] else []
    found = []
    for facet, keys in (("genre", genre), *((f, content[name]) for f, name in TERMS.items())):
        known = snapshot.meant(facet, keys)
        label = facets.label(facet, language)
        found.append((label, sorted((term.label(language) for term in known), key=str.casefold)))
    return found


def _lines(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterable[Line]:
    for name, label in LINES.items():
        if old[name].strip() != new[name].strip():
            yield Line(str(label), differences.words(old[name].strip(), new[name].strip()))
    notes = [html.text(content["notes_to_editors"]) for content in (old, new)]
    if notes[0] != notes[1]:
        yield Line(gettext("Notes to editors"), differences.words(*notes))
    if _published(old) != _published(new):
        said = [moment(_published(content)) for content in (old, new)]
        yield Line(gettext("Publishing date"), (Part("removed", said[0]), Part("added", said[1])))


def _term_lines(
    old: list[tuple[str, list[str]]], new: list[tuple[str, list[str]]]
) -> Iterable[Line]:
    for (label, before), (_label, after) in zip(old, new, strict=True):
        gone = [Part("removed", name) for name in before if name not in after]
        come = [Part("added", name) for name in after if name not in before]
        if gone or come:
            yield Line(label, (*gone, *come))


def _parts_changed(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """In words, since what was taken away must not show again."""
    said = []
    if old["pictures"] != new["pictures"]:
        said.append(gettext("Pictures or their captions were changed."))
    if old["documents"] != new["documents"]:
        said.append(gettext("Documents were changed."))
    return said


def _close(passages: Sequence[Passage]) -> list[Passage | None]:
    """The changed passages with a neighbour on each side; None stands for what is between."""
    near = {
        at + step for at, passage in enumerate(passages) if passage.changed for step in (-1, 0, 1)
    }
    found: list[Passage | None] = []
    for at, passage in enumerate(passages):
        if at in near:
            found.append(passage)
        elif not found or found[-1] is not None:
            found.append(None)
    return found
