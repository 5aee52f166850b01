"""Dates as machines write them, as newsrooms print them and as people type them.

Month names come from CLDR through Babel. A date that could be read in two ways is not read:
3/4/2016 is None, 4.3.2016 (dots put the day first everywhere) and 25/4/2016 are not.
"""

import calendar
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import Literal

from babel import Locale, UnknownLocaleError

LANGUAGES = ("en", "ru", "fr", "de", "es", "it", "ar")
"""Whose month names are known when the caller names no language."""

Range = tuple[date, date]
"""First and last day, both within."""

_ISO_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_ISO_MOMENT = re.compile(
    r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?\s?(?:Z|[+-]\d\d(?::?\d\d)?)?",
    re.ASCII | re.IGNORECASE,
)
_MAIL = re.compile(r"(?:[a-z]{3},\s*)?\d{1,2}\s+[a-z]{3}\s+\d{2,4}\s+\d\d:\d\d.*", re.I | re.ASCII)
_JOIN = r"[\s,.]*(?:(?:de|del|of)\s+|d['’])?"
_WORD = r"(?P<month>[^\W\d_]+)"
_DAY = r"(?P<day>\d{1,2})(?:\.|º|°|o|er|st|nd|rd|th)?"
_YEAR = r"(?P<year>\d{4})"
_END = r"(?:\s*(?:г|года|р|m)\.?)?"
_PRINTED = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?:le|el|il|the)?\s*{_DAY}{_JOIN}{_WORD}{_JOIN}{_YEAR}{_END}",
        rf"{_WORD}\.?\s+{_DAY}\s*,?\s+{_YEAR}",
        rf"{_YEAR}\s+{_WORD}\s+{_DAY}",
        rf"{_YEAR}年(?P<number>\d{{1,2}})月(?P<day>\d{{1,2}})日",
        rf"(?P<day>\d{{1,2}})\.\s?(?P<number>\d{{1,2}})\.\s?{_YEAR}",
        rf"{_YEAR}[/.](?P<number>\d{{1,2}})[/.](?P<day>\d{{1,2}})",
    )
)
_FIRST_WORD = re.compile(r"(?P<word>[^\W\d_]+)\.?[,،]?\s+(?=\S)")
_SLASHED = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})")
_TYPED_MONTH = re.compile(r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})|(?P<m>\d{1,2})[-/.](?P<y>\d{4})")
_MONTH_YEAR = re.compile(rf"{_WORD}{_JOIN}{_YEAR}{_END}|(?P<y>\d{{4}})\s+(?P<m>[^\W\d_]+)", re.I)
_DAY_MONTH = re.compile(rf"{_DAY}{_JOIN}{_WORD}|(?P<m>[^\W\d_]+)\s+(?P<d>\d{{1,2}})", re.I)
_DAY_AND_MONTH = re.compile(r"(\d{1,2})[/.](\d{1,2})\.?")
_SAID_YEAR = re.compile(
    r"(?:(?:jahr|an|année|anno|año|год|عام|سنة|year)\s+)?(\d{4})(?:\s*(?:г|году|года|год|م)\.?)?",
    re.IGNORECASE,
)
_WITH_YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)")
_YEARS = re.compile(r"(\d{4})\s*[-–—/]\s*(\d{4})")
_DECADE = re.compile(r"(?:the\s+)?(\d{3}0)s", re.IGNORECASE)
_QUARTER = re.compile(r"[qt]([1-4])[\s/-]*(\d{4})|(\d{4})[\s/-]*[qt]([1-4])", re.IGNORECASE)
# Arabic documents of the United Nations print both names of a month: آذار/مارس.
_OTHER_NAME = re.compile(r"[^\W\d_]+(?: [^\W\d_]+)?/(?=[^\W\d_])")
_LEAD_IN = re.compile(r"^(?:(?:the|in|la|le|el|il|lo|im|in der|en|в|на|في)\s+|l['’]\s*)", re.I)
_NOT_AGO = re.compile(r"\d{3}|\d\d?s\b|^[qt]\d", re.IGNORECASE)
_LONGEST = 60

# Where other names of the same months are usual: آذار for March, Jänner for January.
_OTHER_NAMES = {"ar": ("ar-LB",), "de": ("de-AT",), "es": ("es-UY",)}

Unit = Literal["week", "month", "year"]

_LATELY: dict[tuple[Unit, int], str] = {
    ("week", 0): "this week|cette semaine|diese woche|dieser woche|esta semana|questa settimana|"
    "эта неделя|этой неделе|эту неделю|هذا الأسبوع",
    ("week", 1): "last week|semaine dernière|semaine passée|letzte woche|vergangene woche|"
    "vorige woche|letzter woche|semana pasada|settimana scorsa|scorsa settimana|прошлая неделя|"
    "прошлой неделе|прошлую неделю|الأسبوع الماضي",
    ("month", 0): "this month|ce mois|ce mois-ci|dieser monat|diesen monat|diesem monat|este mes|"
    "questo mese|этот месяц|этом месяце|هذا الشهر",
    ("month", 1): "last month|mois dernier|mois passé|letzter monat|letzten monat|"
    "vergangenen monat|mes pasado|mese scorso|scorso mese|прошлый месяц|прошлом месяце|"
    "الشهر الماضي",
    ("year", 0): "this year|cette année|dieses jahr|diesem jahr|este año|quest'anno|quest’anno|"
    "questo anno|этот год|этом году|هذا العام|هذه السنة",
    ("year", 1): "last year|année dernière|année passée|an dernier|an passé|letztes jahr|"
    "letzten jahr|vergangenes jahr|año pasado|anno scorso|scorso anno|прошлый год|прошлом году|"
    "العام الماضي|السنة الماضية",
}
"""Unit and how many of them ago → what people type for it, without article or preposition."""


def parse(text: str, languages: Iterable[str] = LANGUAGES) -> date | datetime | None:
    """Return the date or moment that ``text`` means, or None if it means none for certain.

    Read are ISO 8601, RFC 5322 and printed dates such as "19 December 2024", "17 October, 2000",
    "December 19, 2024", "19 декабря 2024 г." or "19.12.2024", with month names of ``languages``.
    A moment without a zone comes back naive.
    """
    text = " ".join(text.split())
    if not text or len(text) > _LONGEST:
        return None
    try:
        if _ISO_DATE.fullmatch(text):
            return date.fromisoformat(text)
        if _ISO_MOMENT.fullmatch(text):
            return datetime.fromisoformat(text.replace(",", ".").upper())
        if _MAIL.fullmatch(text):
            return parsedate_to_datetime(text)
        return _printed(text, tuple(languages))
    except (ValueError, OverflowError):
        return None


def month(word: str, languages: Iterable[str] = LANGUAGES) -> int | None:
    """Return the number (1 to 12) of a month's name, long or short, or None."""
    names = _names("months", tuple(languages))
    folded = _fold(word)
    return names.get(folded) or names.get(folded.rstrip("."))


def typed(text: str, language: str, today: date) -> Range | None:
    """Return the days meant by what a person typed into a date box, first and last included.

    "2016", "2015-2016", "1990s", "Q1 2016", "3/2016", "March 2016", "14 March 2016", "14/3/2016"
    (the day first, except in en-US) and "last week" are read by rule; a month or day without a
    year is the latest that has begun by ``today``; what remains, such as "3 days ago", is left to
    dateparser. None if nothing fits.
    """
    text = _tidied(text)
    if not text:
        return None
    try:
        return _by_rule(text, language, today) or _typed_relative(text, language, today)
    except (ValueError, OverflowError):
        return None


def named(text: str, language: str, today: date) -> Range | None:
    """Return the days that ``text`` names with their year, as in ``typed``, else None.

    For words that may be a date and may be no more than words: "March 2016" is one, "March" is not.
    """
    text = _tidied(text)
    if not _WITH_YEAR.search(text):
        return None
    try:
        return _by_rule(text, language, today)
    except (ValueError, OverflowError):
        return None


def _tidied(text: str) -> str:
    """The text on one line in its compatible form, its digits as they are; "" if too long."""
    text = " ".join(unicodedata.normalize("NFKC", text[: 4 * _LONGEST]).split()).strip(" .,")
    return text if len(text) <= _LONGEST else ""


def _by_rule(text: str, language: str, today: date) -> Range | None:
    bare = _LEAD_IN.sub("", text, count=1)
    return (
        _typed_numbers(bare, today, month_first=language == "en-US")
        or _typed_words(text, (language, *LANGUAGES), today)
        or _typed_words(bare, (language, *LANGUAGES), today)
        or _typed_lately(bare, today)
    )


def _printed(text: str, languages: Sequence[str]) -> date | None:
    text = _without_weekday(text, languages)
    for pattern in _PRINTED:
        found = pattern.fullmatch(text)
        if found:
            parts = found.groupdict()
            number = int(parts["number"]) if "number" in parts else month(parts["month"], languages)
            if number:
                return date(int(parts["year"]), number, int(parts["day"]))
    slashed = _SLASHED.fullmatch(text)
    return _certain_day(*map(int, slashed.groups())) if slashed else None


def _certain_day(first: int, second: int, year: int) -> date | None:
    if first <= 12 and second <= 12 and first != second:
        return None
    return date(year, min(first, second), max(first, second))


def _typed_numbers(text: str, today: date, *, month_first: bool) -> Range | None:
    if found := _SAID_YEAR.fullmatch(text):
        return _whole_years(int(found[1]), int(found[1]))
    if found := _YEARS.fullmatch(text):
        return _whole_years(*sorted(map(int, found.groups())))
    if found := _DECADE.fullmatch(text):
        return _whole_years(int(found[1]), int(found[1]) + 9)
    if found := _QUARTER.fullmatch(text):
        year, quarter = int(found[2] or found[3]), int(found[1] or found[4])
        return date(year, 3 * quarter - 2, 1), _whole_month(year, 3 * quarter)[1]
    if found := _TYPED_MONTH.fullmatch(text):
        return _whole_month(int(found["year"] or found["y"]), int(found["month"] or found["m"]))
    if found := _SLASHED.fullmatch(text):
        day, number = _day_and_month(int(found[1]), int(found[2]), month_first=month_first)
        return _one_day(date(int(found[3]), number, day))
    if found := _DAY_AND_MONTH.fullmatch(text):
        day, number = _day_and_month(int(found[1]), int(found[2]), month_first=month_first)
        return _latest_day(number, day, today)
    return None


def _day_and_month(first: int, second: int, *, month_first: bool) -> tuple[int, int]:
    swapped = second > 12 or (month_first and first <= 12)
    return (second, first) if swapped else (first, second)


def _typed_words(text: str, languages: Sequence[str], today: date) -> Range | None:
    text = _OTHER_NAME.sub("", text)
    moment = parse(text, languages)
    if moment:
        return _one_day(moment.date() if isinstance(moment, datetime) else moment)
    if found := _MONTH_YEAR.fullmatch(text):
        number = month(found["month"] or found["m"], languages)
        return _whole_month(int(found["year"] or found["y"]), number) if number else None
    if found := _DAY_MONTH.fullmatch(text):
        number = month(found["month"] or found["m"], languages)
        return _latest_day(number, int(found["day"] or found["d"]), today) if number else None
    number = month(text, languages)
    return _whole_month(today.year - (number > today.month), number) if number else None


def _typed_lately(text: str, today: date) -> Range | None:
    said = _lately().get(_fold(text))
    if said is None:
        return None
    unit, ago = said
    if unit == "year":
        return _whole_years(today.year - ago, today.year - ago)
    if unit == "month":
        months = 12 * today.year + today.month - 1 - ago
        return _whole_month(months // 12, months % 12 + 1)
    return _period(today - timedelta(weeks=ago), "week")


@lru_cache(maxsize=1)
def _lately() -> Mapping[str, tuple[Unit, int]]:
    return {_fold(one): meant for meant, all_ in _LATELY.items() for one in all_.split("|")}


def _typed_relative(text: str, language: str, today: date) -> Range | None:
    # A lone number would be taken for a day of this month and "the 90s" for seconds ago, which
    # nobody means; of what has a year, the rules have read what can be read.
    if _NOT_AGO.search(text) or not any(letter.isalpha() for letter in text):
        return None
    from dateparser.date import DateDataParser  # half a second to import, and seldom needed

    settings = {
        "RELATIVE_BASE": datetime.combine(today, datetime.min.time()),
        "PREFER_DATES_FROM": "past",
    }
    base = language.partition("-")[0]
    found = DateDataParser(languages=[base], settings=settings).get_date_data(text)
    day = found["date_obj"].date() if found["date_obj"] else None
    return _period(day, found["period"]) if day else None


def _period(day: date, period: str) -> Range:
    if period == "year":
        return _whole_years(day.year, day.year)
    if period == "month":
        return _whole_month(day.year, day.month)
    if period == "week":
        monday = day - timedelta(days=day.weekday())
        return monday, monday + timedelta(days=6)
    return _one_day(day)


def _one_day(day: date) -> Range:
    return day, day


def _whole_years(first: int, last: int) -> Range:
    return date(first, 1, 1), date(last, 12, 31)


def _whole_month(year: int, number: int) -> Range:
    last = calendar.monthrange(year, number)[1]
    return date(year, number, 1), date(year, number, last)


def _latest_day(number: int, day: int, today: date) -> Range:
    # Five years hold a 29 February, except around 1900 and 2100.
    for year in range(today.year, today.year - 5, -1):
        if day <= calendar.monthrange(year, number)[1] and date(year, number, day) <= today:
            return _one_day(date(year, number, day))
    raise ValueError(f"there is no day {day} in month {number}")


def _fold(word: str) -> str:
    """Without case and accents, which are left out where they are hard to type."""
    plain = unicodedata.normalize("NFKD", word.casefold())
    return "".join(letter for letter in plain if unicodedata.category(letter) != "Mn")


def _without_weekday(text: str, languages: Sequence[str]) -> str:
    first = _FIRST_WORD.match(text)
    if first and _fold(first["word"]) in _names("days", languages):
        return text[first.end() :]
    return text


@lru_cache(maxsize=64)
def _names(kind: Literal["days", "months"], languages: Sequence[str]) -> Mapping[str, int]:
    """Return the long and short names CLDR has, folded, and what they number."""
    names: dict[str, int] = {}
    for language in _with_variants(languages):
        try:
            forms = getattr(Locale.parse(language, sep="-"), kind)
        except (UnknownLocaleError, ValueError):
            continue
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, name in forms[context][width].items():
                    names.setdefault(_fold(name).rstrip("."), number)
    return names


def _with_variants(languages: Sequence[str]) -> Iterable[str]:
    for language in languages:
        yield language
        yield from _OTHER_NAMES.get(language, ())
