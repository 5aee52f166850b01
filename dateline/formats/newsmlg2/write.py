"""Stories as NewsML-G2 news items, one or a message of many."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape, quoteattr

from dateline.formats import markup
from dateline.formats.feed import Entry, Picture, Publisher, moment
from dateline.formats.xml import add, document, legal

_NAMESPACE = "http://iptc.org/std/nar/2006-10-01/"
_XHTML = "http://www.w3.org/1999/xhtml"
_CATALOG = "http://www.iptc.org/std/catalog/catalog.IPTC-G2-Standards_41.xml"
"""What the short names below ("ninat:text", "stat:usable") are resolved by."""
_BYTES = 64 * 1024


def write(entry: Entry, publisher: Publisher) -> bytes:
    """Return one story as a `newsItem` document."""
    item = _item(entry, publisher)
    item.set("xmlns", _NAMESPACE)
    return document(item)


def write_all(
    entries: Iterable[Entry], sent: datetime, title: str, uri: str, publisher: Publisher
) -> Iterator[bytes]:
    """Yield a `newsMessage` that holds a list's items, piece by piece.

    `sent` is the message's own date. The message closes with the last story: what was broken off
    is not well formed.
    """
    pieces = bytearray(
        '<?xml version="1.0" encoding="utf-8"?>\n'
        f"<newsMessage xmlns={quoteattr(_NAMESPACE)}><header>\n"
        f"<sent>{moment(sent, publisher.zone)}</sent>\n"
        f"<sender>{escape(legal(publisher.name))}</sender>"
        f"<transmitId>{escape(legal(uri))}</transmitId>"
        f"<channel>{escape(legal(title))}</channel>"
        "</header><itemSet>\n".encode()
    )
    yield bytes(pieces)
    pieces.clear()
    for entry in entries:
        pieces += ET.tostring(_item(entry, publisher), encoding="utf-8") + b"\n"
        if len(pieces) > _BYTES:
            yield bytes(pieces)
            pieces.clear()
    yield bytes(pieces) + b"</itemSet></newsMessage>\n"


def _item(entry: Entry, publisher: Publisher) -> ET.Element:
    """The entry as a `newsItem` (power conformance: terms are named by address, not by code)."""
    item = ET.Element(
        "newsItem",
        {
            "standard": "NewsML-G2",
            "standardversion": "2.35",
            "conformance": "power",
            "guid": legal(entry.id),
            "version": str(entry.version or 1),
            "xml:lang": entry.language,
        },
    )
    ET.SubElement(item, "catalogRef", {"href": _CATALOG})
    rights = add(item, "rightsInfo")
    _named(rights, "copyrightHolder", publisher.name, {"uri": publisher.url})
    _management(add(item, "itemMeta"), entry, publisher)
    if not entry.canceled:
        _about(add(item, "contentMeta"), entry, publisher)
        _content(item, entry)
    return item


def _management(meta: ET.Element, entry: Entry, publisher: Publisher) -> None:
    """What the item is and whether it may be used, in the order the schema wants."""
    published = moment(entry.published, publisher.zone)
    ET.SubElement(meta, "itemClass", {"qcode": "ninat:text"})
    _named(meta, "provider", publisher.name, {"uri": publisher.url})
    changed = moment(entry.updated, publisher.zone) if entry.updated else published
    add(meta, "versionCreated", changed)
    add(meta, "firstCreated", published)
    status = "canceled" if entry.canceled else "usable"
    ET.SubElement(meta, "pubStatus", {"qcode": f"stat:{status}"})
    _line(meta, "title", entry.headline)
    if entry.note:
        _line(meta, "edNote", entry.note)
    add(meta, "altRep", entry.url).set("contenttype", "text/html")
    for attached in entry.attachments:
        about = {"rel": "irel:seeAlso", "href": attached.url, "contenttype": attached.content_type}
        if attached.size is not None:
            about["size"] = str(attached.size)
        _line(ET.SubElement(meta, "link", about), "title", attached.title)


def _about(meta: ET.Element, entry: Entry, publisher: Publisher) -> None:
    """Where it comes from: the schema's administrative half, which goes before the descriptive."""
    add(meta, "contentCreated", moment(entry.published, publisher.zone))
    if entry.location:
        _named(meta, "located", entry.location, {})
    if entry.source_url:
        ET.SubElement(meta, "infoSource", {"uri": legal(entry.source_url)})
    for author in entry.authors:
        _named(meta, "creator", author, {})
    _terms(meta, "contributor", entry, "office", publisher)
    if entry.number:
        _line(meta, "altId", str(entry.number))
    _describe(meta, entry, publisher)


def _describe(meta: ET.Element, entry: Entry, publisher: Publisher) -> None:
    ET.SubElement(meta, "language", {"tag": entry.language})
    _terms(meta, "genre", entry, "genre", publisher)
    _terms(meta, "subject", entry, "topic", publisher)
    _line(meta, "headline", entry.headline)
    if entry.dateline:
        _line(meta, "dateline", entry.dateline)
    if entry.authors:
        _line(meta, "by", ", ".join(entry.authors))
    if entry.summary:
        _line(meta, "description", entry.summary).set("role", "drol:summary")


def _content(item: ET.Element, entry: Entry) -> None:
    """The text as XHTML in the item, with its pictures by their addresses."""
    content = ET.Element("contentSet")
    if entry.body_html:
        inline = ET.SubElement(content, "inlineXML", {"contenttype": "application/xhtml+xml"})
        page = ET.SubElement(inline, "html", {"xmlns": _XHTML, "xml:lang": entry.language})
        _line(ET.SubElement(page, "head"), "title", entry.headline)
        body = markup.tree(entry.body_html)
        body.tag = "body"
        placed = {image.get("src") for image in body.iter("img")}
        for picture in entry.pictures:
            if picture.url not in placed:
                body.append(_figure(picture))
        page.append(body)
    if len(content):
        item.append(content)


def _figure(picture: Picture) -> ET.Element:
    figure = ET.Element("figure")
    ET.SubElement(figure, "img", {"src": picture.url, "alt": legal(picture.alt)})
    said = " ".join(filter(None, (picture.caption, picture.credit, picture.licence)))
    if said:
        _line(figure, "figcaption", said)
    return figure


def _named(parent: ET.Element, tag: str, name: str, identified: dict[str, str]) -> None:
    element = ET.SubElement(parent, tag, {key: legal(value) for key, value in identified.items()})
    _line(element, "name", name)


def _terms(parent: ET.Element, tag: str, entry: Entry, scheme: str, publisher: Publisher) -> None:
    for term in entry.categories:
        if term.scheme == scheme:
            _named(parent, tag, term.label, {"uri": publisher.term_url(term)})


def _line(parent: ET.Element, name: str, text: str) -> ET.Element:
    """A child with its text on one line, with single blanks: names may have no others."""
    return add(parent, name, " ".join(text.split()))
