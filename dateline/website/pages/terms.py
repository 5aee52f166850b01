"""An office or topic, and the trees of them, as their pages show them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.conf import settings

from dateline.archive import facets
from dateline.archive.search import ResultPage
from dateline.vocabularies.snapshot import FormerName, Snapshot, TermInfo
from dateline.website.pages.histogram import span
from dateline.website.pages.listing import feeds

FOLDERS = {"office": "offices", "topic": "topics"}


@dataclass(frozen=True)
class Branch:
    """One line of a tree."""

    label: str
    path: str
    count: int
    depth: int
    place: str
    closed: bool
    closed_on: date | None


def present(term: TermInfo, result: ResultPage) -> dict[str, Any]:
    """The context of `website/term.html`; `result` is the term's list of newest stories."""
    language, snapshot = result.query.language, result.snapshot
    folder, query = FOLDERS[term.facet], replace(result.query, size=20)
    known = snapshot.by_id[term.facet]
    return {
        "section": folder,
        "term": term,
        "heading": term.label(language),
        "about": term.about(language),
        "index_label": facets.label(term.facet, language),
        "index_path": f"/{language}/{folder}",
        "above": [_link(above, language) for above in snapshot.ancestors(term)],
        "below": _branches(snapshot.children(term), _counts(result, term.facet), language),
        "former": _former(term, language),
        "successors": [_link(known[pk], language) for pk in term.successors if pk in known],
        "predecessors": [_link(other, language) for other in _before(term, snapshot)],
        "result": result,
        "span": span(result),
        "all_path": query.path(),
        "with_before": replace(query, predecessors=True).path() if _before(term, snapshot) else "",
        "follow": feeds(query),
        "alternates": {tag: f"/{tag}/{folder}/{term.slug}" for tag in settings.NEWSROOM.languages},
    }


def present_index(facet: str, result: ResultPage) -> dict[str, Any]:
    """The context of `website/terms.html`: open terms as a tree, closed ones after them."""
    language, folder = result.query.language, FOLDERS[facet]
    lines = list(_tree(result.snapshot, facet, _counts(result, facet), language))
    return {
        "section": folder,
        "heading": facets.label(facet, language),
        "open": [line for line in lines if not line.closed],
        "closed": [replace(line, depth=0) for line in lines if line.closed],
        "alternates": {tag: f"/{tag}/{folder}" for tag in settings.NEWSROOM.languages},
    }


def _counts(result: ResultPage, facet: str) -> dict[str, int]:
    return {value.value: value.count for value in result.facet(facet).values}


def _tree(
    snapshot: Snapshot, facet: str, counts: Mapping[str, int], language: str
) -> Iterator[Branch]:
    below: dict[int | None, list[TermInfo]] = {}
    for term in sorted(snapshot.terms(facet), key=lambda term: term.label(language).casefold()):
        below.setdefault(term.parent, []).append(term)

    def walk(parent: int | None, depth: int) -> Iterator[Branch]:
        for term in below.get(parent, ()):
            yield _branch(term, counts, language, depth)
            yield from walk(term.id, depth + 1)

    yield from walk(None, 0)


def _branches(terms: list[TermInfo], counts: Mapping[str, int], language: str) -> list[Branch]:
    lines = (_branch(term, counts, language, 0) for term in terms)
    return sorted(lines, key=lambda line: (line.closed, line.label.casefold()))


def _branch(term: TermInfo, counts: Mapping[str, int], language: str, depth: int) -> Branch:
    return Branch(
        term.label(language),
        f"/{language}/{FOLDERS[term.facet]}/{term.slug}",
        counts.get(term.slug, 0),
        depth,
        term.place,
        term.closed,
        term.closed_on,
    )


def _link(term: TermInfo, language: str) -> tuple[str, str]:
    return term.label(language), f"/{language}/{FOLDERS[term.facet]}/{term.slug}"


def _former(term: TermInfo, language: str) -> list[FormerName]:
    """Former names in the page's language, else in English, newest first."""
    for tag in (language, "en"):
        if named := [name for name in term.former if name.language == tag]:
            return named[::-1]
    return list(term.former[::-1])


def _before(term: TermInfo, snapshot: Snapshot) -> list[TermInfo]:
    return [other for other in snapshot.terms(term.facet) if term.id in other.successors]
