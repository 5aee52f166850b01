"""A feed as RSS 2.0, with the modules readers use (Content, Dublin Core, Media RSS, Atom)."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, tzinfo
from email.utils import format_datetime
from xml.etree import ElementTree as ET

from dateline.formats.feed import Archive, Attachment, Entry, Feed, Picture, sayable
from dateline.formats.rss import CONTENT_TYPE
from dateline.formats.xml import add, document, legal

_NAMESPACES = {
    "xmlns:atom": "http://www.w3.org/2005/Atom",
    "xmlns:content": "http://purl.org/rss/1.0/modules/content/",
    "xmlns:dc": "http://purl.org/dc/elements/1.1/",
    "xmlns:media": "http://search.yahoo.com/mrss/",
}
_HISTORY = "http://purl.org/syndication/history/1.0"


def write(feed: Feed) -> bytes:
    """Return the feed as an RSS 2.0.11 document (RSS Advisory Board) in UTF-8.

    An edit does not move an entry: `pubDate` is when it was published, `atom:updated` when it last
    changed. RSS allows one enclosure (best practices, 2007): it is the first document; every
    picture and further document is Media RSS. Pages and archive documents are linked as RFC 5005
    has it.
    """
    root = ET.Element("rss", {"version": "2.0", **_NAMESPACES})
    channel = ET.SubElement(root, "channel")
    add(channel, "title", feed.title)
    add(channel, "link", feed.home_url)
    add(channel, "description", feed.description or feed.title)
    add(channel, "language", feed.language)
    add(channel, "lastBuildDate", _moment(feed.updated, feed.zone))
    add(channel, "generator", "Dateline")
    _link(channel, "self", feed.feed_url, CONTENT_TYPE)
    if feed.next_url:
        _link(channel, "next", feed.next_url, CONTENT_TYPE)
    _archive(channel, feed.archive)
    if feed.hub_url:
        _link(channel, "hub", feed.hub_url)
    for entry in feed.entries:
        _item(channel, entry, feed.zone)
    return document(root)


def _archive(channel: ET.Element, archive: Archive) -> None:
    if archive.current_url:
        ET.SubElement(channel, "fh:archive", {"xmlns:fh": _HISTORY})
        _link(channel, "current", archive.current_url, CONTENT_TYPE)
    if archive.previous_url:
        _link(channel, "prev-archive", archive.previous_url, CONTENT_TYPE)
    if archive.following_url:
        _link(channel, "next-archive", archive.following_url, CONTENT_TYPE)


def _item(channel: ET.Element, entry: Entry, zone: tzinfo) -> None:
    item = ET.SubElement(channel, "item")
    add(item, "title", entry.headline)
    add(item, "link", entry.url)
    add(item, "guid", entry.id).set("isPermaLink", "false")
    add(item, "pubDate", _moment(entry.published, zone))
    if entry.updated:
        add(item, "atom:updated", entry.updated.replace(microsecond=0).isoformat())
    add(item, "dc:language", entry.language)
    for author in entry.authors:
        add(item, "dc:creator", author)
    for category in entry.categories:
        add(item, "category", category.label).set("domain", legal(category.scheme))
    if entry.source_url:
        _link(item, "via", entry.source_url, "text/html")
    if entry.summary:
        add(item, "description", entry.summary)
    if entry.body_html:
        add(item, "content:encoded", entry.body_html)
    _files(item, entry)


def _files(item: ET.Element, entry: Entry) -> None:
    for attachment in entry.attachments[:1]:
        enclosure = ET.SubElement(item, "enclosure")
        enclosure.set("url", legal(attachment.url))
        enclosure.set("length", str(attachment.size or 0))
        enclosure.set("type", legal(attachment.content_type))
    for picture in entry.pictures:
        _picture(item, picture)
    for attachment in entry.attachments[1:]:
        _attachment(item, attachment)


def _picture(item: ET.Element, picture: Picture) -> None:
    content = _media(item, picture.url, picture.content_type, "image")
    if picture.caption:
        add(content, "media:title", picture.caption)
    if picture.alt:
        add(content, "media:description", picture.alt)
    if picture.credit:
        add(content, "media:credit", picture.credit)
    if picture.licence:
        add(content, "media:license", picture.licence)


def _attachment(item: ET.Element, attachment: Attachment) -> None:
    content = _media(item, attachment.url, attachment.content_type, "document")
    if attachment.size is not None:
        content.set("fileSize", str(attachment.size))
    if attachment.title:
        add(content, "media:title", attachment.title)


def _media(item: ET.Element, url: str, content_type: str, medium: str) -> ET.Element:
    content = ET.SubElement(item, "media:content", {"url": legal(url), "medium": medium})
    content.set("type", legal(content_type))
    return content


def _link(parent: ET.Element, rel: str, href: str, content_type: str = "") -> None:
    link = ET.SubElement(parent, "atom:link", {"rel": rel, "href": legal(href)})
    if content_type:
        link.set("type", content_type)


def _moment(value: date | datetime, zone: tzinfo) -> str:
    """RFC 822's form, with a year of four digits; a date is the start of that day in `zone`."""
    if not isinstance(value, datetime):
        value = datetime.combine(value, time.min, zone)
    return format_datetime(sayable(value if value.tzinfo else value.replace(tzinfo=UTC)))
