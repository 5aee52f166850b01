"""The examples of docs/searching.md do what it says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from indexes import find, story

from dateline.archive.analysis import _STEMMERS
from dateline.archive.engines.embedded import EmbeddedEngine
from dateline.lib import dates

GUIDE = (Path(__file__).parents[2] / "docs" / "searching.md").read_text(encoding="utf-8")


def _tables() -> Iterator[tuple[list[str], list[str]]]:
    """Head and cells of every row of every table, the code's backticks taken off."""
    head: list[str] = []
    for line in GUIDE.splitlines():
        if not line.startswith("|"):
            head = []
            continue
        cells = [cell.strip().strip("`") for cell in line.strip("|").split("|")]
        if not head:
            head = cells
        elif not re.fullmatch(r"[|-]+", line):
            yield head, cells


ROWS = [dict(zip(*row, strict=True)) for row in _tables()]
WORDS = [row for row in ROWS if "finds" in row]
DATES = [row for row in ROWS if "from" in row]


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedEngine]:
    engine = EmbeddedEngine(tmp_path_factory.mktemp("guide") / "archive.sqlite3", ZoneInfo("UTC"))
    yield engine
    engine.close()


def test_the_guide_has_examples() -> None:
    assert len(WORDS) > 25
    assert len(DATES) > 10


@pytest.mark.parametrize("row", WORDS, ids=lambda row: row["Type"])
def test_what_is_typed_finds_what_the_guide_says(
    engine: EmbeddedEngine, row: dict[str, str]
) -> None:
    language = row.get("in", "en")
    other = row.get("and not", "") or "—"
    engine.apply([story(1, row["finds"], language), story(2, other, language)], [], 1)
    assert find(engine, row["Type"], language) == [1]


def test_the_headline_alone_is_asked(engine: EmbeddedEngine) -> None:
    engine.apply([story(1, "A treaty"), story(2, "—", summary="A treaty")], [], 1)
    for typed in ("headline:treaty", "titre : treaty", "Titel:treaty", "عنوان: treaty"):
        assert find(engine, typed) == [1]


@pytest.mark.parametrize(
    ("typed", "language", "text"),
    [
        ("woman", "en", "women"),
        ("Prämien", "de", "Krankenkassenprämien"),
        ("Krankenkassenpr*", "de", "Krankenkassenprämien"),
    ],
)
def test_what_the_guide_says_is_not_found_is_not(
    engine: EmbeddedEngine, typed: str, language: str, text: str
) -> None:
    engine.apply([story(1, text, language)], [2], 1)
    assert find(engine, typed, language) == ([1] if typed.endswith("*") else [])


@pytest.mark.parametrize("row", DATES, ids=lambda row: row["Type"])
def test_dates_are_read_as_the_guide_says(row: dict[str, str]) -> None:
    expected = date.fromisoformat(row["from"]), date.fromisoformat(row["to"])
    assert dates.typed(row["Type"], row["in"], date(2024, 6, 12)) == expected


def test_the_guide_names_every_language_that_has_stems() -> None:
    named = re.search(r"written in: ([^.]*)\.", GUIDE.replace("\n", " "))
    assert named is not None
    said = {name.strip().lower() for name in named[1].split(",")}
    assert said == {"arabic", *_STEMMERS.values()}
