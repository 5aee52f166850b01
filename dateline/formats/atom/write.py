"""A feed as Atom."""

from datetime import tzinfo
from xml.etree import ElementTree as ET

from dateline.formats.atom import CONTENT_TYPE
from dateline.formats.feed import Archive, Entry, Feed, Withdrawn, moment
from dateline.formats.xml import add, document, legal

_ATOM = "http://www.w3.org/2005/Atom"
_HISTORY = "http://purl.org/syndication/history/1.0"
_TOMBSTONES = "http://purl.org/atompub/tombstones/1.0"


def write(feed: Feed) -> bytes:
    """Return the feed as an XML document in UTF-8.

    Pages and archive documents are linked as RFC 5005 has it, entries withdrawn are marked as
    RFC 6721 has it, the hub as WebSub (W3C, section 4) has it.
    """
    root = ET.Element("feed", {"xmlns": _ATOM, "xml:lang": feed.language})
    add(root, "id", feed.feed_url)
    add(root, "title", feed.title)
    if feed.description:
        add(root, "subtitle", feed.description)
    add(root, "updated", moment(feed.updated, feed.zone))
    _link(root, "self", feed.feed_url, CONTENT_TYPE)
    _link(root, "alternate", feed.home_url, "text/html")
    if feed.next_url:
        _link(root, "next", feed.next_url, CONTENT_TYPE)
    _archive(root, feed.archive)
    if feed.hub_url:
        _link(root, "hub", feed.hub_url)
    if feed.icon_url:
        add(root, "icon", feed.icon_url)
    _person(root, feed.publisher or feed.title)
    for withdrawn in feed.withdrawn:
        _tombstone(root, withdrawn, feed.zone)
    for entry in feed.entries:
        _entry(root, entry, feed.zone)
    return document(root)


def _archive(root: ET.Element, archive: Archive) -> None:
    if archive.current_url:
        # Only where it is needed: a document that declares what it does not use looks like one
        # that does.
        ET.SubElement(root, "fh:archive", {"xmlns:fh": _HISTORY})
    links = {
        "current": archive.current_url,
        "prev-archive": archive.previous_url,
        "next-archive": archive.following_url,
    }
    for rel, address in links.items():
        if address:
            _link(root, rel, address, CONTENT_TYPE)


def _tombstone(root: ET.Element, withdrawn: Withdrawn, zone: tzinfo) -> None:
    element = ET.SubElement(root, "at:deleted-entry", {"xmlns:at": _TOMBSTONES})
    element.set("ref", legal(withdrawn.id))
    element.set("when", moment(withdrawn.at, zone))
    add(element, "at:comment", withdrawn.reason)


def _entry(root: ET.Element, entry: Entry, zone: tzinfo) -> None:
    element = ET.SubElement(root, "entry", {"xml:lang": entry.language})
    published = moment(entry.published, zone)
    add(element, "id", entry.id)
    add(element, "title", entry.headline)
    add(element, "published", published)
    add(element, "updated", moment(entry.updated, zone) if entry.updated else published)
    _link(element, "alternate", entry.url, "text/html")
    if entry.source_url:
        _link(element, "via", entry.source_url, "text/html")
    for author in entry.authors:
        _person(element, author)
    for category in entry.categories:
        found = add(element, "category")
        found.set("scheme", legal(category.scheme))
        found.set("term", legal(category.term))
        found.set("label", legal(category.label))
    if entry.summary:
        add(element, "summary", entry.summary)
    if entry.body_html:
        add(element, "content", entry.body_html).set("type", "html")
    _enclosures(element, entry)


def _enclosures(element: ET.Element, entry: Entry) -> None:
    for picture in entry.pictures:
        link = _link(element, "enclosure", picture.url, picture.content_type)
        if picture.caption or picture.alt:
            link.set("title", legal(picture.caption or picture.alt))
    for attachment in entry.attachments:
        link = _link(element, "enclosure", attachment.url, attachment.content_type)
        if attachment.title:
            link.set("title", legal(attachment.title))
        if attachment.size is not None:
            link.set("length", str(attachment.size))


def _link(parent: ET.Element, rel: str, href: str, content_type: str = "") -> ET.Element:
    link = add(parent, "link")
    link.set("rel", rel)
    link.set("href", legal(href))
    if content_type:
        link.set("type", legal(content_type))
    return link


def _person(parent: ET.Element, name: str) -> None:
    add(add(parent, "author"), "name", name)
