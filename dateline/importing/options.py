"""What an import may be told."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

from dateline.formats.fields import BodyFormat

_LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class Options:
    """How to import one input. What is empty is found out or takes the newsroom's default.

    `source` is the name under which ids are remembered: the same name means the same ids.
    `language` is that of records which do not say theirs. `mapping` gives fields to the columns of
    a CSV file, or to the labels of a listing's lines. `rejected` is where refused records are
    written; None for nowhere.
    """

    format: str = ""
    source: str = ""
    language: str = ""
    mapping: Mapping[str, str] = field(default_factory=dict)
    body_format: BodyFormat = "html"
    encoding: str = ""
    dry_run: bool = False
    rejected: Path | None = None
    batch: int = 500


def source_name(address: str | Path) -> str:
    """What a source is called unless told otherwise: the file's name without its endings.

    "press/news.jsonl.gz" is "news"; "https://example.org/feeds/news.xml" is
    "example.org/feeds/news", because half the world's feeds are called "feed"; "-" is "stdin".
    """
    text = str(address)
    if text == "-":
        return "stdin"
    parts = urlsplit(text) if "://" in text else None
    path = PurePosixPath(parts.path if parts else Path(text).name)
    name = re.sub(r"(\.[A-Za-z][A-Za-z0-9]{0,8}){1,2}$", "", str(path)).strip("/")
    if parts:
        name = f"{parts.hostname}/{name}".rstrip("/")
    return name[:_LONGEST_NAME] or "import"
