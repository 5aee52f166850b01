"""Dates: printed by Babel in seven languages and read back; typed as people type them."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from babel.dates import format_date
from hypothesis import given
from hypothesis import strategies as st

from dateline.lib import dates

_TODAY = date(2024, 6, 12)
_DAYS = st.dates(min_value=date(1000, 1, 1), max_value=date(2999, 12, 31))


@given(_DAYS, st.sampled_from(dates.LANGUAGES), st.sampled_from(["long", "d MMMM y", "full"]))
def test_what_babel_prints_is_read_back(day: date, language: str, form: str) -> None:
    printed = format_date(day, form, locale=language)
    assert dates.parse(printed) == day, printed


@given(st.text() | st.text(alphabet="0123456789 -/.:TZ+,"))
def test_reading_never_fails(text: str) -> None:
    dates.parse(text)


@given(_DAYS)
def test_iso(day: date) -> None:
    assert dates.parse(day.isoformat()) == day


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("17 October, 2000", date(2000, 10, 17)),
        ("December 19, 2024", date(2024, 12, 19)),
        ("Thursday, 19 December 2024", date(2024, 12, 19)),
        ("Sept. 5, 2020", date(2020, 9, 5)),
        ("19.12.2024", date(2024, 12, 19)),
        ("4.3.2016", date(2016, 3, 4)),
        ("25/4/2016", date(2016, 4, 25)),
        ("4/25/2016", date(2016, 4, 25)),
        ("4/4/2016", date(2016, 4, 4)),
        ("3/4/2016", None),
        ("31 February 2024", None),
        ("19 Decembre", None),
        ("2024", None),
        ("2024-12-19T10:00:00Z", datetime(2024, 12, 19, 10, tzinfo=UTC)),
        ("2024-12-19 10:00", datetime(2024, 12, 19, 10)),  # noqa: DTZ001 - no zone was given
        ("Thu, 19 Dec 2024 10:00:00 GMT", datetime(2024, 12, 19, 10, tzinfo=UTC)),
        (
            "2017-10-11T14:00:00-05:00",
            datetime(2017, 10, 11, 14, tzinfo=timezone(timedelta(hours=-5))),
        ),
        ("2024-12-19T25:00:00Z", None),
    ],
)
def test_parse(text: str, expected: date | None) -> None:
    assert dates.parse(text) == expected


@pytest.mark.parametrize(
    ("text", "language", "first", "last"),
    [
        ("2016", "en", "2016-01-01", "2016-12-31"),
        ("3/2016", "en", "2016-03-01", "2016-03-31"),
        ("2016-02", "en", "2016-02-01", "2016-02-29"),
        ("March 2016", "en", "2016-03-01", "2016-03-31"),
        ("mar 2016", "en", "2016-03-01", "2016-03-31"),
        ("март 2016", "ru", "2016-03-01", "2016-03-31"),
        ("marzo de 2016", "es", "2016-03-01", "2016-03-31"),
        ("مارس 2016", "ar", "2016-03-01", "2016-03-31"),
        ("14 March 2016", "en", "2016-03-14", "2016-03-14"),
        ("14/3/2016", "en", "2016-03-14", "2016-03-14"),
        ("4/3/2016", "en", "2016-03-04", "2016-03-04"),
        ("4/3/2016", "en-US", "2016-04-03", "2016-04-03"),
        ("14.3.2016", "de", "2016-03-14", "2016-03-14"),
        ("March", "en", "2024-03-01", "2024-03-31"),
        ("July", "en", "2023-07-01", "2023-07-31"),
        ("14 July", "en", "2023-07-14", "2023-07-14"),
        ("today", "en", "2024-06-12", "2024-06-12"),
        ("вчера", "ru", "2024-06-11", "2024-06-11"),
        ("last week", "en", "2024-06-03", "2024-06-09"),
        ("letzte Woche", "de", "2024-06-03", "2024-06-09"),
        ("last month", "en", "2024-05-01", "2024-05-31"),
        ("last year", "en", "2023-01-01", "2023-12-31"),
        ("March 14th, 2016", "en", "2016-03-14", "2016-03-14"),
        ("in March 2016", "en", "2016-03-01", "2016-03-31"),
        ("14/3", "en", "2024-03-14", "2024-03-14"),
        ("3/14", "en", "2024-03-14", "2024-03-14"),
        ("14.7.", "de", "2023-07-14", "2023-07-14"),
        ("2015-2016", "en", "2015-01-01", "2016-12-31"),
        ("2016 – 2015", "en", "2015-01-01", "2016-12-31"),
        ("1990s", "en", "1990-01-01", "1999-12-31"),
        ("Q1 2016", "en", "2016-01-01", "2016-03-31"),
        ("2016-Q4", "en", "2016-10-01", "2016-12-31"),
        ("T2 2016", "fr", "2016-04-01", "2016-06-30"),
        ("3 days ago", "en", "2024-06-09", "2024-06-09"),
        ("la semaine dernière", "fr", "2024-06-03", "2024-06-09"),
        ("semaine derniere", "fr", "2024-06-03", "2024-06-09"),
        ("l’an dernier", "fr", "2023-01-01", "2023-12-31"),
        ("en 2016", "fr", "2016-01-01", "2016-12-31"),
        ("1er mars 2016", "fr", "2016-03-01", "2016-03-01"),
        ("decembre 2016", "fr", "2016-12-01", "2016-12-31"),
        ("aujourd’hui", "fr", "2024-06-12", "2024-06-12"),
        ("dieser Monat", "de", "2024-06-01", "2024-06-30"),
        ("im Jahr 2016", "de", "2016-01-01", "2016-12-31"),
        ("marz 2016", "de", "2016-03-01", "2016-03-31"),
        ("Jänner 2016", "de", "2016-01-01", "2016-01-31"),
        ("vor zwei Wochen", "de", "2024-05-27", "2024-06-02"),
        ("el mes pasado", "es", "2024-05-01", "2024-05-31"),
        ("semana pasada", "es", "2024-06-03", "2024-06-09"),
        ("setiembre de 2016", "es", "2016-09-01", "2016-09-30"),
        ("la settimana scorsa", "it", "2024-06-03", "2024-06-09"),
        ("l'anno scorso", "it", "2023-01-01", "2023-12-31"),
        ("1º marzo 2016", "it", "2016-03-01", "2016-03-01"),
        ("на прошлой неделе", "ru", "2024-06-03", "2024-06-09"),
        ("прошлый месяц", "ru", "2024-05-01", "2024-05-31"),
        ("в 2016 году", "ru", "2016-01-01", "2016-12-31"),
        ("2016 г.", "ru", "2016-01-01", "2016-12-31"),
        ("14 марта 2016 г.", "ru", "2016-03-14", "2016-03-14"),
        ("آذار/مارس 2016", "ar", "2016-03-01", "2016-03-31"),
        ("كانون الثاني/يناير ٢٠١٦", "ar", "2016-01-01", "2016-01-31"),
        ("اذار 2016", "ar", "2016-03-01", "2016-03-31"),
        ("١٤/٣/٢٠١٦", "ar", "2016-03-14", "2016-03-14"),
        ("الأسبوع الماضي", "ar", "2024-06-03", "2024-06-09"),
        ("الاسبوع الماضي", "ar", "2024-06-03", "2024-06-09"),
        ("العام الماضي", "ar", "2023-01-01", "2023-12-31"),
    ],
)
def test_typed(text: str, language: str, first: str, last: str) -> None:
    found = dates.typed(text, language, _TODAY)
    assert found == (date.fromisoformat(first), date.fromisoformat(last))


def test_last_month_in_january_is_of_the_year_before() -> None:
    found = dates.typed("last month", "en", date(2024, 1, 31))
    assert found == (date(2023, 12, 1), date(2023, 12, 31))


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("March 2016", True),
        ("2016", True),
        ("14 mars 2016", True),
        ("March", False),
        ("14 March", False),
        ("last week", False),
        ("C-5 2016", False),
        ("12345", False),
    ],
)
def test_what_names_its_year_is_certainly_a_date(text: str, named: bool) -> None:
    assert (dates.named(text, "en", _TODAY) is not None) is named


@pytest.mark.parametrize(
    "text",
    ["", "foo", "12", "31 April", "31/4/2016", "0000", "13/13/2016", "the 90s", "spring 2016"],
)
def test_what_is_no_date_is_none(text: str) -> None:
    assert dates.typed(text, "en", _TODAY) is None


@given(st.text(max_size=70), st.sampled_from([*dates.LANGUAGES, "xq", "nonsense"]))
def test_typing_anything_gives_a_range_or_none(text: str, language: str) -> None:
    found = dates.typed(text, language, _TODAY)
    assert found is None or found[0] <= found[1]
