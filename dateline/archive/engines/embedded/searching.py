"""One search: what matches, the page of it, and the counts."""

from __future__ import annotations

from collections.abc import Iterable

from pyroaring import BitMap

from dateline.archive.engines.base import Result, Search
from dateline.archive.engines.embedded import paging, postings
from dateline.archive.engines.embedded.matching import Match, Matcher
from dateline.archive.engines.embedded.resident import Resident

PERIODS = ("year", "month")


def answer(held: Resident, matcher: Matcher, barred: BitMap, search: Search) -> Result:
    """The result as of what `held` and `matcher` see; `barred` are slots."""
    matches = [
        (clause.excluded, match)
        for clause in search.clauses
        if (match := matcher.match(clause, search.languages, held))
    ]
    fixed = _visible(held, barred, search)
    for excluded, match in matches:
        fixed = fixed - match.slots if excluded else fixed & match.slots
    chosen = _chosen(held, search)
    bits = _all_of(fixed, chosen.values())
    asked = [match for excluded, match in matches if not excluded]
    slots = _page(held, matcher, _after(held, bits, search), asked, search)
    counts = _counts(held, fixed, chosen) if search.counted else {}
    last = held.place(slots[-1]) if slots else None
    return Result(held.ids[slots].tolist(), len(bits), counts, last)


def _after(held: Resident, bits: BitMap, search: Search) -> BitMap:
    """Those of the documents that come strictly after the place given."""
    if search.after is None:
        return bits
    older, newer = held.around(search.after)
    return bits & (newer if search.sort == "oldest" else older)


def _visible(held: Resident, barred: BitMap, search: Search) -> BitMap:
    bits = held.living((), search.at, barred)
    if search.since is not None or search.until is not None:
        bits &= held.between(search.since, search.until)
    return bits


def _chosen(held: Resident, search: Search) -> dict[str, BitMap]:
    """What is selected, by facet; an empty selection selects nothing and restricts nothing."""
    chosen = {
        facet: held.within(values) if facet in PERIODS else held.having(facet, values)
        for facet, values in search.selections.items()
        if values
    }
    if periods := [chosen.pop(period) for period in PERIODS if period in chosen]:
        chosen["month"] = BitMap.intersection(*periods)
    return chosen


def _all_of(fixed: BitMap, chosen: Iterable[BitMap]) -> BitMap:
    return BitMap.intersection(fixed, *chosen)


def _page(
    held: Resident, matcher: Matcher, bits: BitMap, asked: list[Match], search: Search
) -> list[int]:
    if search.sort == "oldest":
        return paging.oldest(held, bits, search.offset, search.size)
    if search.sort == "newest" or not asked:
        return paging.newest(held, bits, search.offset, search.size)
    slots = postings.numbers(bits)
    ranked = matcher.scores(bits, asked, held)
    return paging.best(held, slots, ranked, search.offset, search.size)


def _counts(held: Resident, fixed: BitMap, chosen: dict[str, BitMap]) -> dict[str, dict[str, int]]:
    """Each facet's counts under everything but its own selection."""
    counts: dict[str, dict[str, int]] = {}
    full = _all_of(fixed, chosen.values())
    for facet in held.facets():
        bits = full if facet not in chosen else _without(fixed, chosen, facet)
        counts[facet] = held.count(facet, bits)
    bits = full if "month" not in chosen else _without(fixed, chosen, "month")
    counts["month"] = held.by_month(bits)
    counts["year"] = {}
    for month, count in counts["month"].items():
        counts["year"][month[:4]] = counts["year"].get(month[:4], 0) + count
    return counts


def _without(fixed: BitMap, chosen: dict[str, BitMap], facet: str) -> BitMap:
    return _all_of(fixed, (bits for name, bits in chosen.items() if name != facet))
