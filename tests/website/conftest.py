"""The furnished newsroom, and a real browser."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from playwright.sync_api import Browser, sync_playwright
from website.rooms import Room, furnish


@pytest.fixture
def room(db: None, archive_file: Path, settings: Any, tmp_path: Path) -> Room:
    """A newsroom with one of everything, its files in this test's folder."""
    settings.MEDIA_ROOT = tmp_path / "media"
    cache.clear()  # Wagtail keeps renditions there, and their files went with another test
    return furnish(tmp_path)


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
