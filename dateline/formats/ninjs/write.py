"""Stories as ninjs 3.0 news objects."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import orjson

from dateline.formats.feed import Category, Contact, Entry, Picture, Publisher, moment
from dateline.lib import html

_STANDARD = {
    "name": "ninjs",
    "version": "3.0",
    "schema": "http://www.iptc.org/std/ninjs/ninjs-schema_3.0.json",
}
_BYTES = 64 * 1024


def write(entry: Entry, publisher: Publisher) -> bytes:
    """Return one story as a news object of its own."""
    return orjson.dumps({"standard": _STANDARD, **_item(entry, publisher)})


def write_all(
    entries: Iterable[Entry], title: str, uri: str, language: str, publisher: Publisher
) -> Iterator[bytes]:
    """Yield a list as one composite news object, piece by piece; the stories are its associations.

    The object closes with the last story: what was broken off is no JSON.
    """
    head = _present(
        uri=uri,
        type="composite",
        standard=_STANDARD,
        representationType="full",
        pubStatus="usable",
        title=title,
        language=language,
        copyrightHolder=publisher.name,
    )
    pieces = bytearray(orjson.dumps(head)[:-1] + b',"associations":[')
    yield bytes(pieces)
    pieces.clear()
    for count, entry in enumerate(entries):
        named = {"name": f"{entry.number}-{entry.language}", **_item(entry, publisher)}
        pieces += (b",\n" if count else b"\n") + orjson.dumps(named)
        if len(pieces) > _BYTES:
            yield bytes(pieces)
            pieces.clear()
    yield bytes(pieces) + b"\n]}\n"


def _item(entry: Entry, publisher: Publisher) -> dict[str, Any]:
    """The entry as a news object, without what is empty.

    Terms have the address of their page here as identifiers; pictures are associations, with
    what must be said along with them.
    """
    published = moment(entry.published, publisher.zone)
    return _present(
        uri=entry.id,
        type="text",
        representationType="full" if entry.body_html else "partial",
        version=str(entry.version or ""),
        firstCreated=published,
        versionCreated=moment(entry.updated, publisher.zone) if entry.updated else published,
        pubStatus="canceled" if entry.canceled else "usable",
        edNote=entry.note,
        copyrightHolder=publisher.name,
        language=entry.language,
        headlines=[{"role": "main", "contentType": "text/plain", "value": entry.headline}],
        descriptions=_texts("summary", "text/plain", entry.summary),
        bodies=_body(entry.body_html),
        by=", ".join(entry.authors),
        located=entry.dateline,
        places=[{"name": entry.location}] if entry.location else [],
        genres=[_term(term, entry, publisher) for term in _of(entry, "genre")],
        subjects=[_term(term, entry, publisher) for term in _of(entry, "topic")],
        organisations=_organisations(entry, publisher),
        people=[_person(contact) for contact in entry.contacts],
        infoSources=[_present(uri=entry.source_url)] if entry.source_url else [],
        altIds=[{"role": "number", "value": str(entry.number)}] if entry.number else [],
        renditions=_renditions(entry),
        associations=[_picture(picture, count) for count, picture in enumerate(entry.pictures, 1)],
    )


def _texts(role: str, content_type: str, value: str) -> list[dict[str, str]]:
    return [{"role": role, "contentType": content_type, "value": value}] if value else []


def _body(body: str) -> list[dict[str, Any]]:
    if not body:
        return []
    plain = html.text(html.without_pictures(body))
    counts = {"wordCount": len(plain.split()), "charCount": len(plain)}
    return [{**text, **counts} for text in _texts("main", "text/html", body)]


def _of(entry: Entry, scheme: str) -> list[Category]:
    return [term for term in entry.categories if term.scheme == scheme]


def _term(term: Category, entry: Entry, publisher: Publisher) -> dict[str, str]:
    return {"name": term.label, "uri": publisher.term_url(term), "literal": term.term}


def _organisations(entry: Entry, publisher: Publisher) -> list[dict[str, Any]]:
    offices = [_term(term, entry, publisher) for term in _of(entry, "office")]
    return [{"name": publisher.name, "rel": "publisher", "uri": publisher.url}, *offices]


def _person(contact: Contact) -> dict[str, Any]:
    ways = {
        ("email", ""): contact.email,
        ("phone", ""): contact.phone,
        ("phone", "out of hours"): contact.out_of_hours_phone,
    }
    return _present(
        name=contact.name,
        rel="press contact",
        literal=contact.role,
        contactInfo=[
            _present(type=kind, role=role, value=value)
            for (kind, role), value in ways.items()
            if value
        ],
    )


def _renditions(entry: Entry) -> list[dict[str, Any]]:
    """The page, and the documents attached."""
    page = {"name": "web", "href": entry.url, "contentType": "text/html"}
    return [
        page,
        *(
            _present(
                name=f"document-{count}",
                href=document.url,
                contentType=document.content_type,
                title=document.title,
                sizeInBytes=document.size,
            )
            for count, document in enumerate(entry.attachments, 1)
        ),
    ]


def _picture(picture: Picture, count: int) -> dict[str, Any]:
    return _present(
        name=f"picture-{count}",
        uri=picture.url,
        type="picture",
        descriptions=[
            *_texts("caption", "text/plain", picture.caption),
            *_texts("alternative text", "text/plain", picture.alt),
        ],
        copyrightNotice=picture.credit,
        usageTerms=picture.licence,
        renditions=[{"name": "web", "href": picture.url, "contentType": picture.content_type}],
    )


def _present(**values: Any) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value not in (None, "", [])}
