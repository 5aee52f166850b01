"""From a source's named values to a Record: the field names, types and checks readers share."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from html import unescape
from typing import Final, Literal

from dateline.formats.record import Record, Rejection
from dateline.lib import datelines, dates, html, languages

BodyFormat = Literal["html", "markdown", "text"]

ALIASES: Final[Mapping[str, tuple[str, ...]]] = {
    "headline": ("headline", "title"),
    "published": (
        "published",
        "date",
        "published_at",
        "publishing_date",
        "publication_date",
        "published_on",
    ),
    "external_id": ("external_id", "id", "guid"),
    "group": ("group", "translation_group"),
    "language": ("language", "lang", "locale"),
    "genre": ("genre", "content_type", "type"),
    "offices": ("offices", "office", "where_we_are", "departments", "organisations"),
    "topics": ("topics", "topic", "what_we_do", "categories"),
    "summary": ("summary", "lead", "description"),
    "body": ("body", "content", "text"),
    "body_format": ("body_format",),
    "dateline": ("dateline",),
    "byline": ("byline", "authors", "author"),
    "location": ("location", "place", "places", "country"),
    "url": ("url", "link", "source"),
    "updated": ("updated", "updated_at", "modified"),
    "withdrawn": ("withdrawn", "revoked"),
}
"""Field → the names a source may give it, the first one with a value winning."""

_MARKUP = re.compile(
    r"</?(?:a|b|br|div|em|font|h[1-6]|i|li|ol|p|small|span|strong|sub|sup|u|ul)\b[^<>]*>", re.I
)
_ADDRESS = re.compile(r"https?://[^\s/?#]+", re.IGNORECASE)
_RAW = 500


class FieldError(ValueError):
    """One value that cannot be used: of which field, and why."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason)
        self.field = field
        self.reason = reason


def record(
    values: Mapping[str, object],
    line: int,
    *,
    date_languages: Iterable[str] = dates.LANGUAGES,
    body_format: BodyFormat = "html",
) -> Record:
    """Return the Record that ``values``, under any of the names in ``ALIASES``, describe.

    None, empty and absent are the same. Raises FieldError for the first value that is missing,
    of the wrong type or not to be understood.
    """
    summary = plain(*_found(values, "summary"))
    printed = plain(*_found(values, "dateline"))
    dateline, summary = _parted(printed, summary)
    return Record(
        headline=_headline(values),
        published=_published(values, date_languages),
        line=line,
        external_id=_identity(values, "external_id"),
        group=_identity(values, "group"),
        language=_language(values),
        genre=plain(*_found(values, "genre")) or None,
        offices=_names(values, "offices"),
        topics=_names(values, "topics"),
        summary=summary,
        body=_body(values, body_format),
        dateline=dateline,
        byline=", ".join(_names(values, "byline")),
        location=", ".join(_names(values, "location")),
        url=_url(values),
        updated=_updated(values, date_languages),
        withdrawn=_flag(values, "withdrawn"),
    )


def rejection(line: int, error: FieldError, raw: str) -> Rejection:
    """Return the Rejection for a FieldError, with as much of the raw record as is useful."""
    return Rejection(line, error.field, error.reason, raw[:_RAW])


def plain(field: str, key: str, value: object) -> str:
    """Return a value as one line of plain text; markup and entities in it are resolved."""
    text = string(field, key, value)
    if "<" in text and _MARKUP.search(text):
        text = html.text(text)
    elif "&" in text:
        text = unescape(text)
    return " ".join(text.split())


def string(field: str, key: str, value: object) -> str:
    """Return a value that must be a text, with nothing in it that cannot be stored."""
    if value is None:
        return ""
    if not isinstance(value, str):
        raise FieldError(field, f"“{key}” is {_kind(value)}, not text")
    if "\0" in value:
        raise FieldError(field, f"“{key}” holds a zero byte")
    if not value.isascii():
        try:
            value.encode("utf-8")
        except UnicodeEncodeError as error:
            raise FieldError(field, f"“{key}” holds bytes that are not UTF-8") from error
    return value


def names(field: str, key: str, value: object) -> tuple[str, ...]:
    """Return a list of names (or the one name given), each once, in the order given."""
    if value is None:
        return ()
    items = value if isinstance(value, list | tuple) else [value]
    found = (plain(field, key, item) for item in items)
    return tuple(dict.fromkeys(filter(None, found)))


def _found(values: Mapping[str, object], field: str) -> tuple[str, str, object]:
    """Return the field with the source's key and value for it, (field, field, None) if none."""
    for key in ALIASES[field]:
        value = values.get(key)
        if value is not None and value not in ("", []):
            return field, key, value
    return field, field, None


def _headline(values: Mapping[str, object]) -> str:
    headline = plain(*_found(values, "headline"))
    if not headline:
        raise FieldError("headline", "there is no headline")
    return headline


def _published(values: Mapping[str, object], date_languages: Iterable[str]) -> date | datetime:
    published = _moment(*_found(values, "published"), date_languages)
    if not published:
        raise FieldError("published", "there is no publishing date")
    return published


def _updated(values: Mapping[str, object], date_languages: Iterable[str]) -> datetime | None:
    updated = _moment(*_found(values, "updated"), date_languages)
    if updated is None or isinstance(updated, datetime):
        return updated
    return datetime.combine(updated, datetime.min.time())


def _moment(
    field: str, key: str, value: object, date_languages: Iterable[str]
) -> date | datetime | None:
    text = string(field, key, value).strip()
    if not text:
        return None
    moment = dates.parse(text, date_languages)
    if not moment:
        raise FieldError(
            field, f"“{text[:60]}” is not a date that can be read for certain; write 2024-12-31"
        )
    return moment


def _identity(values: Mapping[str, object], field: str) -> str | None:
    _, key, value = _found(values, field)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return string(field, key, value).strip() or None


def _language(values: Mapping[str, object]) -> str | None:
    tag = string(*_found(values, "language"))
    try:
        return languages.normalise(tag) if tag else None
    except ValueError as error:
        raise FieldError("language", str(error)) from error


def _names(values: Mapping[str, object], field: str) -> tuple[str, ...]:
    return names(*_found(values, field))


def _body(values: Mapping[str, object], default: BodyFormat) -> str:
    body = string(*_found(values, "body"))
    written = plain(*_found(values, "body_format")).lower() or default
    if written == "html":
        # Without a single tag it was never HTML, and its paragraphs would run together.
        return body if "<" in body else html.from_plain(unescape(body))
    if written in ("markdown", "md"):
        return html.from_markdown(body)
    if written in ("text", "plain"):
        return html.from_plain(body)
    raise FieldError("body_format", f"“{written[:40]}” is neither html, markdown nor text")


def _url(values: Mapping[str, object]) -> str:
    _, key, value = _found(values, "url")
    url = string("url", key, value).strip()
    if url and not _ADDRESS.match(url):
        raise FieldError("url", f"“{key}” is not an http or https address")
    return url


def _flag(values: Mapping[str, object], field: str) -> bool:
    _, key, value = _found(values, field)
    if value is None or isinstance(value, bool):
        return bool(value)
    raise FieldError(field, f"“{key}” is {_kind(value)}, not true or false")


def _parted(printed: str, summary: str) -> tuple[str, str]:
    """Return dateline and summary, neither repeating the other."""
    if not printed:
        return datelines.split(summary)
    dateline = datelines.without_dash(printed)
    if summary.startswith(dateline):
        summary = summary[len(dateline) :].lstrip(" \u00a0-–—―")
    return dateline, summary


def _kind(value: object) -> str:
    kinds = {bool: "true or false", int: "a number", float: "a number", str: "text"}
    if isinstance(value, list | tuple):
        return "a list"
    return kinds.get(type(value), "an object")
