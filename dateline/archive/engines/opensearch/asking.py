"""A question in OpenSearch's query language, and its answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from dateline.archive.analysis import Sought, sought
from dateline.archive.engines.base import Families, Search
from dateline.archive.engines.opensearch.tokens import BOOSTS, FIELDS
from dateline.archive.keywords import Clause

Body = dict[str, Any]

PERIODS = ("year", "month")
MOST_VALUES = 60_000
"""Values of a facet that are counted: more than any vocabulary has, so every count is exact."""
_MOST_EXPANSIONS = 2**31 - 1
_OWN = "own"


def body(search: Search, families: Families, facets: Iterable[str]) -> Body:
    """The request: clauses and visibility as the query, selections behind it, so that each facet
    is counted under all filters but its own (one request answers everything)."""
    chosen = _chosen(search, families)
    return {
        "query": _query(search),
        "post_filter": {"bool": {"filter": list(chosen.values())}},
        "aggs": _counts(chosen, families, facets) if search.counted else {},
        "sort": order(search),
        "track_total_hits": True,
        "track_scores": False,
        "_source": False,
        "docvalue_fields": ["story", "instant", "number", "language"],
    }


def order(search: Search) -> list[Any]:
    """Newest first with the archive's ties; relevance falls back to it."""
    direction = "asc" if search.sort == "oldest" else "desc"
    dated = [{name: direction} for name in ("instant", "number", "language")]
    asked = any(not clause.excluded for clause in search.clauses)
    return [{"_score": "desc"}, *dated] if search.sort == "relevance" and asked else [*dated]


def living(at: int, barred: Iterable[int], languages: Iterable[str] = ()) -> list[Body]:
    """Filters: not expired at a moment, not barred, in one of the languages if any is named."""
    hidden: list[Body] = [{"range": {"expires": {"lte": at}}}]
    if numbers := sorted(barred):
        hidden.append({"terms": {"story": numbers}})
    filters: list[Body] = [{"bool": {"must_not": hidden}}]
    if tongues := list(languages):
        filters.append({"terms": {"language": tongues}})
    return filters


def counts(answer: Mapping[str, Any], facets: Iterable[str]) -> dict[str, dict[str, int]]:
    """The counts of an answer, by facet and value, as `Result` has them."""
    found = {name: _values(answer[f"facet {name}"]) for name in facets}
    found = {name: values for name, values in found.items() if values}
    found["month"] = _values(answer["facet month"])
    found["year"] = {}
    for month, count in found["month"].items():
        found["year"][month[:4]] = found["year"].get(month[:4], 0) + count
    return found


# --- what matches -----------------------------------------------------------------------------
def _query(search: Search) -> Body:
    must: list[Body] = []
    must_not: list[Body] = []
    for clause in search.clauses:
        if asked := clause_query(clause, search.languages):
            (must_not if clause.excluded else must).append(asked)
    filters = living(search.at, search.barred)
    if search.since is not None or search.until is not None:
        bounds = {"gte": search.since, "lt": search.until}
        span = {name: value for name, value in bounds.items() if value is not None}
        filters.append({"range": {"instant": span}})
    return {"bool": {"must": must, "must_not": must_not, "filter": filters}}


def clause_query(clause: Clause, languages: Iterable[str]) -> Body | None:
    """A clause as a query; None when it asks for nothing."""
    asked = sought(clause, languages)
    if not asked.sequence:
        return None
    fields = ("headline",) if clause.field == "headline" else FIELDS
    any_of = [_standing(asked, name) for name in fields]
    any_of += [_term(f"terms_{name}", term, name) for term in asked.instead for name in fields]
    return {"bool": {"should": any_of, "minimum_should_match": 1}}


def _standing(asked: Sought, name: str) -> Body:
    """The forms side by side in one field; the last may be only a beginning."""
    *before, last = asked.sequence
    if not before and not asked.opened:
        return _term(f"terms_{name}", last, name)
    boost = BOOSTS[name]
    if not before:
        prefix = {"value": last, "boost": boost, "rewrite": "constant_score"}
        return {"prefix": {f"terms_{name}": prefix}}
    phrase: Body = {"query": " ".join(asked.sequence), "boost": boost}
    if asked.opened:
        phrase["max_expansions"] = _MOST_EXPANSIONS
        return {"match_phrase_prefix": {f"forms_{name}": phrase}}
    return {"match_phrase": {f"forms_{name}": phrase}}


def _term(field: str, term: str, name: str) -> Body:
    return {"term": {field: {"value": term, "boost": BOOSTS[name]}}}


# --- facets -----------------------------------------------------------------------------------
def _chosen(search: Search, families: Families) -> dict[str, Body]:
    """A filter for each facet with a selection; year and month are one axis."""
    filters: dict[str, Body] = {}
    for facet, values in search.selections.items():
        if values and facet not in PERIODS:
            wanted = set().union(*(families.get(facet, {}).get(v, {v}) for v in values))
            filters[facet] = {"terms": {f"facets.{facet}": sorted(wanted)}}
    periods: list[Body] = [
        {"terms": {period: sorted(search.selections[period])}}
        for period in PERIODS
        if search.selections.get(period)
    ]
    if periods:
        filters["month"] = {"bool": {"filter": periods}}
    return filters


def _counts(chosen: Mapping[str, Body], families: Families, facets: Iterable[str]) -> Body:
    counted = {}
    for name in (*facets, "month"):
        others = [asked for facet, asked in chosen.items() if facet != name]
        field = "month" if name == "month" else f"facets.{name}"
        counted[f"facet {name}"] = {
            "filter": {"bool": {"filter": others}},
            "aggs": _aggregations(field, families.get(name, {})),
        }
    return counted


def _aggregations(field: str, families: Mapping[str, frozenset[str]]) -> Body:
    """Values by themselves; those that stand for others too are counted with them, once a text."""
    asked: Body = {_OWN: {"terms": {"field": field, "size": MOST_VALUES}}}
    wide = {value: family for value, family in families.items() if family != {value}}
    if wide:
        filters = {value: {"terms": {field: sorted(family)}} for value, family in wide.items()}
        asked["families"] = {"filters": {"filters": filters}}
    return asked


def _values(counted: Mapping[str, Any]) -> dict[str, int]:
    values = {bucket["key"]: bucket["doc_count"] for bucket in counted[_OWN]["buckets"]}
    for value, bucket in counted.get("families", {"buckets": {}})["buckets"].items():
        values[value] = bucket["doc_count"]
    return {value: count for value, count in values.items() if count}
