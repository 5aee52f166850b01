"""XLIFF 1.2 (OASIS standard of 1 February 2008), which every translation tool reads.

Inline tags are native code in `bpt`, `ept` and `ph` (2.3 of the specification), so that tools show
them as tags that cannot be broken; the text of a segment is what all of it says in order.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from xml.etree import ElementTree as ET

from defusedxml import DefusedXmlException
from defusedxml import ElementTree as Defused
from django.utils.translation import gettext as _

from dateline.desk.translations.exchange import Sheet, Unit, UnreadableFile

MEDIA_TYPE = "application/x-xliff+xml"
_NS = "urn:oasis:names:tc:xliff:document:1.2"
_XML = "http://www.w3.org/XML/1998/namespace"
_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)[^>]*?(/?)>", re.IGNORECASE)
_ALONE = frozenset({"br", "hr", "img"})

ET.register_namespace("", _NS)


def write(sheet: Sheet) -> bytes:
    """The sheet as a document; a unit's `resname` is its key."""
    root = ET.Element(_name("xliff"), {"version": "1.2"})
    given = {
        "original": sheet.number,
        "source-language": sheet.source_language,
        "target-language": sheet.target_language,
        "datatype": "html",
    }
    if sheet.version is not None:
        given["product-version"] = str(sheet.version)
    body = ET.SubElement(ET.SubElement(root, _name("file"), given), _name("body"))
    for unit in sheet.units:
        _write_unit(body, unit)
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _write_unit(body: ET.Element, unit: Unit) -> None:
    named = {"id": unit.key, "resname": unit.key, f"{{{_XML}}}space": "preserve"}
    element = ET.SubElement(body, _name("trans-unit"), named)
    element.tail = "\n"  # and none within: there every space is the text's
    _write_text(ET.SubElement(element, _name("source")), unit.source)
    state = "needs-review-translation" if unit.changed else "translated"
    target = ET.SubElement(element, _name("target"))
    target.set("state", state if unit.target else "needs-translation")
    _write_text(target, unit.target)
    if unit.changed:
        ET.SubElement(element, _name("note")).text = "The source has changed."


def _write_text(element: ET.Element, text: str) -> None:
    """Text as it is, and each tag as native code; pairs share a number."""
    at, number = 0, 0
    opened: list[tuple[str, int]] = []
    last: ET.Element | None = None
    for tag in _TAG.finditer(text):
        last = _say(element, last, text[at : tag.start()])
        closing, name, empty = tag[1], tag[2].lower(), tag[3]
        if closing and opened and opened[-1][0] == name:
            kind, key = "ept", opened.pop()[1]
        else:
            number += 1
            kind, key = ("ph" if empty or closing or name in _ALONE else "bpt"), number
            if kind == "bpt":
                opened.append((name, key))
        last = ET.SubElement(element, _name(kind), {"id": str(key)})
        last.text = tag[0]
        at = tag.end()
    _say(element, last, text[at:])


def _say(element: ET.Element, last: ET.Element | None, words: str) -> ET.Element | None:
    plain = unescape(words)
    if last is None:
        element.text = (element.text or "") + plain
    else:
        last.tail = (last.tail or "") + plain
    return last


def read(data: bytes) -> Sheet:
    """The first file of a document. Raises UnreadableFile."""
    try:
        root = Defused.fromstring(data, forbid_dtd=True)
    except (ET.ParseError, DefusedXmlException, ValueError) as error:
        raise UnreadableFile(_("This is not XML: %(error)s.") % {"error": error}) from error
    if root.tag != _name("xliff"):
        raise UnreadableFile(
            _("This is not XLIFF 1.2: it begins with %(tag)s.") % {"tag": root.tag}
        )
    file = root.find(_name("file"))
    if file is None:
        raise UnreadableFile(_("There is no “file” in this XLIFF."))
    version = file.get("product-version", "")
    return Sheet(
        number=file.get("original", ""),
        version=int(version) if version.isdecimal() and len(version) < 9 else None,
        source_language=file.get("source-language", ""),
        target_language=file.get("target-language", ""),
        units=tuple(_units(file)),
    )


def _units(file: ET.Element) -> Iterator[Unit]:
    for element in file.iter(_name("trans-unit")):
        target = element.find(_name("target"))
        yield Unit(
            key=element.get("resname") or element.get("id") or "",
            source=_read_text(element.find(_name("source"))),
            target="" if target is None else _read_text(target),
        )


def _read_text(element: ET.Element | None) -> str:
    """HTML again: words are escaped, native code is not."""
    if element is None:
        return ""
    parts = [_escaped(element.text)]
    for inner in element:
        code = inner.tag in {_name("bpt"), _name("ept"), _name("ph"), _name("it")}
        parts.append((inner.text or "") if code else _read_text(inner))
        parts.append(_escaped(inner.tail))
    return "".join(parts)


def _escaped(words: str | None) -> str:
    return (words or "").replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _name(tag: str) -> str:
    return f"{{{_NS}}}{tag}"
