"""The query: one question has one address, and no address breaks it."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date
from urllib.parse import parse_qs, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dateline.archive.query import FACETS, PARAMETERS, SIZES, Parsed, Problem, Query, parse

TODAY = date(2024, 12, 19)
_slug = st.from_regex(r"[a-z0-9][a-z0-9-]{0,12}", fullmatch=True)
_VALUES = {
    "language": st.sampled_from(["en", "fr", "ru", "pt-BR"]),
    "year": st.from_regex(r"[12][0-9]{3}", fullmatch=True),
    "month": st.from_regex(r"[12][0-9]{3}-(0[1-9]|1[0-2])", fullmatch=True),
}
_text = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=40)


@st.composite
def _queries(draw: st.DrawFn) -> Query:
    selections = tuple(
        (facet, tuple(draw(st.lists(_VALUES.get(facet, _slug), max_size=4)))) for facet in FACETS
    )
    days = sorted(draw(st.lists(st.dates(), min_size=2, max_size=2)))
    return Query(
        language=draw(st.sampled_from(["en", "fr", "ar"])),
        keywords=draw(_text),
        selections=selections,
        since=draw(st.sampled_from([None, days[0]])),
        until=draw(st.sampled_from([None, days[1]])),
        sort=draw(st.sampled_from(["newest", "oldest", "relevance"])),
        page=draw(st.integers(1, 9_999_999)),
        size=draw(st.sampled_from(SIZES)),
        labels=draw(st.sampled_from(["today", "publication"])),
    )


def _parsed(written: str, language: str = "en") -> Parsed:
    return parse(parse_qs(written, keep_blank_values=True), language, TODAY)


@given(_queries())
def test_what_is_written_is_read_back(query: Query) -> None:
    parsed = _parsed(query.write(), query.language)
    assert (parsed.query, parsed.problems) == (query, ())


@given(_queries(), st.randoms(use_true_random=False))
def test_one_question_has_one_address(query: Query, chance: random.Random) -> None:
    pairs = query.parameters()
    pairs += [pair for pair in pairs if pair[0] in FACETS]  # a value chosen twice
    chance.shuffle(pairs)
    parsed = _parsed(urlencode(pairs), query.language)
    assert parsed.query.write() == query.write()
    assert parsed.query.path("atom") == query.path("atom")


_anything = st.text(max_size=80) | st.sampled_from(["0", "-1", "1e3", "²", "٣", "2016-13", "en,fr"])


@given(
    st.dictionaries(
        st.sampled_from(PARAMETERS) | st.text(max_size=20), st.lists(_anything, max_size=4)
    )
)
def test_no_address_breaks_it_and_none_changes_when_read_again(
    params: dict[str, list[str]],
) -> None:
    parsed = parse(params, "en", TODAY)
    again = _parsed(parsed.query.write())
    assert (again.query, again.problems) == (parsed.query, ())


_DEFAULTS = {"1", "20", "newest", "relevance", "today", "en"}


@given(
    st.sampled_from(PARAMETERS), _anything.map(str.strip).filter(lambda value: "\0" not in value)
)
def test_a_value_is_used_or_named_as_a_problem(name: str, value: str) -> None:
    parsed = parse({name: [value]}, "en", TODAY)
    is_default = not value or value.lstrip("0") in _DEFAULTS
    assert parsed.problems or parsed.query != Query("en") or is_default


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        ("colour=red", Problem("colour", "red", "unknown-parameter")),
        ("from=soon", Problem("from", "soon", "bad-date")),
        ("to=31+February+2016", Problem("to", "31 February 2016", "bad-date")),
        ("from=" + "1" * 70, Problem("from", "1" * 60, "bad-date")),
        ("from=2017&to=2016", Problem("to", "2016", "reversed-dates")),
        ("sort=best", Problem("sort", "best", "bad-value")),
        ("labels=then", Problem("labels", "then", "bad-value")),
        ("labels=today&labels=publication", Problem("labels", "today", "bad-value")),
        ("size=21", Problem("size", "21", "bad-value")),
        ("size=many", Problem("size", "many", "bad-value")),
        ("page=0", Problem("page", "0", "bad-value")),
        ("page=-3", Problem("page", "-3", "bad-value")),
        ("page=12345678", Problem("page", "12345678", "bad-value")),
        ("page=%D9%A3", Problem("page", "٣", "bad-value")),
        ("page=2&page=3", Problem("page", "2", "bad-value")),
        ("year=16", Problem("year", "16", "unknown-value")),
        ("year=2%D9%A11%D9%A6", Problem("year", "2١1٦", "unknown-value")),
        ("month=2016-13", Problem("month", "2016-13", "unknown-value")),
        ("topic=rule+of+law", Problem("topic", "rule of law", "unknown-value")),
        ("keywords=" + "x" * 501, Problem("keywords", "x" * 40 + "…", "too-long")),
    ],
)
def test_what_cannot_be_used_is_named_once(written: str, problem: Problem) -> None:
    assert _parsed(written).problems == (problem,)


def test_more_values_than_anyone_chooses_are_cut_with_a_problem() -> None:
    parsed = parse({"topic": [f"t{n:03}" for n in range(101)]}, "en", TODAY)
    assert len(parsed.query.selected("topic")) == 100
    assert [problem.code for problem in parsed.problems] == ["too-long"]


def test_dates_are_read_as_people_type_them() -> None:
    query = _parsed("from=March+2016&to=2017").query
    assert (query.since, query.until) == (date(2016, 3, 1), date(2017, 12, 31))


def test_reversed_dates_still_mean_the_whole_time_between_them() -> None:
    query = _parsed("from=2017&to=2016").query
    assert (query.since, query.until) == (date(2016, 1, 1), date(2017, 12, 31))


def test_dates_are_shown_again_as_they_were_typed() -> None:
    assert _parsed("from=last+wek").typed == {"from": "last wek", "to": ""}


def test_words_are_sorted_by_relevance_until_they_are_cleared() -> None:
    assert _parsed("keywords=court").query.sort == "relevance"
    assert _parsed("keywords=court&sort=newest").query.sort == "newest"
    assert _parsed("keywords=&sort=relevance").query.sort == "newest"
    assert _parsed("keywords=%00+%00").query == Query("en")


def test_the_lists_own_language_is_no_filter() -> None:
    assert _parsed("language=en").query == Query("en")
    assert _parsed("language=en", "fr").query.selected("language") == ("en",)


def test_another_language_widens_the_list_and_can_be_taken_back() -> None:
    wide = Query("en").toggled("language", "fr")
    assert wide.languages == ("en", "fr")
    assert wide.toggled("language", "en").languages == ("fr",)
    assert wide.toggled("language", "fr") == Query("en")


def test_choosing_a_value_goes_back_to_the_first_page() -> None:
    query = Query("en", page=7)
    assert query.toggled("topic", "rule-of-law").page == 1
    assert query.toggled("topic", "rule-of-law").toggled("topic", "rule-of-law") == query.on_page(1)


def test_clearing_keeps_only_how_the_list_is_shown() -> None:
    query = replace(_parsed("keywords=court&topic=law&from=2016&page=3").query, size=50)
    assert query.cleared() == Query("en", size=50)
    assert not query.cleared().filtered
    assert replace(query, sort="oldest").cleared().sort == "oldest"


def test_a_query_keeps_its_question_in_another_language() -> None:
    query = _parsed("topic=law&office=vienna&page=3").query
    assert query.in_language("fr").path() == "/fr/news?office=vienna&topic=law"


def test_an_ending_is_the_same_question_in_another_form() -> None:
    assert Query("en").path() == "/en/news"
    assert Query("en").path("atom") == "/en/news.atom"
    assert _parsed("topic=law").query.path("csv") == "/en/news.csv?topic=law"
