"""The demonstration's newsroom.toml, written before the settings are read."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"
TEXTS = ("name", "organisation", "heading", "introduction", "about", "footer")
LABELS = ("genre", "office", "topic")
TIME_ZONE = "Europe/Vienna"


def write(target: Path) -> bool:
    """Write the file unless there is one, which is left as it is; says whether it was written."""
    if target.exists():
        return False
    listing = json.loads((DATA / "listing.json").read_text(encoding="utf-8"))
    target.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
    target.write_text("\n".join(_lines(listing)) + "\n", encoding="utf-8")
    return True


def _lines(listing: Mapping[str, Any]) -> Iterator[str]:
    yield "# The demonstration newsroom. Change what you like and start it again."
    yield f"time_zone = {_string(TIME_ZONE)}"
    for name in TEXTS:
        yield from _table(name, listing[name])
    for facet in LABELS:
        yield from _table(f"labels.{facet}", listing["labels"][facet])


def _table(name: str, texts: Mapping[str, str]) -> Iterator[str]:
    yield f"\n[{name}]"
    for language, text in texts.items():
        yield f"{_string(language)} = {_string(text)}"


def _string(text: str) -> str:
    """A TOML basic string (TOML 1.0); JSON's escapes are among its own."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007F")
