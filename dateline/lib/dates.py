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
_DAY = r"(?P<day>\d{1,2})(?:\.|º|°|er|st|nd|rd|th)?"
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
_TYPED_YEAR = re.compile(r"\d{4}")
_TYPED_MONTH = re.compile(r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})|(?P<m>\d{1,2})[-/.](?P<y>\d{4})")
_MONTH_YEAR = re.compile(rf"{_WORD}{_JOIN}{_YEAR}{_END}|(?P<y>\d{{4}})\s+(?P<m>[^\W\d_]+)", re.I)
_DAY_MONTH = re.compile(rf"{_DAY}{_JOIN}{_WORD}|(?P<m>[^\W\d_]+)\s+(?P<d>\d{{1,2}})", re.I)
_LONGEST = 60


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

    "2016", "3/2016", "March 2016", "14 March 2016" and "14/3/2016" (the day first, except in
    en-US) are read by rule; a month or day without a year is the latest that has begun by
    ``today``; what remains, such as "last week", is left to dateparser. None if nothing fits.
    """
    text = " ".join(unicodedata.normalize("NFKC", text).split()).strip(" .,")
    if not text or len(text) > _LONGEST:
        return None
    languages = (language, *LANGUAGES)
    try:
        return (
            _typed_numbers(text, month_first=language == "en-US")
            or _typed_words(text, languages, today)
            or _typed_relative(text, language, today)
        )
    except (ValueError, OverflowError):
        return None


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


def _typed_numbers(text: str, *, month_first: bool) -> Range | None:
    if _TYPED_YEAR.fullmatch(text):
        return date(int(text), 1, 1), date(int(text), 12, 31)
    if found := _TYPED_MONTH.fullmatch(text):
        return _whole_month(int(found["year"] or found["y"]), int(found["month"] or found["m"]))
    if found := _SLASHED.fullmatch(text):
        first, second, year = map(int, found.groups())
        if second > 12 or (month_first and first <= 12):
            first, second = second, first
        return _one_day(date(year, second, first))
    return None


def _typed_words(text: str, languages: Sequence[str], today: date) -> Range | None:
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


def _typed_relative(text: str, language: str, today: date) -> Range | None:
    # A lone number would be taken for a day of this month, which nobody means.
    if not any(letter.isalpha() for letter in text):
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
        return date(day.year, 1, 1), date(day.year, 12, 31)
    if period == "month":
        return _whole_month(day.year, day.month)
    if period == "week":
        monday = day - timedelta(days=day.weekday())
        return monday, monday + timedelta(days=6)
    return _one_day(day)


def _one_day(day: date) -> Range:
    return day, day


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
    return unicodedata.normalize("NFKC", word).casefold()


def _without_weekday(text: str, languages: Sequence[str]) -> str:
    first = _FIRST_WORD.match(text)
    if first and _fold(first["word"]) in _names("days", languages):
        return text[first.end() :]
    return text


@lru_cache(maxsize=64)
def _names(kind: Literal["days", "months"], languages: Sequence[str]) -> Mapping[str, int]:
    """Return the long and short names CLDR has, folded, and what they number."""
    names: dict[str, int] = {}
    for language in languages:
        try:
            forms = getattr(Locale.parse(language, sep="-"), kind)
        except (UnknownLocaleError, ValueError):
            continue
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, name in forms[context][width].items():
                    names.setdefault(_fold(name).rstrip("."), number)
    return names
