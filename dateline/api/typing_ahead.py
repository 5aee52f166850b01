"""What somebody is about to ask for: terms and headlines that begin so, or a better spelling."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils import timezone

from dateline.api import addresses, fields
from dateline.archive import keywords, rows, search, suggestions
from dateline.archive.analysis import RUN, fold
from dateline.archive.facets import VOCABULARIES
from dateline.archive.keywords import Clause
from dateline.archive.query import Query
from dateline.vocabularies import snapshot as vocabularies
from dateline.vocabularies.snapshot import Snapshot, TermInfo

MOST_TERMS = 8
MOST_STORIES = 5
MOST_WORDS = 12
LONGEST = 200
"""Characters of a text that suggestions are made for."""


def suggest(text: str, language: str) -> dict[str, Any]:
    """Terms and stories for a text being typed; `spelling` where no story has it."""
    words = [found[0] for found in RUN.finditer(text)][:MOST_WORDS]
    snapshot, now = vocabularies.current(), timezone.now()
    stories = _stories(words, language, snapshot, now) if words else []
    said = {
        "text": text,
        "terms": [_term(info, language) for info in _terms(words, language, snapshot)],
        "stories": [fields.story(row, language, ("headline", "published")) for row in stories],
    }
    other = None if stories or not words else _respelled(words, language, snapshot, now)
    return said | ({"spelling": other} if other else {})


def _respelled(words: list[str], language: str, snapshot: Snapshot, now: datetime) -> str | None:
    """The words as stories that have all of them spell them."""
    meant = suggestions.respelled(Query(language, " ".join(words)), now, snapshot)
    return meant.query.keywords if meant else None


# --- terms ------------------------------------------------------------------------------------
def _terms(words: list[str], language: str, snapshot: Snapshot) -> list[TermInfo]:
    """Terms of which each word begins a word of some name; those that begin so come first."""
    if not words:
        return []
    sought = [fold(word) for word in words]
    ranked = []
    for facet in VOCABULARIES:
        for info in snapshot.terms(facet):
            names = (info.label(language), *(n.name for n in info.former if n.language == language))
            matching = [name for name in names if _begins(sought, name)]
            if matching:
                opens = fold(matching[0]).startswith(sought[0])
                ranked.append((info.closed, not opens, info.label(language).casefold(), info))
    return [info for *_, info in sorted(ranked, key=lambda one: one[:3])[:MOST_TERMS]]


def _begins(sought: Iterable[str], name: str) -> bool:
    parts = [fold(found[0]) for found in RUN.finditer(name)]
    return all(any(part.startswith(word) for part in parts) for word in sought)


def _term(info: TermInfo, language: str) -> dict[str, Any]:
    query = Query(language, selections=((info.facet, (info.slug,)),))
    return {
        "facet": info.facet,
        **fields.term(info, language),
        "stories": addresses.stories(query),
    }


# --- headlines --------------------------------------------------------------------------------
def _stories(
    words: list[str], language: str, snapshot: Snapshot, now: datetime
) -> list[rows.StoryRow]:
    """The newest stories whose headline has these words, the last of which may go on."""
    whole, begun = words[:-1], words[-1]
    clauses = [Clause(word, field="headline") for word in whole]
    clauses.append(Clause(begun, "prefix", field="headline"))
    query = Query(language, keywords=keywords.write(clauses), sort="newest", size=MOST_STORIES)
    found = search.find(query, now, snapshot, counted=False)
    return rows.fetch(found.ids, snapshot, now)
