"""Fixtures of the whole suite: where real data lies, and a newsroom to put stories into."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import settings as trials
from playwright.sync_api import Browser, sync_playwright
from soak_record import pytest_terminal_summary  # noqa: F401 - a hook

# What a test finds must not depend on how busy the machine is.
trials.register_profile("dateline", deadline=None)
trials.load_profile("dateline")

ROOT = Path(__file__).parent.parent


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database-only",
        action="store_true",
        help="leave out tests that ask no database, or always one of their own kind, or that look "
        "at pages as browsers and checkers do",
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.getoption("--database-only"):
        return
    left = [item for item in items if not _asks_the_database(item)]
    config.hook.pytest_deselected(items=left)
    items[:] = [item for item in items if item not in set(left)]


def _asks_the_database(item: pytest.Item) -> bool:
    if any(item.get_closest_marker(name) for name in ("opensearch", "browser", "checker")):
        return False
    if item.get_closest_marker("postgres") or item.get_closest_marker("django_db"):
        return True
    return bool({"db", "transactional_db"} & set(getattr(item, "fixturenames", ())))


def _test_data() -> Path | None:
    named = os.environ.get("DATELINE_TEST_DATA")
    folder = Path(named) if named else ROOT.parent / "shared"
    return folder if folder.is_dir() else None


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder with `seed/`, `data/` and `schemas/`; without it a test is skipped by name."""
    folder = _test_data()
    if folder is None:
        pytest.skip("no real data: set DATELINE_TEST_DATA to the folder that holds seed/ and data/")
    return folder


@pytest.fixture
def archive_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty archive index of this test's own, closed again afterwards."""
    from dateline.archive import index

    path = tmp_path / "archive.sqlite3"
    monkeypatch.setattr(settings, "ARCHIVE_FILE", path)
    index.close()
    yield path
    index.close()


@pytest.fixture(autouse=True)
def _nothing_remembered() -> Iterator[None]:
    """What a process keeps in mind never outlives the database and the files it was read from."""
    from django.core.cache import cache

    from dateline.archive import caching
    from dateline.vocabularies import snapshot

    caching.forget()
    snapshot.forget()
    cache.clear()  # Wagtail's renditions are there too
    yield
    caching.forget()
    snapshot.forget()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, or the one DATELINE_CHROMIUM names."""
    named = os.environ.get("DATELINE_CHROMIUM")
    path = named or shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        pytest.skip("no Chromium: apt-get install chromium, or set DATELINE_CHROMIUM to one")
    flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=path, args=flags)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def opensearch_node(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[str]:
    """The address of a real OpenSearch node, which all tests of a run share."""
    import opensearch_nodes as nodes
    import opensearch_shared

    own = tmp_path_factory.getbasetemp()
    try:
        with opensearch_shared.shared(own if worker_id == "master" else own.parent) as url:
            yield url
    except nodes.NoNodes as lacking:
        pytest.skip(f"no OpenSearch: {lacking}")
