"""Stories from an RSS or Atom feed."""

import io
import re
from calendar import timegm
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from xml.sax import SAXException, SAXParseException
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import Locator

import feedparser
from defusedxml import DefusedXmlException, sax

from dateline.formats import fields
from dateline.formats.record import Record, Rejection
from dateline.lib import dates, languages
from dateline.lib.reading import Source, SourceError

_ENTITY = re.compile(rb"<\0?!\0?E\0?N\0?T\0?I\0?T\0?Y", re.IGNORECASE)
_BLOCK = re.compile(r"<(?:p|div|br|ul|ol|table|h[1-6]|blockquote|figure|img)\b", re.IGNORECASE)
_EARLY_END = "no element found"


@dataclass(slots=True)
class _Outline(ContentHandler):
    """Where each entry starts, and what is wrong with the XML, if anything."""

    lines: list[int] = field(default_factory=list)
    error: str = ""
    error_line: int = 0
    _locator: Locator | None = None

    def setDocumentLocator(self, locator: Locator) -> None:  # noqa: N802 - SAX's name
        self._locator = locator

    def startElement(self, name: str, attrs: object) -> None:  # noqa: N802 - SAX's name
        if name.rpartition(":")[2] in ("item", "entry") and self._locator:
            self.lines.append(self._locator.getLineNumber() or 0)


def read(
    source: Source, *, date_languages: Iterable[str] = dates.LANGUAGES
) -> Iterator[Record | Rejection]:
    """Yield a Record or a Rejection for every entry of the feed.

    The guid or id is the external id, categories are topics, the language is the entry's or the
    feed's. An entry's full content is the body and its description the summary; a description
    with paragraphs and no content beside it is the body. A feed that is not well-formed is read
    as far as it can be and followed by a Rejection that says where; if it ends early, its last
    Record is ``cut``. Raises SourceError as the source does, for entity declarations, and for
    what is no feed.
    """
    data = source.document()
    outline = _outline(data, source.name)
    parsed = _parsed(data, source.name)
    if not parsed.get("version"):
        raise SourceError(f"{source.name}: it is not a feed (RSS or Atom); {_guess(data)}")
    entries, languages_known = parsed.entries, tuple(date_languages)
    for place, entry in enumerate(entries):
        line = outline.lines[place] if place < len(outline.lines) else outline.error_line
        try:
            record = fields.record(
                _values(entry, parsed.feed), line, date_languages=languages_known
            )
            last = place + 1 == len(entries)
            record.cut = last and outline.error.startswith(_EARLY_END)
            yield record
        except fields.FieldError as error:
            yield fields.rejection(line, error, _raw(entry))
    if outline.error:
        reason = f"the feed is not well-formed here: {outline.error}; what follows is doubtful"
        yield Rejection(outline.error_line, "record", reason, "")


def _outline(data: bytes, name: str) -> _Outline:
    refused = f"{name}: it declares entities, which could reach files or swell"
    if _ENTITY.search(data):
        raise SourceError(refused)
    outline = _Outline()
    try:
        # The reference to a DTD, which RSS 0.91 has, is not followed and does no harm.
        sax.parseString(data, outline, forbid_entities=True, forbid_external=False)
    except DefusedXmlException as error:
        raise SourceError(refused) from error
    except SAXParseException as error:
        outline.error = error.getMessage()
        outline.error_line = error.getLineNumber() or 0
    except (SAXException, ValueError, LookupError) as error:
        outline.error = str(error)
    return outline


def _parsed(data: bytes, name: str) -> Any:
    # The header by which feedparser learns what relative links are relative to.
    base = {"content-location": name} if "://" in name else {}
    try:
        return feedparser.parse(io.BytesIO(data), response_headers=base)
    except Exception as error:  # it keeps to no kind of error for what it stumbles over
        raise SourceError(f"{name}: it cannot be read as a feed: {error}") from error


def _values(entry: Any, feed: Any) -> dict[str, object]:
    content = entry.content[0] if entry.get("content") else {}
    body, summary = content.get("value") or "", dict.get(entry, "summary") or ""
    if not body and _BLOCK.search(summary):
        body = summary
    return {
        "headline": entry.get("title"),
        "published": _moment(entry, "published") or _moment(entry, "updated"),
        "updated": _moment(entry, "updated"),
        "external_id": entry.get("id"),
        "language": _language(entry, content, feed),
        "topics": [tag.get("label") or tag.get("term") for tag in entry.get("tags", ())],
        "summary": "" if body == summary else summary,
        "body": body,
        "body_format": "text" if content.get("type") == "text/plain" else "html",
        "byline": [author.get("name") for author in entry.get("authors", ())],
        "url": _link(entry),
    }


def _link(entry: Any) -> str:
    # Without a link, feedparser puts the id in its place, which need not be an address.
    link, identity = entry.get("link", ""), entry.get("id", "")
    return "" if link == identity and not link.startswith(("http:", "https:")) else link


def _moment(entry: Any, name: str) -> str:
    # dict.get, because feedparser's own gives the one date for the other with a warning.
    text = dict.get(entry, name) or ""
    parsed = dict.get(entry, f"{name}_parsed")
    if text and not dates.parse(text) and parsed:
        return datetime.fromtimestamp(timegm(parsed), UTC).isoformat()
    return text


def _language(entry: Any, content: Any, feed: Any) -> str | None:
    details = (content, entry.get("title_detail", {}), feed)
    for tag in (detail.get("language") for detail in details):
        try:
            if tag:
                return languages.normalise(tag)
        except ValueError:
            continue  # a feed's slip, not a reason to refuse each of its entries
    return None


def _raw(entry: Any) -> str:
    return f"{entry.get('title', '')} {entry.get('link', '')}".strip()


def _guess(data: bytes) -> str:
    if b"<html" in data[:4096].lower():
        return "it is a web page: look in it for the address of its feed"
    return "look at what the address gives"
