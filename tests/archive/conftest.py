"""The embedded engine on a file of the test's own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from indexes import ZONE

from dateline.archive.engines.embedded import EmbeddedEngine


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "folder" / "archive.sqlite3"


@pytest.fixture
def engine(path: Path) -> Iterator[EmbeddedEngine]:
    engine = EmbeddedEngine(path, ZONE)
    yield engine
    engine.close()
