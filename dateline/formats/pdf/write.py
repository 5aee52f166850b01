"""A story as a PDF document, set by Typst."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import UTC, datetime, time
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

import orjson

from dateline.formats.feed import Publisher
from dateline.formats.pdf.nodes import nodes
from dateline.formats.sheet import Sheet

if TYPE_CHECKING:
    import typst

FOLDER = Path(__file__).parent
_ACCENT = "#0b4f8a"
_compiling = Lock()
_log = logging.getLogger(__name__)


def write(sheet: Sheet, accent: str = "", *, banner: str = "", watermark: str = "") -> bytes:
    """Return the story as a tagged PDF that meets PDF/UA-1; the same sheet gives the same bytes.

    `accent` is the newsroom's colour ("#0a4a8f"); `banner` stands above the story and `watermark`
    across every page. The fonts that come along cover Latin, Greek, Cyrillic, Hebrew, Arabic,
    Armenian and Georgian; other scripts need a font on the machine, and without one their signs are
    boxes and the PDF is tagged, but not PDF/UA.
    """
    said = {**_said(sheet, accent or _ACCENT), "banner": banner, "watermark": watermark}
    with _compiling:  # one compiler holds the fonts, and serves one at a time
        return _compiled(orjson.dumps(said).decode(), datetime.combine(sheet.day, time.min, UTC))


def _compiled(said: str, stamp: datetime) -> bytes:
    # Loaded by those who print: it takes 30 MB that no other answer needs.
    import typst

    def compiled(standards: list[typst.PDFStandard]) -> bytes:
        made = _compiler().compile(
            format="pdf", sys_inputs={"sheet": said}, pdf_standards=standards, timestamp=stamp
        )
        assert isinstance(made, bytes)  # noqa: S101 - a PDF is one file, whatever its pages
        return made

    try:
        return compiled(["ua-1"])
    except typst.TypstError as error:
        # The standard allows no sign without a glyph; boxes for some are better than no answer.
        _log.warning("a story was printed as a PDF that is not PDF/UA: %s", error)
        return compiled([])


@lru_cache(maxsize=1)
def _compiler() -> typst.Compiler:
    import typst

    return typst.Compiler(FOLDER / "story.typ", root=FOLDER, font_paths=[FOLDER / "fonts"])


def _said(sheet: Sheet, accent: str) -> dict[str, Any]:
    """What the template reads; a body that repeats summary or dateline prints them once."""
    entry = sheet.entry
    body, opening = nodes(entry.body_html)
    language, _, region = entry.language.partition("-")
    return {
        "accent": accent,
        "direction": sheet.direction,
        "lang": language,
        "region": region if len(region) == 2 else None,
        "publisher": _heading(sheet.publisher),
        "headline": entry.headline,
        "date": sheet.dated,
        "day": [sheet.day.year, sheet.day.month, sheet.day.day],
        "authors": list(entry.authors) or [sheet.publisher.name],
        "keywords": [category.label for category in entry.categories],
        "notice": sheet.notice,
        "summary": "" if sheet.repeats(opening, entry.summary) else entry.summary,
        "dateline": ""
        if sheet.repeats(opening or entry.summary, entry.dateline)
        else entry.dateline,
        "body": body,
        "byline": ", ".join(entry.authors),
        "contacts-label": sheet.contacts_label,
        "contacts": sheet.contacts,
        "facts": list(sheet.facts),
        "address": entry.id.partition("#")[0],
    }


def _heading(publisher: Publisher) -> str:
    names: Sequence[str] = (publisher.name, publisher.newsroom)
    return " · ".join(dict.fromkeys(names))
