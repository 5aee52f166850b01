"""The dateline: where and when a text was written, printed before its first sentence."""

import re

from dateline.lib import dates

_DAY = r"\d{1,2}(?:\.|º|er|st|nd|rd|th)?"
_OF = r"\s+(?:de\s+|d['’])?"
_MONTH = r"(?P<{}>[^\W\d_]+)\.?"
_YEAR = r"(?:,?\s+(?:de\s+|del\s+)?\d{4}(?:\s*г\.)?)?"
_DATELINE = re.compile(
    r"(?P<dateline>(?P<place>[^\d\n]{2,80}?)[,،]\s*"
    rf"(?:(?:le\s+|el\s+)?{_DAY}{_OF}{_MONTH.format('after')}{_YEAR}"
    rf"|{_MONTH.format('before')}\s+{_DAY}{_YEAR})"
    r"(?:\s*\([^()\n]{1,80}\))?)"
    r"\s*(?:--|[-–—―])\s*"
)


def split(text: str) -> tuple[str, str]:
    """Return the dateline (without its closing dash) and what follows it.

    A dateline is a place in capitals (its country may follow in small letters), a day and month,
    perhaps a year and a note in brackets, and a dash: "VIENNA/WARSAW, 18 July 2022 –",
    "OSH, Kyrgyzstan, 14 March 2006-", "WARSAW/VIENNA, 30 June –". Without one, the first part is
    empty and the text comes back as it was.
    """
    found = _DATELINE.match(text)
    if not found or not _is_place(found["place"]):
        return "", text
    if not dates.month(found["after"] or found["before"]):
        return "", text
    return found["dateline"].strip(), text[found.end() :]


def without_dash(dateline: str) -> str:
    """Return a printed dateline without the dash that closes it."""
    return dateline.rstrip(" \u00a0-–—―")


def _is_place(place: str) -> bool:
    """Capitals tell "VIENNA, 1 July –" from "On Monday, 1 July –"; some scripts have none."""
    city = place.partition(",")[0]
    return any(map(str.isalpha, city)) and city == city.upper()
