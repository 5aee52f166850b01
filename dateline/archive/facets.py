"""The one registry of facets: a facet is declared here, and every exit has it.

A facet's values stand in addresses as slugs, in the index as term ids; this module translates
between the two and puts names and counts together for people.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache, partial

from babel.dates import format_skeleton
from django.conf import settings
from django.utils.translation import gettext, gettext_noop, override, pgettext

from dateline.archive.query import Problem, Query
from dateline.lib import languages, newsroom
from dateline.vocabularies.snapshot import Snapshot, TermInfo


@dataclass(frozen=True)
class FacetValue:
    """One value of a facet in a result: `count` stories have it under the other filters."""

    value: str
    label: str
    count: int
    selected: bool = False
    closed: bool = False
    depth: int = 0


@dataclass(frozen=True)
class Facet:
    """A facet of a result, its values in the order they are shown in."""

    name: str
    label: str
    values: tuple[FacetValue, ...]

    @property
    def selected(self) -> tuple[FacetValue, ...]:
        """The values chosen, zero counts included."""
        return tuple(value for value in self.values if value.selected)


_LABELS = {
    "language": gettext_noop("Language"),
    "genre": gettext_noop("Content type"),
    "office": gettext_noop("Where we are"),
    "topic": gettext_noop("What we do"),
    "year": gettext_noop("Year"),
    "month": gettext_noop("Month"),
}

VOCABULARIES = ("genre", "office", "topic")
"""Facets whose values are terms of a vocabulary."""


def label(facet: str, language: str) -> str:
    """A facet's label: the newsroom's own, else Dateline's."""
    if own := settings.NEWSROOM.labels.get(facet):
        return newsroom.say(own, language)
    with override(language):
        return gettext(_LABELS[facet])


def value_label(facet: str, value: str, language: str, snapshot: Snapshot) -> str:
    """What a value of a facet is called in a language; an unknown one is named as written."""
    if facet in VOCABULARIES:
        term = snapshot.term(facet, value)
        return term.label(language) if term else value
    if facet == "language":
        return languages.endonym(value)
    if facet == "month":
        return month_label(value, language)
    return value


@lru_cache(maxsize=4096)
def month_label(value: str, language: str) -> str:
    """ "2016-03" as "March 2016", in a language."""
    year, month = value.split("-")
    locale = languages.babel_locale(language)
    return str(format_skeleton("yMMMM", date(int(year), int(month), 1), locale=locale))


def resolve(query: Query, snapshot: Snapshot) -> tuple[Query, list[Problem]]:
    """Check a query's values against the vocabularies and the newsroom's languages.

    Values nobody knows stay in the query, where they match nothing, and are named as problems:
    leaving them out would answer a question nobody asked. Slugs that were given up, by a renamed or
    a merged term, become those of today.
    """
    problems = []
    selections = []
    for facet, values in query.selections:
        today = {value: _today(facet, value, snapshot) for value in values}
        selections.append((facet, tuple(known or value for value, known in today.items())))
        problems += [
            Problem(facet, value, "unknown-value") for value, known in today.items() if not known
        ]
    return replace(query, selections=tuple(selections)), problems


def _today(facet: str, value: str, snapshot: Snapshot) -> str | None:
    """A value as it is written today; None for one nobody knows."""
    if facet in VOCABULARIES:
        term = snapshot.term(facet, value)
        return term.slug if term else None
    known = facet != "language" or value in settings.NEWSROOM.languages
    return value if known else None


def index_values(query: Query, snapshot: Snapshot) -> dict[str, frozenset[str]]:
    """The query's selections as the index knows them; an unknown term is a value nothing has."""
    selections = {"language": frozenset(query.languages)}
    for facet, values in query.selections:
        if facet in VOCABULARIES:
            terms = [snapshot.term(facet, value) for value in values]
            selections[facet] = frozenset(str(term.id) if term else "none" for term in terms)
            if query.predecessors:
                selections[facet] |= _before(terms, snapshot)
        else:
            selections[facet] = frozenset(values)
    return selections


def _before(terms: list[TermInfo | None], snapshot: Snapshot) -> frozenset[str]:
    return frozenset(str(pk) for term in terms if term for pk in snapshot.predecessors(term))


def carried_on(query: Query, snapshot: Snapshot) -> Query:
    """A query of somebody who follows it: what came after its offices and topics joins them."""
    selections = []
    for facet, values in query.selections:
        terms = [snapshot.term(facet, value) for value in values] if facet in VOCABULARIES else []
        after = {pk for term in terms if term for pk in snapshot.successors(term)}
        selections.append((facet, (*values, *(snapshot.by_id[facet][pk].slug for pk in after))))
    return replace(query, selections=tuple(selections))


def families(snapshot: Snapshot) -> dict[str, dict[str, frozenset[str]]]:
    """The hierarchies as the index knows them: a term counts what its descendants have."""
    return {
        facet: {
            str(pk): frozenset(map(str, members))
            for pk, members in snapshot.families[facet].items()
        }
        for facet in ("office", "topic")
    }


def present(
    name: str, query: Query, counts: Mapping[str, Mapping[str, int]], snapshot: Snapshot
) -> Facet:
    """One facet of a result with labels and counts, ready for a page or an API answer."""
    values = _PRESENTERS[name](query, counts.get(name, {}), snapshot)
    return Facet(name, label(name, query.language), values)


def _present_language(
    query: Query, counts: Mapping[str, int], snapshot: Snapshot
) -> tuple[FacetValue, ...]:
    chosen = query.languages
    return tuple(
        FacetValue(tag, languages.endonym(tag), counts.get(tag, 0), tag in chosen)
        for tag in dict.fromkeys((*settings.NEWSROOM.languages, *chosen))
        if counts.get(tag) or tag in chosen
    )


def _present_terms(
    facet: str, query: Query, counts: Mapping[str, int], snapshot: Snapshot
) -> tuple[FacetValue, ...]:
    """Terms that have stories or are chosen: open ones first, by count, children below parents."""
    chosen = set(query.selected(facet))
    shown = {
        term.id: _term_value(term, counts, chosen, query.language)
        for term in snapshot.terms(facet)
        if counts.get(str(term.id)) or term.slug in chosen
    }
    below: dict[int | None, list[int]] = {}
    for pk in sorted(shown, key=lambda pk: _order(shown[pk])):
        parent = snapshot.by_id[facet][pk].parent
        below.setdefault(parent if parent in shown else None, []).append(pk)
    unknown = tuple(
        FacetValue(slug, slug, 0, selected=True)
        for slug in sorted(chosen)
        if snapshot.term(facet, slug) is None
    )
    return (*_walk(None, 0, below, shown), *unknown)


def _walk(
    parent: int | None,
    depth: int,
    below: Mapping[int | None, list[int]],
    shown: Mapping[int, FacetValue],
) -> list[FacetValue]:
    found = []
    for pk in below.get(parent, ()):
        found.append(replace(shown[pk], depth=depth))
        found += _walk(pk, depth + 1, below, shown)
    return found


def _term_value(
    term: TermInfo, counts: Mapping[str, int], chosen: set[str], language: str
) -> FacetValue:
    return FacetValue(
        value=term.slug,
        label=term.label(language),
        count=counts.get(str(term.id), 0),
        selected=term.slug in chosen,
        closed=term.closed,
    )


def _order(value: FacetValue) -> tuple[bool, int, str]:
    return value.closed, -value.count, value.label.casefold()


def _present_dates(
    facet: str, query: Query, counts: Mapping[str, int], snapshot: Snapshot
) -> tuple[FacetValue, ...]:
    chosen = query.selected(facet)
    return tuple(
        FacetValue(
            value,
            value_label(facet, value, query.language, snapshot),
            counts.get(value, 0),
            value in chosen,
        )
        for value in sorted({*counts, *chosen}, reverse=True)
    )


_Present = Callable[[Query, Mapping[str, int], Snapshot], tuple[FacetValue, ...]]
_PRESENTERS: dict[str, _Present] = {
    "language": _present_language,
    "genre": partial(_present_terms, "genre"),
    "office": partial(_present_terms, "office"),
    "topic": partial(_present_terms, "topic"),
    "year": partial(_present_dates, "year"),
    "month": partial(_present_dates, "month"),
}


def joined(labels: list[str]) -> str:
    """ "a", "a or b", "a, b or c": any value within a facet matches, so they are joined by or."""
    if len(labels) < 2:
        return "".join(labels)
    head = pgettext("between the items of a list", ", ").join(labels[:-1])
    return gettext("%(items)s or %(last)s") % {"items": head, "last": labels[-1]}
