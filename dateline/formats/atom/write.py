"""A feed as Atom."""

import re
from datetime import tzinfo
from xml.etree import ElementTree as ET

from dateline.formats.feed import Entry, Feed, moment

_ATOM = "http://www.w3.org/2005/Atom"
# What XML 1.0 (2.2) cannot hold, not even escaped.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write(feed: Feed) -> bytes:
    """Return the feed as an XML document in UTF-8, its next page linked as RFC 5005 has it."""
    root = ET.Element("feed", {"xmlns": _ATOM, "xml:lang": feed.language})
    _add(root, "id", feed.feed_url)
    _add(root, "title", feed.title)
    if feed.description:
        _add(root, "subtitle", feed.description)
    _add(root, "updated", moment(feed.updated, feed.zone))
    _link(root, "self", feed.feed_url, "application/atom+xml")
    _link(root, "alternate", feed.home_url, "text/html")
    if feed.next_url:
        _link(root, "next", feed.next_url, "application/atom+xml")
    if feed.icon_url:
        _add(root, "icon", feed.icon_url)
    _person(root, feed.publisher or feed.title)
    for entry in feed.entries:
        _entry(root, entry, feed.zone)
    document: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return document


def _entry(root: ET.Element, entry: Entry, zone: tzinfo) -> None:
    element = ET.SubElement(root, "entry", {"xml:lang": entry.language})
    published = moment(entry.published, zone)
    _add(element, "id", entry.id)
    _add(element, "title", entry.headline)
    _add(element, "published", published)
    _add(element, "updated", moment(entry.updated, zone) if entry.updated else published)
    _link(element, "alternate", entry.url, "text/html")
    if entry.source_url:
        _link(element, "via", entry.source_url, "text/html")
    for author in entry.authors:
        _person(element, author)
    for category in entry.categories:
        found = _add(element, "category")
        found.set("scheme", _legal(category.scheme))
        found.set("term", _legal(category.term))
        found.set("label", _legal(category.label))
    if entry.summary:
        _add(element, "summary", entry.summary)
    if entry.body_html:
        _add(element, "content", entry.body_html).set("type", "html")
    _enclosures(element, entry)


def _enclosures(element: ET.Element, entry: Entry) -> None:
    for attachment in entry.attachments:
        link = _link(element, "enclosure", attachment.url, attachment.content_type)
        if attachment.title:
            link.set("title", _legal(attachment.title))
        if attachment.size is not None:
            link.set("length", str(attachment.size))


def _add(parent: ET.Element, name: str, text: str = "") -> ET.Element:
    element = ET.SubElement(parent, name)
    element.text = _legal(text) or None
    return element


def _link(parent: ET.Element, rel: str, href: str, content_type: str) -> ET.Element:
    link = _add(parent, "link")
    link.set("rel", rel)
    link.set("href", _legal(href))
    link.set("type", _legal(content_type))
    return link


def _person(parent: ET.Element, name: str) -> None:
    _add(_add(parent, "author"), "name", name)


def _legal(text: str) -> str:
    return _FORBIDDEN.sub("", text)
