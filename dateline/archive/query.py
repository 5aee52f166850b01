"""The query: the unit of everything.

A page, a feed, an export, an alert and a cache key are the same query with another ending. It is
parsed from URL parameters once, at the door, and writes itself back in canonical order, so that
one question has one address.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal, cast, get_args
from urllib.parse import urlencode

from dateline.lib import dates

Sort = Literal["newest", "oldest", "relevance"]
Labels = Literal["today", "publication"]

FACETS = ("language", "genre", "office", "topic", "year", "month")
"""The facets' parameters, in canonical order (declared in `dateline.archive.facets`)."""

PARAMETERS = ("keywords", *FACETS, "predecessors", "from", "to", "sort", "labels", "size", "page")
YES = "yes"
SIZES = (10, 20, 50, 100)
DEFAULT_SIZE = 20
LONGEST_KEYWORDS = 500
LONGEST_DATE = 60
MOST_VALUES = 100

_YEAR = re.compile(r"[12][0-9]{3}")
_MONTH = re.compile(r"[12][0-9]{3}-(0[1-9]|1[0-2])")
_SLUG = re.compile(r"[A-Za-z0-9_-]{1,120}")


@dataclass(frozen=True)
class Problem:
    """Something in an address that could not be used: which parameter, its value, and why.

    `code` is one of: unknown-parameter, unknown-value, bad-date, bad-value, too-long,
    reversed-dates. Nothing is ever ignored without one.
    """

    parameter: str
    value: str
    code: str


@dataclass(frozen=True)
class Query:
    """A question to the archive, in canonical form.

    `language` is the list's own language (the first part of its address). `selections` maps facets
    to slugs, both in canonical order, with a selected `language` widening the list beyond its own.
    With `predecessors` a selected office or topic brings along those that led to it.
    `since` and `until` are inclusive days in the newsroom's time zone. `labels` says which names
    the stories' own terms bear: today's, or those of each story's publishing date. It finds
    nothing else, and filters and facets, which stand over many dates, bear today's.
    """

    language: str
    keywords: str = ""
    selections: tuple[tuple[str, tuple[str, ...]], ...] = ()
    since: date | None = None
    until: date | None = None
    predecessors: bool = False
    sort: Sort = "newest"
    labels: Labels = "today"
    page: int = 1
    size: int = DEFAULT_SIZE

    def __post_init__(self) -> None:
        """Bring equal questions to one form, however they were built."""
        chosen = {name: tuple(sorted(set(values))) for name, values in self.selections if values}
        if chosen.get("language") == (self.language,):
            del chosen["language"]
        ordered = tuple((name, chosen[name]) for name in FACETS if name in chosen)
        object.__setattr__(self, "selections", ordered)
        object.__setattr__(self, "keywords", " ".join(self.keywords.split()))
        if not chosen.keys() & {"office", "topic"}:
            object.__setattr__(self, "predecessors", False)
        if self.sort == "relevance" and not self.keywords:
            object.__setattr__(self, "sort", "newest")

    # --- reading it -----------------------------------------------------------------------
    def selected(self, facet: str) -> tuple[str, ...]:
        """The slugs chosen in a facet."""
        return dict(self.selections).get(facet, ())

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages the list holds: those selected, else the list's own."""
        return self.selected("language") or (self.language,)

    @property
    def default_sort(self) -> Sort:
        """Relevance where words were typed, newest otherwise."""
        return "relevance" if self.keywords else "newest"

    @property
    def filtered(self) -> bool:
        """Whether anything narrows the list."""
        return bool(self.keywords or self.selections or self.since or self.until)

    # --- changing it ----------------------------------------------------------------------
    def with_(self, facet: str, values: Iterable[str]) -> Query:
        """The query with a facet's selection replaced, back on its first page."""
        chosen = dict(self.selections) | {facet: tuple(values)}
        return replace(self, selections=tuple(chosen.items()), page=1)

    def toggled(self, facet: str, value: str) -> Query:
        """The query with one value of a facet added, or removed if it was chosen.

        The list's own language counts as chosen: adding another widens the list.
        """
        chosen = self.languages if facet == "language" else self.selected(facet)
        return self.with_(facet, {*chosen} ^ {value})

    def cleared(self) -> Query:
        """The plain list in the same language, shown the same way where that makes sense."""
        sort = self.sort if self.sort != "relevance" else "newest"
        return Query(language=self.language, sort=sort, labels=self.labels, size=self.size)

    def in_language(self, language: str) -> Query:
        """The same question asked of another language's list."""
        return replace(self, language=language, page=1)

    def on_page(self, page: int) -> Query:
        """The same question, another page."""
        return replace(self, page=page)

    # --- writing it -----------------------------------------------------------------------
    def parameters(self) -> list[tuple[str, str]]:
        """(parameter, value) pairs in canonical order, defaults left out."""
        pairs: list[tuple[str, str]] = []
        if self.keywords:
            pairs.append(("keywords", self.keywords))
        pairs += [(name, value) for name, values in self.selections for value in values]
        if self.predecessors:
            pairs.append(("predecessors", YES))
        if self.since:
            pairs.append(("from", self.since.isoformat()))
        if self.until:
            pairs.append(("to", self.until.isoformat()))
        if self.sort != self.default_sort:
            pairs.append(("sort", self.sort))
        if self.labels != "today":
            pairs.append(("labels", self.labels))
        if self.size != DEFAULT_SIZE:
            pairs.append(("size", str(self.size)))
        if self.page != 1:
            pairs.append(("page", str(self.page)))
        return pairs

    def write(self) -> str:
        """The canonical query string, without "?"; "" for the plain list."""
        return urlencode(self.parameters())

    def path(self, ending: str = "") -> str:
        """The address of this query: `/en/news?topic=…`, or with an ending `/en/news.atom?…`.

        Feeds and exports have no page and no size of their own unless asked, so both stay.
        """
        query = self.write()
        suffix = f".{ending}" if ending else ""
        return f"/{self.language}/news{suffix}" + (f"?{query}" if query else "")


@dataclass(frozen=True)
class Parsed:
    """A query read from an address, and what of the address could not be used."""

    query: Query
    problems: tuple[Problem, ...] = ()
    typed: Mapping[str, str] = field(default_factory=dict)
    """Dates as they were typed, to be shown again beside their problem."""


def parse(params: Mapping[str, Sequence[str]], language: str, today: date) -> Parsed:
    """Read a query from URL parameters (name → values, as `dict(QueryDict.lists())` gives them).

    Never raises: what cannot be read becomes a Problem and the rest of the question stands.
    """
    problems = [
        Problem(name, " ".join(values)[:80], "unknown-parameter")
        for name, values in params.items()
        if name not in PARAMETERS
    ]
    read = _Reader(
        {name: [_text(value) for value in values] for name, values in params.items()},
        language,
        today,
        problems,
    )
    since, until = read.days()
    keywords = read.keywords()
    query = Query(
        language=language,
        keywords=keywords,
        selections=tuple((facet, read.values(facet)) for facet in FACETS),
        since=since,
        until=until,
        predecessors=read.yes("predecessors"),
        sort=cast(Sort, read.one_of("sort", Sort, "relevance" if keywords.strip() else "newest")),
        labels=cast(Labels, read.one_of("labels", Labels, "today")),
        page=read.page(),
        size=read.size(),
    )
    typed = {name: read.last(name) for name in ("from", "to")}
    return Parsed(query, tuple(problems), typed)


def _text(value: str) -> str:
    """A value without what no text holds: NUL, and halves of characters (lone surrogates)."""
    return value.replace("\0", " ").encode("utf-8", "ignore").decode("utf-8").strip()


@dataclass
class _Reader:
    """Reads one parameter at a time and collects what cannot be read."""

    params: Mapping[str, Sequence[str]]
    language: str
    today: date
    problems: list[Problem]

    def given(self, name: str) -> list[str]:
        return [value for value in self.params.get(name, ()) if value]

    def last(self, name: str) -> str:
        return ("", *self.given(name))[-1]

    def one(self, name: str) -> str:
        """The last value given; that others were given too is a problem."""
        self.problems += [Problem(name, other[:80], "bad-value") for other in self.given(name)[:-1]]
        return self.last(name)

    def keywords(self) -> str:
        text = self.one("keywords")
        if len(text) > LONGEST_KEYWORDS:
            self.problems.append(Problem("keywords", text[:40] + "…", "too-long"))
        return text[:LONGEST_KEYWORDS]

    def values(self, facet: str) -> tuple[str, ...]:
        form = {"year": _YEAR, "month": _MONTH}.get(facet, _SLUG)
        given = self.given(facet)
        good = tuple(dict.fromkeys(value for value in given if form.fullmatch(value)))
        self.problems += [
            Problem(facet, value[:80], "unknown-value")
            for value in given
            if not form.fullmatch(value)
        ]
        # As they were sent: a value that is repeated is one too many as well.
        if len(given) > MOST_VALUES:
            self.problems.append(Problem(facet, given[MOST_VALUES][:80], "too-long"))
        return good[:MOST_VALUES]

    def days(self) -> tuple[date | None, date | None]:
        since, until = self._period("from"), self._period("to")
        if since and until and since[0] > until[1]:
            self.problems.append(Problem("to", self.last("to"), "reversed-dates"))
            since, until = until, since
        return since and since[0], until and until[1]

    def _period(self, name: str) -> tuple[date, date] | None:
        text = self.one(name)
        period = dates.typed(text, self.language, self.today) if len(text) <= LONGEST_DATE else None
        if text and period is None:
            self.problems.append(Problem(name, text[:LONGEST_DATE], "bad-date"))
        return period

    def one_of(self, name: str, known: object, default: str) -> str:
        """A value of the literal type `known`."""
        text = self.one(name)
        if text and text not in get_args(known):
            self.problems.append(Problem(name, text[:40], "bad-value"))
            return default
        return text or default

    def yes(self, name: str) -> bool:
        """A box that is ticked or absent."""
        text = self.one(name)
        if text and text != YES:
            self.problems.append(Problem(name, text[:40], "bad-value"))
        return text == YES

    def page(self) -> int:
        return self._number("page", 1)

    def size(self) -> int:
        size = self._number("size", DEFAULT_SIZE)
        if size not in SIZES:
            self.problems.append(Problem("size", str(size), "bad-value"))
            return DEFAULT_SIZE
        return size

    def _number(self, name: str, default: int) -> int:
        text = self.one(name)
        if not text:
            return default
        if not re.fullmatch(r"[0-9]{1,7}", text, re.ASCII) or int(text) < 1:
            self.problems.append(Problem(name, text[:40], "bad-value"))
            return default
        return int(text)
