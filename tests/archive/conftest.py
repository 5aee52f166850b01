"""The engines, on an index of the test's own.

What every engine must do (`test_engine.py`) is tried on each of them; the rest on the one it is
about.
"""

from __future__ import annotations

import inspect
import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest
from indexes import ZONE

from dateline.archive.engines.base import Engine
from dateline.archive.engines.embedded import EmbeddedEngine
from dateline.archive.engines.opensearch import OpenSearchEngine
from dateline.archive.engines.opensearch.address import Address

BOTH = ["embedded", pytest.param("opensearch", marks=pytest.mark.opensearch)]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test of any engine runs on both; one that looks into the file is the embedded one's."""
    names = inspect.signature(metafunc.function).parameters
    own = "path" in names or metafunc.definition.get_closest_marker("embedded")
    if "engine" in names and not own and metafunc.module.__name__.endswith("_engine"):
        metafunc.parametrize("engine", BOTH, indirect=True)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "folder" / "archive.sqlite3"


@pytest.fixture
def engine(request: pytest.FixtureRequest, path: Path) -> Iterator[Engine]:
    made: Engine
    if getattr(request, "param", "embedded") == "embedded":
        made = EmbeddedEngine(path, ZONE)
        yield made
    else:
        url = request.getfixturevalue("opensearch_node")
        searching = OpenSearchEngine(Address((url,), f"test-{secrets.token_hex(6)}"), ZONE)
        made = searching
        yield made
        searching.discard()
    made.close()
