"""Short ways to put documents into an archive engine and to ask it."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from dateline.archive.engines.base import Document, Engine, Search
from dateline.archive.keywords import parse

ZONE = ZoneInfo("Europe/Vienna")


def story(id: int, headline: str = "", language: str = "en", **more: object) -> Document:  # noqa: A002
    return Document(
        **{  # type: ignore[arg-type]
            "id": id,
            "number": id,
            "language": language,
            "instant": id * 1000,
            "headline": headline,
            **more,
        }
    )


def find(engine: Engine, typed: str = "", *languages: str, **more: object) -> list[int]:
    search = Search(clauses=parse(typed), languages=languages or ("en",), size=1000)
    return engine.search(replace(search, **more)).ids  # type: ignore[arg-type]


def swiss(file: Path, count: int) -> Iterator[Document]:
    """The first press releases of the Swiss file."""
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        for n, line in zip(range(1, count + 1), lines, strict=False):
            record = json.loads(line)
            yield Document(
                id=n,
                number=n,
                language=record["language"],
                instant=int(datetime.fromisoformat(record["published"]).timestamp()),
                headline=record["title"] or "",
                summary=record["lead"] or "",
                body=record["body"] or "",
                facets={"office": tuple(set(record["offices"] or ()))},
            )
