"""Language tags (BCP 47, RFC 5646): their usual spelling, direction and own name."""

import re
from functools import lru_cache
from typing import Literal

from babel import Locale, UnknownLocaleError

# RFC 5646, 2.1, without the forms nobody publishes news in (grandfathered, four to eight letters
# as a language).
_TAG = re.compile(
    r"(?P<language>[a-z]{2,3})"
    r"(?:-(?P<extended>[a-z]{3}(?:-[a-z]{3}){0,2}))?"
    r"(?:-(?P<script>[a-z]{4}))?"
    r"(?:-(?P<region>[a-z]{2}|[0-9]{3}))?"
    r"(?P<rest>(?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*"
    r"(?:-[0-9a-wy-z](?:-[a-z0-9]{2,8})+)*(?:-x(?:-[a-z0-9]{1,8})+)?)",
)
_REPLACED = {"iw": "he", "in": "id", "ji": "yi", "mo": "ro"}  # IANA registry, "Preferred-Value"
_RIGHT_TO_LEFT = re.compile("Adlm|Arab|Aran|Hebr|Mand|Mend|Nkoo|Rohg|Samr|Syrc|Thaa|Yezi")


@lru_cache(maxsize=1024)
def normalise(tag: str) -> str:
    """Return the tag in its usual spelling: "EN" is "en", "pt_br" is "pt-BR".

    Raises ValueError for what is not a language tag. Subtags are not looked up in the registry.
    """
    found = _TAG.fullmatch(tag.strip().replace("_", "-").lower())
    if not found:
        raise ValueError(f"“{tag[:40]}” is not a language tag such as “en” or “pt-BR”")
    language = _REPLACED.get(found["language"], found["language"])
    script = found["script"].title() if found["script"] else None
    region = found["region"].upper() if found["region"] else None
    head = "-".join(filter(None, (language, found["extended"], script, region)))
    return head + found["rest"]


@lru_cache(maxsize=1024)
def direction(tag: str) -> Literal["ltr", "rtl"]:
    """Return the writing direction of a language tag, for HTML's ``dir``."""
    found = _TAG.fullmatch(normalise(tag).lower())
    if found and found["script"]:
        return "rtl" if _RIGHT_TO_LEFT.fullmatch(found["script"].title()) else "ltr"
    locale = _locale(tag)
    return "rtl" if locale and locale.character_order == "right-to-left" else "ltr"


@lru_cache(maxsize=1024)
def endonym(tag: str) -> str:
    """Return the language's own name with a capital, "Русский"; an unknown one is its tag."""
    locale = _locale(tag)
    name = (locale.get_display_name(locale) if locale else None) or normalise(tag)
    return name[0].upper() + name[1:]


def name(tag: str, language: str) -> str:
    """What a language is called in another one ("fr", "de" → "Französisch"); the tag if unknown."""
    found = _locale(tag)
    return (found.get_display_name(babel_locale(language)) if found else None) or tag


def _locale(tag: str) -> Locale | None:
    try:
        return Locale.parse(normalise(tag), sep="-")
    except (UnknownLocaleError, ValueError):
        return None


@lru_cache(maxsize=1024)
def babel_locale(tag: str) -> Locale:
    """Return Babel's data for a language, the bare language's or English where it has none.

    English without a region is the world's (CLDR en-001: 19 December 2024), not one country's.
    """
    found = _locale(tag) or _locale(tag.partition("-")[0]) or Locale("en")
    return Locale.parse("en_001") if str(found) == "en" else found
