"""Which saved questions could find a document at all, told from words and values they share.

A question is kept by a *group* of keys, of which every document it finds has at least one. Whoever
keeps many questions keeps each by one of its groups and looks them up by the keys of a document;
what that yields is asked of an engine, which alone decides (`dateline.archive.percolate`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from dateline.archive.analysis import RUN, Sought, fold, joined, parts, sought, stem_term
from dateline.archive.engines.base import Document, Families, Search

Group = frozenset[str]

LONGEST = 80
"""Characters of a key, at most."""

_UNKEYED = frozenset({"year", "month"})


def groups(search: Search) -> list[Group]:
    """The groups of a question, most telling first: words, then facets by how few values they take.

    Every document the question finds has a key of each group. Never empty where languages are
    selected, as every query's are.
    """
    words = [
        _of_clause(sought(clause, search.languages))
        for clause in search.clauses
        if not clause.excluded
    ]
    facets = [
        frozenset(_value(facet, value) for value in values)
        for facet, values in search.selections.items()
        if values and facet not in _UNKEYED
    ]
    telling = [group for group in words if group]
    return telling + sorted(facets, key=lambda group: (_kind(group), len(group)))


def keys(document: Document, families: Families) -> set[str]:
    """All keys of a document: its words in every form the index knows, its values and their kin."""
    found = {_word(term) for term in _terms(document)}
    for facet, values in document.facets.items():
        found.update(_value(facet, value) for value in values)
        for value, members in families.get(facet, {}).items():
            if not members.isdisjoint(values):
                found.add(_value(facet, value))
    return found


def could_find(search: Search, have: set[str]) -> bool:
    """Whether the question could find a document with these keys; no is certain, yes is not."""
    return all(not group.isdisjoint(have) for group in groups(search))


def rarest(of: list[Group], asked: Mapping[str, int]) -> Group:
    """The group to keep a question by: words before facets, and languages last of all.

    Of several alike, the one whose keys keep the fewest questions so far. `asked` says how many
    each key keeps; keys not named keep none.
    """
    return min(of, key=lambda group: (_kind(group), sum(asked.get(key, 0) for key in group)))


def _of_clause(asked: Sought) -> Group | None:
    """Keys of which one is in every document the clause finds; None where nothing says so.

    Of words side by side any one will do: the longest is likely the rarest. A beginning is no key.
    """
    whole = asked.sequence[:-1] if asked.opened else asked.sequence
    if not whole:
        return None
    return frozenset(map(_word, (max(whole, key=len), *asked.instead)))


def _terms(document: Document) -> Iterator[str]:
    """As `engines.embedded.lexicon` analyses the runs of a text."""
    runs = {
        run for text in (document.headline, document.summary, document.body)
        for run in RUN.findall(text)
    }  # fmt: skip
    for run in runs:
        for part in parts(run):
            yield part.form
            if stem := stem_term(part.written, document.language):
                yield stem
        if whole := joined(run):
            yield fold(whole)
            if stem := stem_term(whole, document.language):
                yield stem


def _word(term: str) -> str:
    return f"~{term}"[:LONGEST]


def _value(facet: str, value: str) -> str:
    return f"{facet}={value}"[:LONGEST]


def _kind(group: Group) -> int:
    """How telling a group's keys are: most stories share their language, few share a word."""
    key = next(iter(group))
    return 0 if key.startswith("~") else 2 if key.startswith("language=") else 1
