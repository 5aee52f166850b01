"""A story as a BibTeX entry."""

from __future__ import annotations

import re

from dateline.formats.feed import Entry, Publisher
from dateline.formats.reference import Reference

_SPECIAL = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{character: f"\\{character}" for character in "{}$&%#_"},
}
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_SPACES = re.compile(r"\s+")


def write(entry: Entry, publisher: Publisher) -> bytes:
    """Return the entry as `@misc` in UTF-8, which BibTeX and biblatex both read.

    Titles and organisations stand in double braces: neither's capitals nor words are touched.
    """
    reference = Reference.of(entry, publisher)
    day = reference.issued
    fields = [
        ("author", " and ".join(f"{{{_plain(name)}}}" for name in reference.authors)),
        ("title", f"{{{_plain(reference.title)}}}"),
        ("year", str(day.year)),
        ("month", ""),
        ("day", str(day.day)),
        ("date", day.isoformat()),
        ("publisher", _plain(reference.publisher)),
        ("howpublished", _plain(", ".join(filter(None, (reference.genre, reference.newsroom))))),
        ("version", str(reference.version or "")),
        ("note", _plain(reference.note)),
        ("url", reference.url),
        ("langid", _plain(reference.language)),
        ("keywords", _plain(", ".join(reference.keywords))),
        ("abstract", _plain(reference.abstract)),
    ]
    lines = [f"  {name} = {{{value}}}," for name, value in fields if value]
    lines.insert(3, f"  month = {_MONTHS[day.month - 1]},")
    return "\n".join([f"@misc{{{reference.key},", *lines, "}\n"]).encode()


def _plain(text: str) -> str:
    """The text with what TeX would take for a command made to say itself."""
    return "".join(_SPECIAL.get(character, character) for character in _SPACES.sub(" ", text))
