"""A translation as a file for translators' own tools, and back: XLIFF and PO.

What leaves is a source's segments with what is rendered of them; what comes back is matched by key
and by the source's words. Whatever does not fit is handed back with the reason, never dropped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.utils.html import escape
from django.utils.translation import gettext as _

from dateline.desk.translations import markup
from dateline.desk.translations.segments import Segment
from dateline.lib import html

LARGEST = 2_000_000
"""Bytes of a file that are read."""


class UnreadableFile(ValueError):  # noqa: N818 - what it is, in the words of the page
    """The file cannot be read as what it says it is; the message says where and why."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A segment with its rendering ("" where there is none); both HTML. `changed`: look again."""

    key: str
    source: str
    target: str
    changed: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """All units of one text in one other language; `version` is the source's, if it is public."""

    number: str
    version: int | None
    source_language: str
    target_language: str
    units: tuple[Unit, ...]


@dataclass(frozen=True, slots=True)
class Refused:
    """A unit that was not taken, with the reason; its text is kept for the person."""

    unit: Unit
    reason: str


Write = Callable[[Sheet], bytes]
Read = Callable[[bytes], Sheet]


def match(
    sheet: Sheet, segments: Sequence[Segment], language: str
) -> tuple[dict[str, str], list[Refused]]:
    """Key → rendering of what fits the source as it is now, and what does not.

    Raises UnreadableFile for a file of another language.
    """
    if sheet.target_language.lower() != language.lower():
        said = _("The file is for another language: %(language)s.")
        raise UnreadableFile(said % {"language": sheet.target_language or "?"})
    known = {one.key: one for one in segments}
    taken: dict[str, str] = {}
    refused: list[Refused] = []
    for unit in sheet.units:
        if not unit.target.strip():
            continue
        here = known.get(unit.key)
        reason = _misfit(unit, here)
        if here is None or reason:
            refused.append(Refused(unit, reason))
        else:
            taken[unit.key] = unit.target if here.is_html else html.text(unit.target)
    return taken, refused


def as_html(one: Segment) -> str:
    """A segment's text as HTML, which that of many is already."""
    return one.text if one.is_html else str(escape(one.text))


def _misfit(unit: Unit, here: Segment | None) -> str:
    if here is None:
        return _("The source has no such passage any more.")
    if _words(unit.source) != _words(as_html(here)):
        return _("The source's passage has changed since the file was made.")
    if not markup.balanced(unit.target):
        return _("Its markup is broken: a tag is not closed, or was not opened.")
    return ""


def _words(text: str) -> str:
    return " ".join(html.text(text).split())


def sheet(
    number: str,
    version: int | None,
    tongues: tuple[str, str],
    segments: Iterable[Segment],
    targets: dict[str, str],
    changed: frozenset[str],
) -> Sheet:
    """What a translator is sent; segments without words are left out."""
    units = (
        Unit(one.key, as_html(one), _target(one, targets), one.key in changed)
        for one in segments
        if one.text.strip()
    )
    return Sheet(number, version, *tongues, tuple(units))


def _target(one: Segment, targets: dict[str, str]) -> str:
    text = targets.get(one.key, "")
    return text if one.is_html else str(escape(text))
