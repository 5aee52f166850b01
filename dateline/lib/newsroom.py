"""The newsroom's identity: one TOML file that says what the site is called and how it speaks.

Everything an organisation changes to make Dateline its own without touching code is here:
name, languages, time zone, headings, the labels of the vocabularies, colours, logo, footer.
What belongs to the machine (addresses, secrets, database) comes from the environment instead.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dateline.lib import languages

Texts = Mapping[str, str]
"""Language tag → text in that language."""

COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


class NewsroomFileError(ValueError):
    """The newsroom file cannot be used; the message says which entry and what to write."""


def say(texts: Texts, language: str) -> str:
    """The text in `language`, else in English, else in whatever language there is ("" if none)."""
    return texts.get(language) or texts.get("en") or next(iter(texts.values()), "")


@dataclass(frozen=True)
class Newsroom:
    """What one organisation's newsroom is called and how it speaks.

    `feed_text` says whether feeds carry whole texts or their summaries alone.
    `embargo_terms` are what journalists accept who are shown a story ahead, besides its moment.
    `languages` are the languages stories may be written in (BCP 47); `interface_languages` those
    the pages themselves are shown in. `labels` maps a facet's name to its label per language.
    """

    name: Texts = field(default_factory=lambda: {"en": "Newsroom"})
    organisation: Texts = field(default_factory=dict)
    heading: Texts = field(default_factory=dict)
    introduction: Texts = field(default_factory=dict)
    footer: Texts = field(default_factory=dict)
    about: Texts = field(default_factory=dict)
    labels: Mapping[str, Texts] = field(default_factory=dict)
    languages: tuple[str, ...] = ("en", "ru", "fr", "de", "es", "it", "ar")
    interface_languages: tuple[str, ...] = ("en", "ru", "fr", "de", "es", "it", "ar")
    time_zone: str = "UTC"
    accent: str = ""
    accent_dark: str = ""
    logo: str = ""
    contact_email: str = ""
    security_contact: str = ""
    feed_text: Literal["full", "summary"] = "full"
    embargo_terms: Texts = field(default_factory=dict)


def load(path: Path) -> Newsroom:
    """Read the newsroom file; a missing file is a newsroom with the defaults.

    Raises NewsroomFileError naming the entry that is wrong: unknown keys are errors too, since a
    misspelt key that is silently ignored looks like a setting that does not work.
    """
    if not path.exists():
        return Newsroom()
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise NewsroomFileError(f"{path}: not readable as TOML: {error}") from error
    known = {f.name for f in fields(Newsroom)}
    if unknown := sorted(set(data) - known):
        raise NewsroomFileError(
            f"{path}: unknown entry {unknown[0]!r}; known entries are {', '.join(sorted(known))}"
        )
    try:
        return replace(Newsroom(), **{key: _value(key, value) for key, value in data.items()})
    except (TypeError, ValueError) as error:
        raise NewsroomFileError(f"{path}: {error}") from error


def _value(key: str, value: object) -> Any:
    """One entry of the file in the form the dataclass holds it."""
    reader = {
        "languages": _languages,
        "interface_languages": _languages,
        "labels": _labels,
        "time_zone": _time_zone,
        "accent": _colour,
        "accent_dark": _colour,
        "logo": _string,
        "contact_email": _string,
        "security_contact": _string,
        "feed_text": _feed_text,
    }.get(key, _texts)
    return reader(key, value)


def _string(key: str, value: object) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{key}: expected text, found {type(value).__name__}")
    return value


def _texts(key: str, value: object) -> Texts:
    if isinstance(value, str):
        return {"en": value}
    if not isinstance(value, dict):
        raise ValueError(f'{key}: expected text, or a table of languages like {{ en = "…" }}')
    return {languages.normalise(tag): _string(f"{key}.{tag}", text) for tag, text in value.items()}


def _labels(key: str, value: object) -> Mapping[str, Texts]:
    if not isinstance(value, dict):
        raise ValueError(f"{key}: expected tables like [labels.office]")
    known = {"language", "genre", "office", "topic", "year", "month"}
    if unknown := sorted(set(value) - known):
        raise ValueError(
            f"labels.{unknown[0]}: no such facet; known are {', '.join(sorted(known))}"
        )
    return {name: _texts(f"labels.{name}", texts) for name, texts in value.items()}


def _languages(key: str, value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not value:
        raise ValueError(f'{key}: expected a list of language tags like ["en", "fr"]')
    return tuple(languages.normalise(_string(key, tag)) for tag in value)


def _time_zone(key: str, value: object) -> str:
    name = _string(key, value)
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ValueError(f"{key}: {name!r} is not an IANA time zone like Europe/Vienna") from error
    return name


def _colour(key: str, value: object) -> str:
    colour = _string(key, value)
    if not COLOUR.fullmatch(colour):
        raise ValueError(f"{key}: expected a colour like #0a4a8f, found {colour!r}")
    return colour


def _feed_text(key: str, value: object) -> str:
    if value not in ("full", "summary"):
        raise ValueError(f'{key}: expected "full" or "summary", found {value!r}')
    return str(value)
