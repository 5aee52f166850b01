"""Every format that can be imported, and telling them apart."""

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import PurePosixPath
from typing import Final
from urllib.parse import urlsplit

from dateline.formats.csv.read import read as read_csv
from dateline.formats.jsonlines.read import read as read_jsonlines
from dateline.formats.listing.read import Labels
from dateline.formats.listing.read import read as read_listing
from dateline.formats.record import Record, Rejection
from dateline.formats.rss.read import read as read_rss
from dateline.lib import encodings

Reader = Callable[..., Iterator[Record | Rejection]]

READERS: Final[Mapping[str, Reader]] = {
    "listing": read_listing,
    "jsonlines": read_jsonlines,
    "csv": read_csv,
    "rss": read_rss,
}
"""Name → reader, called with the Source and the options that format has."""

_SUFFIXES = {
    ".jsonl": "jsonlines",
    ".ndjson": "jsonlines",
    ".csv": "csv",
    ".tsv": "csv",
    ".rss": "rss",
    ".atom": "rss",
    ".rdf": "rss",
    ".xml": "rss",
}
_XML = re.compile(r"<(?:\?xml|rss|feed|rdf:RDF|!DOCTYPE\s+rss)\b", re.IGNORECASE)


def detect(head: bytes, name: str, labels: Labels | None = None) -> str:
    """Return the format of what begins with ``head`` and is called ``name``.

    What the text says goes before what the name says. Raises ValueError when neither tells.
    """
    text = encodings.glance(head)
    start = text.lstrip()
    if start.startswith("{"):
        return "jsonlines"
    if _XML.match(start):
        return "rss"
    date_line = re.escape((labels or Labels()).published) + r"\s*[:：]"
    if re.search(rf"^\s*{date_line}", text, re.MULTILINE | re.IGNORECASE):
        return "listing"
    if known := _SUFFIXES.get(_suffix(name)):
        return known
    if start.startswith("["):
        raise ValueError("it is a JSON array: write one object a line instead (JSON Lines)")
    raise ValueError(f"its format cannot be told; say which of {', '.join(READERS)} it is")


def _suffix(name: str) -> str:
    path = PurePosixPath(urlsplit(name).path if "://" in name else name.replace("\\", "/"))
    return path.with_suffix("").suffix.lower() if path.suffix == ".gz" else path.suffix.lower()
