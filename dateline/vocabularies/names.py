"""Finding a term by any name it has or had, in any language.

Case, spacing and dashes are folded; "(closed)" at a name's end is read as a state, not a name.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from dateline.vocabularies.snapshot import Snapshot

_CLOSED = re.compile(r"\s*\(closed\)\s*$", re.IGNORECASE)
_SPACE = re.compile(r"\s+")
_DASHES = str.maketrans({"‐": "-", "‑": "-", "–": "-", "—": "-", "’": "'", "‘": "'", "ʼ": "'"})


@dataclass(frozen=True)
class PrintedName:
    """A name as a source prints it, taken apart."""

    name: str
    closed: bool


def read(printed: str) -> PrintedName:
    """Split "OSCE Office in Yerevan (closed)" into its name and its state."""
    name = _CLOSED.sub("", printed) or printed
    return PrintedName(_SPACE.sub(" ", name).strip(), closed=name != printed)


def fold(name: str) -> str:
    """The form in which two spellings of one name are equal."""
    text = unicodedata.normalize("NFKC", name).translate(_DASHES)
    return _SPACE.sub(" ", text).strip().casefold()


def index(snapshot: Snapshot, facet: str) -> dict[str, int]:
    """Folded name → term id, over today's names, former names and slugs.

    Today's names win over former ones, since an office may take a name another one gave up.
    """
    found: dict[str, int] = {}
    for term in snapshot.terms(facet):
        for name in term.names.values():
            found.setdefault(fold(name), term.id)
    for term in snapshot.terms(facet):
        for former in term.former:
            found.setdefault(fold(former.name), term.id)
    for slug, term in snapshot.by_slug[facet].items():
        found.setdefault(fold(slug), term.id)
    return found
