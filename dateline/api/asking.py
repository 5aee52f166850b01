"""What an address asks for: the listing's own parameters, and the API's. Nothing is ignored."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from dateline.api import problems
from dateline.api.problems import ProblemError
from dateline.archive import cursors, facets
from dateline.archive.engines.base import Place
from dateline.archive.query import PARAMETERS, SIZES, Problem, Query, parse
from dateline.vocabularies import snapshot as vocabularies

VOCABULARIES = {"offices": "office", "topics": "topic", "genres": "genre"}
"""Vocabulary, as addresses name it → its facet."""

FILTERS = tuple(name for name in PARAMETERS if name not in ("sort", "labels", "size", "page"))
"""The listing's parameters that choose stories and say nothing of how they are shown."""


@dataclass(frozen=True)
class Asked:
    """A list as asked for. `after`: the place it goes on from; `own`: the API's own words."""

    query: Query
    own: Mapping[str, tuple[str, ...]]
    after: Place | None = None


class Refusals:
    """Collects what cannot be used, so that one answer names all of it."""

    def __init__(self) -> None:
        self.found: list[dict[str, str]] = []

    def add(self, name: str, value: str, code: str, advice: str) -> None:
        """Note one parameter: its value as given, why it cannot be used, and what to do."""
        self.found.append({"name": name, "value": value, "code": code, "detail": advice})

    def stop(self) -> None:
        """Refuse the request if anything was noted."""
        if self.found:
            names = ", ".join(dict.fromkeys(one["name"] for one in self.found))
            raise ProblemError(
                problems.BAD_PARAMETERS, f"See: {names}.", {"parameters": self.found}
            )


def listing(request: HttpRequest, language: str, own: Mapping[str, Collection[str]]) -> Asked:
    """A list's query. `own`: the address's own parameters, each with the names it may list.

    Raises ProblemError 400, which names every parameter that cannot be used.
    """
    refused = Refusals()
    given = _given(request, refused)
    chosen = {name: _names(refused, name, given.pop(name, []), own[name]) for name in own}
    cursor = given.pop("cursor", [])
    query = _query(refused, given, language, (*PARAMETERS, "cursor", *own))
    after = _after(refused, cursor, query, given)
    refused.stop()
    return Asked(query, chosen, after)


def filters(request: HttpRequest, language: str) -> Query:
    """A query from an address that shows no stories: what chooses them, and nothing else."""
    refused = Refusals()
    given = _given(request, refused)
    for name in set(given) & (set(PARAMETERS) - set(FILTERS)):
        refused.add(name, " ".join(given.pop(name))[:80], "unknown-parameter", _takes(FILTERS))
    query = _query(refused, given, language, FILTERS)
    refused.stop()
    return query


def only(request: HttpRequest, *names: str) -> dict[str, str]:
    """The parameters of an address that takes at most these, each once."""
    refused = Refusals()
    found = {}
    for name, values in request.GET.lists():
        if name not in names:
            advice = _takes(names) if names else "This address takes no parameters."
            refused.add(name[:80], " ".join(values)[:80], "unknown-parameter", advice)
        elif len(values) > 1:
            refused.add(name, values[0][:80], "bad-value", f"Give `{name}` once.")
        else:
            found[name] = values[0].replace("\0", " ").strip()
    refused.stop()
    return found


def names(request: HttpRequest, name: str, known: Collection[str]) -> tuple[str, ...]:
    """The one parameter an address takes: a list of names, with commas between or repeated."""
    refused = Refusals()
    given = _given(request, refused)
    chosen = _names(refused, name, given.pop(name, []), known)
    for other, values in given.items():
        refused.add(other[:80], " ".join(values)[:80], "unknown-parameter", _takes([name]))
    refused.stop()
    return chosen


def _given(request: HttpRequest, refused: Refusals) -> dict[str, list[str]]:
    """An address's parameters; one without a value says nothing, and would be ignored."""
    given = dict(request.GET.lists())
    for name, values in given.items():
        if not all(map(str.strip, values)):
            refused.add(name[:80], "", "bad-value", "Give it a value, or leave it out.")
    return given


def _names(
    refused: Refusals, name: str, values: Sequence[str], known: Collection[str]
) -> tuple[str, ...]:
    listed = [word.strip() for value in values for word in value.split(",") if word.strip()]
    for word in dict.fromkeys(listed):
        if word not in known:
            refused.add(name, word[:80], "unknown-value", f"There are: {', '.join(known)}.")
    return tuple(word for word in known if word in listed)


def _query(
    refused: Refusals, given: Mapping[str, Sequence[str]], language: str, takes: Iterable[str]
) -> Query:
    parsed = parse(given, language, timezone.localdate())
    query, unknown = facets.resolve(parsed.query, vocabularies.current())
    for problem in (*parsed.problems, *unknown):
        refused.add(problem.parameter[:80], problem.value, problem.code, _advice(problem, takes))
    if "relevance" in given.get("sort", []) and query.sort != "relevance":
        refused.add(
            "sort", "relevance", "bad-value", "Only `keywords` can be more or less relevant."
        )
    return query


def _after(
    refused: Refusals, values: Sequence[str], query: Query, given: Mapping[str, Any]
) -> Place | None:
    if not any(values):
        return None
    text = values[-1]
    if "page" in given:
        refused.add("cursor", text[:80], "bad-value", "Give `cursor` or `page`, not both.")
    if query.sort == "relevance":
        advice = "A list by relevance has no cursor: give `sort=newest`, or go on by `page`."
        refused.add("cursor", text[:80], "bad-value", advice)
    if len(values) > 1:
        refused.add("cursor", values[0][:80], "bad-value", "Give `cursor` once.")
    try:
        return cursors.read(text)
    except ValueError:
        refused.add("cursor", text[:80], "bad-value", "Take cursors as `next` gives them.")
    return None


def _advice(problem: Problem, takes: Iterable[str]) -> str:
    """What to do about a problem of the listing's own parameters."""
    name = problem.parameter
    if problem.code == "unknown-parameter":
        return _takes(takes)
    if problem.code == "unknown-value":
        return _values(name)
    return {
        "bad-date": "Write 2016, 2016-03 or 2016-03-14.",
        "reversed-dates": "`from` is after `to`: exchange them.",
        "too-long": "Write less, or choose fewer values.",
    }.get(problem.code) or _choices(name)


def _takes(parameters: Iterable[str]) -> str:
    return f"This address takes: {', '.join(parameters)}."


def _values(facet: str) -> str:
    if facet == "language":
        return f"There are: {', '.join(settings.NEWSROOM.languages)}."
    for vocabulary, known in VOCABULARIES.items():
        if known == facet:
            return f"They are listed at {settings.ORIGIN}/api/v1/vocabularies/{vocabulary}."
    return "Write a year as 2016 and a month as 2016-03."


def _choices(name: str) -> str:
    choices = {
        "size": f"One of {', '.join(map(str, SIZES))}, once.",
        "sort": "One of newest, oldest, relevance, once.",
        "labels": "One of today, publication, once.",
        "predecessors": "Give `predecessors=yes` once, or leave it out.",
        "page": "A whole number from 1 to 9999999, once.",
    }
    return choices.get(name, f"Give `{name}` once.")
