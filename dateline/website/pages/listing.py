"""A result as the listing page shows it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from babel.dates import format_date
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from dateline.archive import endings, facets, keywords, search, sentence, suggestions
from dateline.archive.facets import Facet, FacetValue
from dateline.archive.query import DEFAULT_SIZE, SIZES, YES, Labels, Parsed, Query, Sort
from dateline.archive.search import ResultPage
from dateline.lib import languages, newsroom
from dateline.website.pages import notices
from dateline.website.pages.found import found
from dateline.website.pages.histogram import histogram, span

FIRST_VALUES = 7
"""How many values of a facet stand open before “All 37”."""

MOST_WORDS = 6
"""How many words a question that found nothing may have for each to be left out in turn."""

SHOWN = ("genre", "office", "topic", "language")
"""Facets above the dates; years come after them, and months are chosen in the histogram."""


@dataclass(frozen=True)
class Link:
    """A choice of the list: what it is called, where it leads, whether it is the present one."""

    label: str
    path: str
    current: bool = False
    id: str = ""
    count: int = 0
    media_type: str = ""
    about: str = ""


@dataclass(frozen=True)
class Group:
    """A facet ready to print: the values that stand open, and the rest behind “All”."""

    name: str
    label: str
    first: tuple[FacetValue, ...]
    rest: tuple[FacetValue, ...]
    chosen: int

    @property
    def size(self) -> int:
        """How many values there are."""
        return len(self.first) + len(self.rest)


@dataclass(frozen=True)
class DateBox:
    """A date box: what stands in it, and what was wrong with that."""

    name: str
    label: str
    text: str
    problem: str


def present(asked: Parsed, result: ResultPage) -> dict[str, Any]:
    """The context of `website/listing.html`. `asked` may be beyond `result`'s last page."""
    query = result.query
    chips = _chips(result)
    return {
        "section": "news",
        "query": query,
        "result": result,
        "heading": result.sentence,
        "introduction": _introduction(query),
        "span": span(result),
        "found": found(result),
        "dated": _dated(result),
        "notices": _notices(asked, result),
        "chips": chips,
        "filters_in_use": len(chips) - bool(query.keywords),
        "clear": query.cleared().path(),
        "groups": _groups(result, SHOWN),
        "before": _before(result),
        "years": next(iter(_groups(result, ("year",))), None),
        "dates": [
            _date_box("from", pgettext("date box", "From"), query.since, asked),
            _date_box("to", pgettext("date box", "To"), query.until, asked),
        ],
        "histogram": histogram(result),
        "sorts": _sorts(query),
        "namings": _namings(result),
        "sizes": [Link(str(size), _sized(query, size), size == query.size) for size in SIZES],
        "hidden": _hidden(result),
        "jump": _jump(query),
        "previous": query.on_page(query.page - 1).path() if query.page > 1 else "",
        "next": query.on_page(query.page + 1).path() if query.page < result.pages else "",
        "endings": {"follow": feeds(query), "reuse": _forms(query, feed=False)},
        "respelled": _respelled(result) if not result.total else None,
        "offers": _offers(result) if not result.total else [],
        "elsewhere": _elsewhere(result) if not result.total else [],
        "alternates": {tag: query.in_language(tag).path() for tag in settings.NEWSROOM.languages},
        "canonical": query.path(),
        "indexed": not asked.problems and _is_indexed(query),
    }


def _introduction(query: Query) -> str:
    """The newsroom's introduction stands over the plain list alone."""
    if query.filtered or query.page > 1:
        return ""
    return newsroom.say(settings.NEWSROOM.introduction, query.language)


def _notices(asked: Parsed, result: ResultPage) -> list[notices.Notice]:
    found = notices.notices(result.query, asked.problems)
    if asked.query.page != result.query.page:
        found.append(notices.beyond(asked.query, result.pages))
    return found


# --- filters in use ---------------------------------------------------------------------------
def _chips(result: ResultPage) -> list[Link]:
    """One link for each filter that removes it."""
    query = result.query
    chips = []
    if query.keywords:
        label = _("“%(words)s”") % {"words": query.keywords}
        chips.append(Link(label, replace(query, keywords="", page=1).path()))
    for facet, values in query.selections:
        for value in values:
            label = facets.value_label(facet, value, query.language, result.snapshot)
            chips.append(
                Link(label, query.toggled(facet, value).path(), id=f"chip-{facet}-{value}")
            )
    if query.predecessors:
        path = replace(query, predecessors=False, page=1).path()
        chips.append(Link(_("predecessors included"), path, id="chip-predecessors"))
    for name, day, pattern in (
        ("since", query.since, _("from %(date)s")),
        ("until", query.until, _("until %(date)s")),
    ):
        if day:
            path = replace(query, **{name: None}, page=1).path()  # type: ignore[arg-type]
            chips.append(Link(pattern % {"date": _day(day, query.language)}, path))
    return chips


def _before(result: ResultPage) -> dict[str, list[str]]:
    """Facet → the names of what led to the terms chosen in it, which can be brought along."""
    snapshot, query = result.snapshot, result.query
    found: dict[str, list[str]] = {}
    for facet in ("office", "topic"):
        chosen = (snapshot.term(facet, slug) for slug in query.selected(facet))
        keys = {pk for term in chosen if term for pk in snapshot.predecessors(term)}
        found[facet] = sorted(snapshot.by_id[facet][pk].label(query.language) for pk in keys)
    return {facet: names for facet, names in found.items() if names}


def _groups(result: ResultPage, names: Iterable[str]) -> list[Group]:
    """The facets that offer a choice."""
    shown = (result.facet(name) for name in names)
    return [
        _group(facet, len(result.query.selected(facet.name)))
        for facet in shown
        if _divides(facet, result.total)
    ]


def _divides(facet: Facet, total: int) -> bool:
    """Whether choosing in a facet can change the list: one value that all have cannot."""
    return len(facet.values) > 1 or any(
        value.selected or value.count < total for value in facet.values
    )


def _group(facet: Facet, chosen: int) -> Group:
    """The first values and every chosen one stand open, in the facet's own order."""
    limit = FIRST_VALUES + (len(facet.values) == FIRST_VALUES + 1)
    behind = facet.values[limit:]
    first = facet.values[:limit] + tuple(value for value in behind if value.selected)
    rest = tuple(value for value in behind if not value.selected)
    return Group(facet.name, facet.label, first, rest, chosen)


def _date_box(name: str, label: str, day: date | None, asked: Parsed) -> DateBox:
    """As typed where there is a problem with it, else the day in words."""
    language = asked.query.language
    problem = notices.beside(name, asked.problems, language)
    text = asked.typed.get(name, "") if problem else _day(day, language) if day else ""
    return DateBox(name, label, text, problem)


def _day(day: date, language: str) -> str:
    return str(format_date(day, "long", locale=languages.babel_locale(language)))


def _hidden(result: ResultPage) -> list[tuple[str, str]]:
    """What the form must carry along because no box of it shows it."""
    query = result.query
    kept = [("month", month) for month in query.selected("month")]
    if query.predecessors and not _before(result):
        kept.append(("predecessors", YES))
    if query.sort != query.default_sort:
        kept.append(("sort", query.sort))
    if query.labels != "today":
        kept.append(("labels", query.labels))
    if query.size != Query(query.language).size:
        kept.append(("size", str(query.size)))
    return kept


# --- around the list --------------------------------------------------------------------------
def _sorts(query: Query) -> list[Link]:
    names: dict[Sort, str] = {
        "newest": pgettext("order of stories", "newest"),
        "oldest": pgettext("order of stories", "oldest"),
    }
    if query.keywords:
        names["relevance"] = pgettext("order of stories", "relevance")
    return [
        Link(label, replace(query, sort=sort, page=1).path(), sort == query.sort, f"sort-{sort}")
        for sort, label in names.items()
    ]


def _namings(result: ResultPage) -> list[Link]:
    """Whose names the stories' terms bear, where any of those shown was ever called otherwise."""
    query = result.query
    terms = {term.slug: term for row in result.stories for term in row.terms}.values()
    if query.labels == "today" and not any(term.renamed(query.language) for term in terms):
        return []
    names: dict[Labels, str] = {
        "today": pgettext("names of offices and topics", "today’s"),
        "publication": pgettext("names of offices and topics", "as published"),
    }
    return [
        Link(name, replace(query, labels=labels).path(), labels == query.labels, f"labels-{labels}")
        for labels, name in names.items()
    ]


def _sized(query: Query, size: int) -> str:
    """The page of the new size that holds the first story now shown."""
    first = (query.page - 1) * query.size
    return replace(query, size=size, page=first // size + 1).path()


def _jump(query: Query) -> list[tuple[str, str]]:
    return [(name, value) for name, value in query.parameters() if name != "page"]


def feeds(query: Query) -> list[Link]:
    """The list in the forms that can be followed."""
    return _forms(query, feed=True)


def _forms(query: Query, *, feed: bool) -> list[Link]:
    """A query's other endings; a feed begins at its first story, whatever page is open."""
    first = replace(query, sort="newest", page=1, size=DEFAULT_SIZE)
    return [
        Link(
            str(ending.label),
            first.path(ending.suffix),
            media_type=ending.media_type,
            about=str(ending.about),
        )
        for ending in endings.every()
        if ending.feed is feed
    ]


def _is_indexed(query: Query) -> bool:
    """Search engines may keep the plain list and lists of one value, not every combination."""
    plain = Query(language=query.language, selections=query.selections, page=query.page)
    return query == plain and sum(len(values) for _facet, values in query.selections) <= 1


def _dated(result: ResultPage) -> Link | None:
    """The same words with the date among them as a filter."""
    if not result.query.keywords:
        return None
    today = timezone.localdate()
    meant = suggestions.dated(result.query, timezone.now(), result.snapshot, today)
    if meant is None:
        return None
    said = sentence.say(meant.query, result.snapshot)
    return Link(said, meant.query.path(), count=meant.total)


# --- nothing found ----------------------------------------------------------------------------
def _respelled(result: ResultPage) -> Link | None:
    meant = suggestions.respelled(result.query, timezone.now(), result.snapshot)
    if meant is None:
        return None
    return Link(meant.query.keywords, meant.query.path(), count=meant.total)


def _offers(result: ResultPage) -> list[Link]:
    """The same question without one of its parts, where that finds something."""
    now = timezone.now()
    found = (
        Link(
            label,
            query.path(),
            count=search.find(query, now, result.snapshot, counted=False).total,
        )
        for label, query in (*_fewer_words(result.query), *_lesser(result.query))
    )
    return [offer for offer in found if offer.count]


def _fewer_words(query: Query) -> Iterable[tuple[str, Query]]:
    """The question without one of its words or phrases, where there are several but not many."""
    clauses = keywords.parse(query.keywords)
    if 1 < len(clauses) <= MOST_WORDS:
        for clause in clauses:
            rest = keywords.write(other for other in clauses if other is not clause)
            words = {"words": keywords.write([clause]).replace('"', "")}
            yield _("without “%(words)s”") % words, replace(query, keywords=rest, page=1)


def _lesser(query: Query) -> Iterable[tuple[str, Query]]:
    if query.keywords:
        yield (
            _("without the words “%(words)s”") % {"words": query.keywords},
            replace(query, keywords="", page=1),
        )
    for facet, _values in query.selections:
        if facet != "language":
            words = {"filter": facets.label(facet, query.language)}
            yield _("without “%(filter)s”") % words, query.with_(facet, ())
    if query.since or query.until:
        yield _("without dates"), replace(query, since=None, until=None, page=1)


def _elsewhere(result: ResultPage) -> list[Link]:
    """Other languages that have what this one has not."""
    return [
        Link(
            value.label,
            result.query.in_language(value.value).path(),
            id=value.value,
            count=value.count,
        )
        for value in result.facet("language").values
        if value.count and not value.selected
    ]
