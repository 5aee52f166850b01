"""Short ways to put documents into an archive engine and to ask it."""

from __future__ import annotations

from dataclasses import replace
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
