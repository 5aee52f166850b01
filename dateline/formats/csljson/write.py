"""A story as a CSL-JSON item."""

from __future__ import annotations

from typing import Any

import orjson

from dateline.formats.feed import Entry, Publisher
from dateline.formats.reference import Reference


def write(entry: Entry, publisher: Publisher) -> bytes:
    """Return a list of one item, as processors and reference managers take it.

    Names stand as they are written ("literal"): a byline is not taken apart.
    """
    reference = Reference.of(entry, publisher)
    day = reference.issued
    item: dict[str, Any] = {
        "id": reference.key,
        "type": "webpage",
        "title": reference.title,
        "author": [{"literal": name} for name in reference.authors],
        "issued": {"date-parts": [[day.year, day.month, day.day]]},
        "publisher": reference.publisher,
        "container-title": reference.newsroom,
        "genre": reference.genre,
        "version": str(reference.version or ""),
        "note": reference.note,
        "abstract": reference.abstract,
        "keyword": ", ".join(reference.keywords),
        "language": reference.language,
        "URL": reference.url,
    }
    known = {name: value for name, value in item.items() if value}
    return orjson.dumps([known], option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
