"""A body's cleaned HTML as a tree, for formats that have no HTML in them."""

from __future__ import annotations

from html.parser import HTMLParser
from xml.etree import ElementTree as ET

from dateline.formats.xml import legal

_VOID = {"br", "hr", "img"}


def tree(html: str) -> ET.Element:
    """The HTML as a `div` of elements with text and tails (as ElementTree has them).

    For what `lib.html.clean` returns: whatever else comes keeps its words, and the tree is well
    formed.
    """
    reader = _Reader()
    reader.feed(legal(html))
    reader.close()
    return reader.root


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = ET.Element("div")
        self._open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        element = ET.SubElement(self._open[-1], tag, given)
        if tag not in _VOID:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        for depth in range(len(self._open) - 1, 0, -1):
            if self._open[depth].tag == tag:
                del self._open[depth:]
                return

    def handle_data(self, data: str) -> None:
        parent = self._open[-1]
        if len(parent):
            parent[-1].tail = (parent[-1].tail or "") + legal(data)
        else:
            parent.text = (parent.text or "") + legal(data)
