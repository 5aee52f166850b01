"""The stories by year, or by month of one year: a picture of the archive that is also its map."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from babel.dates import format_skeleton
from django.utils.translation import get_language

from dateline.archive.facets import Facet, month_label
from dateline.archive.query import Query
from dateline.archive.search import ResultPage
from dateline.lib import languages

HEIGHT = 100


@dataclass(frozen=True)
class Bar:
    """One year or month. `height` is of HEIGHT; `tick` says that its label is printed below."""

    value: str
    label: str
    name: str
    count: int
    height: int
    path: str
    chosen: bool
    tick: bool

    @property
    def top(self) -> int:
        """Where the bar begins, from above: SVG's y."""
        return HEIGHT - self.height


@dataclass(frozen=True)
class Histogram:
    """Months in order of time, or years from the newest, where reading and scrolling begin.

    `year` is the year whose months they are, "" for years.
    """

    bars: tuple[Bar, ...]
    year: str = ""
    back: str = ""


def histogram(result: ResultPage) -> Histogram | None:
    """The picture for a result; None where there are fewer than two bars to compare."""
    year = _year(result.query)
    made = _months(result, year) if year else _years(result)
    return made if len(made.bars) > 1 and any(bar.count for bar in made.bars) else None


def span(result: ResultPage) -> tuple[str, str] | None:
    """The first and last year the result's stories are from."""
    query, counts = result.query, _counts(result.facet("year"))
    chosen = {*query.selected("year"), *(month[:4] for month in query.selected("month"))}
    years = sorted(year for year, count in counts.items() if count and year in (chosen or counts))
    return (years[0], years[-1]) if years else None


def _year(query: Query) -> str:
    """The one year the query looks at, if it looks at one."""
    years = {*query.selected("year"), *(month[:4] for month in query.selected("month"))}
    return years.pop() if len(years) == 1 else ""


def _years(result: ResultPage) -> Histogram:
    counts = _counts(result.facet("year"))
    if not counts:
        return Histogram(())
    first, last = int(min(counts)), int(max(counts))
    values = [str(year) for year in range(first, last + 1)]
    chosen = result.query.selected("year")
    drawn = {value: counts.get(value, 0) for value in values}
    ticks = _ticks(values)
    top = max(drawn.values())
    return Histogram(
        tuple(
            Bar(
                value,
                value,
                value,
                count,
                _height(count, top),
                result.query.toggled("year", value).path(),
                value in chosen,
                value in ticks,
            )
            for value, count in reversed(drawn.items())
        )
    )


def _months(result: ResultPage, year: str) -> Histogram:
    counts = _counts(result.facet("month"))
    values = [f"{year}-{month:02}" for month in range(1, 13)]
    query, chosen = result.query, result.query.selected("month")
    whole = query.with_("month", ()).with_("year", (year,))
    top = max(counts.get(value, 0) for value in values)
    bars = tuple(
        Bar(
            value,
            _short_month(value),
            month_label(value, query.language),
            counts.get(value, 0),
            _height(counts.get(value, 0), top),
            (whole if value in chosen else query.with_("year", ()).with_("month", (value,))).path(),
            value in chosen,
            True,
        )
        for value in values
    )
    return Histogram(bars, year, query.with_("month", ()).with_("year", ()).path())


def _counts(facet: Facet) -> dict[str, int]:
    return {value.value: value.count for value in facet.values}


def _height(count: int, top: int) -> int:
    """A story is never invisible beside a busy year."""
    return max(2, round(HEIGHT * count / top)) if count else 0


def _ticks(years: Iterable[str]) -> set[str]:
    """The first and last year, and round ones between that leave them room."""
    all_years = [int(year) for year in years]
    first, last = all_years[0], all_years[-1]
    if last - first < 7:
        return {str(year) for year in all_years}
    if last - first < 12:  # a telephone has room for every second one
        return {str(year) for year in (first, last, *all_years[2:-2:2])}
    step = 5 if last - first <= 40 else 10
    between = {year for year in all_years if not year % step and first + 3 < year < last - 3}
    return {str(year) for year in {first, last, *between}}


def _short_month(value: str) -> str:
    day = date(int(value[:4]), int(value[5:]), 1)
    locale = languages.babel_locale(get_language() or "en")
    return str(format_skeleton("MMM", day, locale=locale))
