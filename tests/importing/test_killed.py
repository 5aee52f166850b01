"""Killing the importer and the worker without warning: nothing is lost, nothing done twice.

Both run as processes of their own on a data folder of their own, and are sent SIGKILL at random
moments until the import has ended. What is left is read with plain `sqlite3`.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from dateline.archive.engines.base import Search
from dateline.archive.engines.embedded import EmbeddedEngine

pytestmark = [pytest.mark.soak, pytest.mark.timeout(1800)]
WHOLE = os.environ.get("DATELINE_SOAK") == "full"
RELEASES, SEEDS = (2000, range(10)) if WHOLE else (300, range(1))

IMPORT = """
import sys, django; django.setup()
from dateline import importing
print("ready", flush=True)
importing.run(sys.argv[1], importing.Options(batch=40))
"""
WORK = """
import django; django.setup()
from dateline.operations.worker import Worker
print("ready", flush=True)
Worker().run()
"""


def _environment(data: Path) -> dict[str, str]:
    """A newsroom of its own, on SQLite whatever the suite runs on."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("DATELINE_")}
    return own | {"DATELINE_DATA": str(data), "DJANGO_SETTINGS_MODULE": "dateline.settings"}


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty newsroom's data folder, to be copied."""
    data = tmp_path_factory.mktemp("prepared")
    command = [sys.executable, "-m", "django", "migrate", "--verbosity=0"]
    subprocess.run(command, env=_environment(data), check=True)
    return data


@contextmanager
def _running(code: str, data: Path, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """A process that has got as far as "ready"; killed when the block ends, if it still runs."""
    command = [sys.executable, "-c", code, *arguments]
    with subprocess.Popen(
        command, env=_environment(data), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n", process.communicate()[1]
        try:
            yield process
        finally:
            process.kill()


def _ends(process: subprocess.Popen[str], within: float) -> bool:
    try:
        assert process.wait(within) == 0, process.communicate()[1]
    except subprocess.TimeoutExpired:
        return False
    return True


def _write(path: Path, changed: str = "") -> list[dict[str, object]]:
    """Releases in three languages, their texts side by side as sources list them."""
    records: list[dict[str, object]] = [
        {
            "id": f"{number}-{language}",
            "group": f"g{number}",
            "language": language,
            "title": f"Release {number} {language}{changed}",
            "published": f"20{number % 20:02}-{number % 12 + 1:02}-15",
            "offices": [f"{language} office {number % 7}"],
            "topics": [f"{language} topic {number % 5}", f"{language} topic {number % 3 + 5}"],
            "lead": "A court opened its doors.",
            "body": f"<p>{'Words of the release. ' * 40}</p>",
        }
        for number in range(RELEASES)
        for language in ("de", "en", "fr")
    ]
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return records


def _import_with_kills(path: Path, data: Path, chance: random.Random, patience: float) -> int:
    """Import with importer and worker killed at random; returns how often the importer was."""
    kills = 0
    while True:
        with _running(WORK, data), _running(IMPORT, data, str(path)) as importer:
            # The later rounds wait longer, so that it ends however slow the machine is.
            if _ends(importer, chance.uniform(0, patience * 1.4**kills)):
                return kills
            kills += 1


def _rows(data: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(data / "dateline.sqlite3")) as store:
        return store.execute(query).fetchall()


@pytest.mark.parametrize("seed", SEEDS)
def test_killed_at_random_moments(
    prepared: Path, tmp_path: Path, seed: int, record_property: Callable[[str, object], None]
) -> None:
    data = tmp_path / "data"
    shutil.copytree(prepared, data)
    path, chance = tmp_path / "wire.jsonl", random.Random(seed)
    records = _write(path)
    kills = _import_with_kills(path, data, chance, patience=1.0)
    _assert_whole(data, records, versions=1)
    _assert_indexed(data)
    changed = _write(path, changed=" changed")
    kills += _import_with_kills(path, data, chance, patience=1.5)
    _assert_whole(data, changed, versions=2)
    _assert_indexed(data)
    record_property("texts", len(records))
    record_property("importer killed", kills)
    record_property("worker killed", kills + 2)


def _assert_whole(data: Path, records: list[dict[str, object]], versions: int) -> None:
    """Every record is one story with one number for each release, one version and one change."""
    stories = _rows(data, "SELECT external_id, headline, number FROM stories_story")
    assert sorted(row[:2] for row in stories) == sorted((r["id"], r["title"]) for r in records)
    numbers = {external_id.split("-")[0]: number for external_id, _, number in stories}  # type: ignore[attr-defined]
    assert len(set(numbers.values())) == RELEASES
    assert Counter(row[2] for row in stories) == Counter(dict.fromkeys(numbers.values(), 3))
    each = "SELECT story_id, count(*) FROM {} WHERE story_id IS NOT NULL GROUP BY story_id"
    for table in ("publishing_version", "publishing_change"):
        assert {row[1] for row in _rows(data, each.format(table))} == {versions}
    assert {row[1] for row in _rows(data, each.format("stories_story_topics"))} == {2}
    assert len(_rows(data, "SELECT 1 FROM vocabularies_office")) == 7
    assert len(_rows(data, "SELECT 1 FROM vocabularies_officename")) == 21


def _assert_indexed(data: Path) -> None:
    """After the worker has had its turn, the index holds exactly the stories, each findable."""
    command = [sys.executable, "-m", "dateline.cli", "work", "--once"]
    done = subprocess.run(command, env=_environment(data), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    stories = {row[0] for row in _rows(data, "SELECT id FROM stories_story")}
    engine = EmbeddedEngine(data / "archive.sqlite3", ZoneInfo("UTC"))
    try:
        assert {entry.id for entry in engine.documents()} == stories
        found = engine.search(Search(size=0))
        assert found.total == len(stories)
        assert sum(found.counts["topic"].values()) == 2 * len(stories)
    finally:
        engine.close()
