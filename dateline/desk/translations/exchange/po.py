"""PO, gettext's format (through Babel): one message a segment, its key as the context."""

from __future__ import annotations

from io import BytesIO

from babel.messages.catalog import Catalog
from babel.messages.pofile import PoFileError, read_po, write_po
from django.utils.translation import gettext as _

from dateline.desk.translations.exchange import Sheet, Unit, UnreadableFile
from dateline.lib import languages

MEDIA_TYPE = "text/x-gettext-translation"
_DRAFT = "draft"


def write(sheet: Sheet) -> bytes:
    """The sheet as a catalogue of project NUMBER, version VERSION; what has changed is fuzzy."""
    catalog = Catalog(
        locale=sheet.target_language.replace("-", "_"),
        project=sheet.number or _DRAFT,
        version=str(sheet.version or _DRAFT),
        charset="utf-8",
        fuzzy=False,
    )
    catalog.header_comment = "# Inline tags are HTML and stay as they are."
    for unit in sheet.units:
        fuzzy = ["fuzzy"] if unit.changed and unit.target else []
        catalog.add(unit.source, unit.target, context=unit.key, flags=fuzzy)
    written = BytesIO()
    write_po(written, catalog, width=0)
    return written.getvalue()


def read(data: bytes) -> Sheet:
    """Raises UnreadableFile, which names the line."""
    try:
        catalog = read_po(BytesIO(data), charset="utf-8", abort_invalid=True)
    except (PoFileError, UnicodeDecodeError, ValueError) as error:
        raise UnreadableFile(_("This is not PO: %(error)s.") % {"error": error}) from error
    units = tuple(
        Unit(str(message.context or ""), _one(message.id), _one(message.string))
        for message in catalog
        if message.id
    )
    version = str(catalog.version or "")
    return Sheet(
        number=str(catalog.project or ""),
        version=int(version) if version.isdecimal() and len(version) < 9 else None,
        source_language="",
        target_language=_tag(catalog.locale_identifier),
        units=units,
    )


def _tag(identifier: str | None) -> str:
    try:
        return languages.normalise(identifier or "")
    except ValueError:
        return ""


def _one(text: object) -> str:
    return text if isinstance(text, str) else ""
