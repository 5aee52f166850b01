"""From a body's HTML to the nodes the template knows: few, and each always of one shape."""

from __future__ import annotations

from itertools import count
from typing import Any
from xml.etree import ElementTree as ET

from dateline.formats import markup
from dateline.lib.html import without_pictures

Node = str | dict[str, Any]

_TAGS = {
    **dict.fromkeys(("p", "div", "address", "figure", "figcaption", "pre", "caption"), "block"),
    **dict.fromkeys(("dl", "dt"), "block"),
    "dd": "inset",
    "blockquote": "quote",
    **dict.fromkeys(("b", "strong"), "strong"),
    **dict.fromkeys(("em", "i", "cite"), "emph"),
    "sub": "sub",
    "sup": "super",
    **dict.fromkeys(("s", "del"), "strike"),
    "br": "br",
    "hr": "hr",
}
_LEVELS = {"h2": 2, "h3": 3, "h4": 4}
_SPAN = 40
"""No cell spans more columns or rows than this."""


def nodes(html: str) -> tuple[list[Node], str]:
    """The body's nodes, and the words it begins with."""
    root = markup.tree(without_pictures(html))
    opening = " ".join("".join(root.itertext()).split())[:400]
    return _inside(root, _Levels()), opening


class _Levels:
    """Headings by their depth below one another: PDF/UA allows no level to be left out."""

    def __init__(self) -> None:
        self._above: list[int] = []

    def place(self, level: int) -> int:
        while self._above and self._above[-1] >= level:
            self._above.pop()
        self._above.append(level)
        return len(self._above) + 1


def _inside(element: ET.Element, levels: _Levels) -> list[Node]:
    found: list[Node] = [_spaced(element.text)]
    for child in element:
        found += [_node(child, levels), _spaced(child.tail)]
    return [node for node in found if node]


def _spaced(text: str | None) -> str:
    """Text with its runs of blanks made one; a no-break space stays."""
    if not text:
        return ""
    words = " ".join(word for word in text.replace("\n", " ").split(" ") if word)
    before = " " if text[0] in " \n" else ""
    after = " " if words and text[-1] in " \n" else ""
    return f"{before}{words}{after}"


def _node(element: ET.Element, levels: _Levels) -> Node:
    tag = element.tag
    if tag == "img":
        return element.get("alt", "")
    if tag in ("ul", "ol"):
        return _list(element, levels)
    if tag == "table":
        return _table(element, levels)
    node: dict[str, Any] = {"tag": _TAGS.get(tag, ""), "inside": _inside(element, levels)}
    if tag in _LEVELS:
        node |= {"tag": "heading", "level": levels.place(_LEVELS[tag])}
    if tag == "a" and element.get("href"):
        node |= {"tag": "link", "href": element.get("href")}
    if (direction := element.get("dir")) in ("rtl", "ltr"):
        node["dir"] = direction
    language = element.get("lang", "").partition("-")[0].lower()
    if language.isascii() and language.isalpha() and len(language) in (2, 3):
        node["lang"] = language
    return node


def _list(element: ET.Element, levels: _Levels) -> Node:
    items = [{"tag": "", "inside": _inside(item, levels)} for item in element]
    if element.tag == "ul":
        return {"tag": "ul", "inside": items}
    return {"tag": "ol", "start": _number(element.get("start"), 1, 99_999), "inside": items}


def _table(element: ET.Element, levels: _Levels) -> Node:
    """The table's cells at their places, spans reckoned with as HTML has them (4.9.12)."""
    taken: set[tuple[int, int]] = set()
    cells: list[dict[str, Any]] = []
    rows = list(element.iter("tr"))
    for y, row in enumerate(rows):
        head = y == 0 and all(cell.tag == "th" for cell in row)
        for cell in row:
            x = next(x for x in count() if (x, y) not in taken)
            # A header's cells stay within it, and none reaches below the last row.
            rowspan = 1 if head else min(_number(cell.get("rowspan"), 1, _SPAN), len(rows) - y)
            colspan = _number(cell.get("colspan"), 1, _SPAN)
            while any((x + n, y) in taken for n in range(colspan)):
                colspan -= 1
            taken |= {(x + n, y + m) for n in range(colspan) for m in range(rowspan)}
            spans = {"colspan": colspan, "rowspan": rowspan}
            cells.append({"x": x, "y": y, "head": head, **spans, "inside": _inside(cell, levels)})
    if not cells:
        return ""
    return {"tag": "table", "columns": max(x for x, _ in taken) + 1, "cells": cells}


def _number(text: str | None, default: int, most: int) -> int:
    """A whole number of an attribute, from 1 to `most`."""
    if not text or not text.isascii() or not text.isdigit():
        return default
    return max(1, min(int(text[:9]), most))
