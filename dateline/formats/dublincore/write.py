"""A story as a Dublin Core record."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from dateline.formats.feed import Entry
from dateline.formats.xml import add

SCHEMA = "http://www.openarchives.org/OAI/2.0/oai_dc.xsd"
NAMESPACE = "http://www.openarchives.org/OAI/2.0/oai_dc/"


def record(entry: Entry, publisher: str) -> ET.Element:
    """The entry as an `oai_dc:dc` element (OAI-PMH 2.0, 3.4 and guidelines for oai_dc).

    Subjects and places stand under their names, in the language of the text.
    """
    element = ET.Element(
        "oai_dc:dc",
        {
            "xmlns:oai_dc": NAMESPACE,
            "xmlns:dc": "http://purl.org/dc/elements/1.1/",
            "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
            "xsi:schemaLocation": f"{NAMESPACE} {SCHEMA}",
        },
    )
    for name, text in _facts(entry, publisher):
        if text:
            add(element, f"dc:{name}", text)
    return element


def _facts(entry: Entry, publisher: str) -> list[tuple[str, str]]:
    terms = {
        scheme: [category.label for category in entry.categories if category.scheme == scheme]
        for scheme in ("genre", "office", "topic")
    }
    return [
        ("title", entry.headline),
        *(("creator", author) for author in entry.authors),
        *(("subject", label) for label in terms["topic"]),
        ("description", entry.summary),
        ("publisher", publisher),
        *(("contributor", label) for label in terms["office"]),
        # A date without a time is one: DCMI's date is either.
        ("date", entry.published.isoformat()),
        *(("type", label) for label in (*terms["genre"], "Text")),
        ("format", "text/html"),
        ("identifier", entry.url),
        ("source", entry.source_url),
        ("language", entry.language),
    ]
