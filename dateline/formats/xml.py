"""What every XML format writes the same way."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

# What XML 1.0 (2.2) cannot hold, not even escaped.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def legal(text: str) -> str:
    """The text without the characters that no XML document can hold (XML 1.0, 2.2)."""
    return _FORBIDDEN.sub("", text)


def add(parent: ET.Element, name: str, text: str = "") -> ET.Element:
    """A new last child with that text; empty text leaves the element empty."""
    element = ET.SubElement(parent, name)
    element.text = legal(text) or None
    return element


def document(root: ET.Element) -> bytes:
    """The whole document in UTF-8, with its declaration."""
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written
