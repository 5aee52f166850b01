"""A story as plain text."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree import ElementTree as ET

from dateline.formats import markup
from dateline.formats.sheet import Sheet
from dateline.lib import html

_BLOCKS = {
    *("address", "blockquote", "caption", "dd", "div", "dl", "dt", "figcaption", "figure"),
    *("h2", "h3", "h4", "hr", "ol", "p", "pre", "table", "ul"),
}


def write(sheet: Sheet) -> bytes:
    """Return the story in UTF-8: a blank line between paragraphs, none broken, links written out.

    Lines end with a line feed alone.
    """
    return ("\n\n".join(filter(None, _parts(sheet))) + "\n").encode()


def _parts(sheet: Sheet) -> Iterator[str]:
    entry = sheet.entry
    yield sheet.publisher.name
    yield entry.headline
    yield sheet.dated
    if sheet.notice:
        yield sheet.notice
    else:
        body = list(filter(None, _blocks(markup.tree(html.without_pictures(entry.body_html)))))
        opening = " ".join(body[:2])
        yield "" if sheet.repeats(opening, entry.summary) else entry.summary
        yield "" if sheet.repeats(opening or entry.summary, entry.dateline) else entry.dateline
        yield from body
        yield "\n".join(entry.authors)
    if sheet.contacts:
        yield "\n".join((sheet.contacts_label, *sheet.contacts))
    yield "\n".join(f"{label}: {text}" for label, text in sheet.facts)


def _blocks(element: ET.Element) -> Iterator[str]:
    """The blocks of text inside an element: paragraphs, headings, whole lists and tables."""
    run = _words(element.text)
    for child in element:
        if child.tag in _BLOCKS:
            yield _tidy(run)
            run = _words(child.tail)
            yield from _block(child)
        else:
            run += _inline(child) + _words(child.tail)
    yield _tidy(run)


def _block(element: ET.Element) -> Iterator[str]:
    if element.tag == "table":
        yield "\n".join(_row(row) for row in element.iter("tr"))
    elif element.tag in ("ul", "ol"):
        yield "\n".join(_items(element))
    else:
        yield from _blocks(element)


def _row(row: ET.Element) -> str:
    return "\t".join(_tidy(_inline(cell)).replace("\n", " ") for cell in row)


def _items(element: ET.Element) -> Iterator[str]:
    first = element.get("start", "")
    start = int(first) if first.isascii() and first.isdigit() else 1
    for count, item in enumerate(element, start):
        mark = f"{count}." if element.tag == "ol" else "•"
        yield f"{mark} " + "\n".join(filter(None, _blocks(item)))


def _inline(element: ET.Element) -> str:
    """The words of an element in a line; a link's address follows its words."""
    if element.tag == "br":
        return "\n"
    if element.tag == "img":
        return element.get("alt", "")
    text = "".join(
        [_words(element.text), *(_inline(child) + _words(child.tail) for child in element)]
    )
    address = element.get("href", "") if element.tag == "a" else ""
    shown = text.strip()
    if not address or address in (shown, f"mailto:{shown}"):
        return text
    return f"{text} <{address}>"


def _words(text: str | None) -> str:
    """Text of the source: where its lines end there means nothing."""
    return (text or "").replace("\n", " ")


def _tidy(text: str) -> str:
    """Single spaces; the line breaks left are those of `br`."""
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return "\n".join(filter(None, lines))
