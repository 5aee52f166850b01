"""What an address asked for and could not get, in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import get_args

from django.utils.translation import gettext as _

from dateline.archive import facets
from dateline.archive.query import FACETS, SIZES, YES, Labels, Problem, Query, Sort

_KNOWN = {"sort": get_args(Sort), "labels": get_args(Labels), "predecessors": (YES,)}
"""Parameters of a few words, with these."""


@dataclass(frozen=True)
class Notice:
    """A sentence, and where the same list without its cause is ("" if it changes nothing)."""

    text: str
    path: str = ""


def notices(query: Query, problems: Iterable[Problem]) -> list[Notice]:
    """One notice for every problem; those beside the date boxes are left to the boxes."""
    return [
        Notice(say(problem, query.language), _without(query, problem))
        for problem in problems
        if problem.code not in ("bad-date", "reversed-dates")
    ]


def beside(name: str, problems: Iterable[Problem], language: str) -> str:
    """The sentence to show beside a date box; "" where its date was read."""
    return next(
        (
            say(problem, language)
            for problem in problems
            if problem.parameter == name and problem.code in ("bad-date", "reversed-dates")
        ),
        "",
    )


def say(problem: Problem, language: str) -> str:
    """A problem as a sentence for the reader whose address has it."""
    facet = facets.label(problem.parameter, language) if problem.parameter in FACETS else ""
    words = {"value": problem.value, "name": problem.parameter, "facet": facet}
    match problem.code:
        case "unknown-parameter":
            return _("“%(name)s” is not something this list can be filtered by.") % words
        case "unknown-value":
            return _("%(facet)s: nothing here is called “%(value)s”, so no story has it.") % words
        case "bad-date":
            return (
                _(
                    "“%(value)s” could not be read as a date, so the list is not limited by it. "
                    "Try 2016, March 2016 or 14 March 2016."
                )
                % words
            )
        case "reversed-dates":
            return _("The first date is after the second, so they were exchanged.")
        case "too-long":
            return _("“%(name)s” is too long; only its beginning was used.") % words
    return _bad_value(words)


def _bad_value(words: dict[str, str]) -> str:
    if words["name"] == "size":
        sizes = {"sizes": ", ".join(map(str, SIZES))}
        return _("A page can show %(sizes)s stories.") % sizes
    if known := _KNOWN.get(words["name"]):
        said = words | {"known": ", ".join(known)}
        return _("“%(name)s” can be: %(known)s. “%(value)s” was left out.") % said
    return _("“%(value)s” cannot be used for “%(name)s”, and was left out.") % words


def _without(query: Query, problem: Problem) -> str:
    """The list without a value it holds but nobody knows."""
    if problem.code == "unknown-value":
        chosen = query.selected(problem.parameter)
        if problem.value in chosen:
            return query.toggled(problem.parameter, problem.value).path()
    return ""


def beyond(query: Query, pages: int) -> Notice:
    """For a page number past the end: which page is shown instead."""
    words = {"page": query.page, "pages": pages}
    text = _("There is no page %(page)s; this is the last one, page %(pages)s.") % words
    return Notice(text, replace(query, page=1).path())
