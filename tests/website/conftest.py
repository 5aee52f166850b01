"""The furnished newsroom."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from website.rooms import Room, furnish


@pytest.fixture
def room(db: None, archive_file: Path, settings: Any, tmp_path: Path) -> Room:
    """A newsroom with one of everything, its files in this test's folder."""
    settings.MEDIA_ROOT = tmp_path / "media"
    cache.clear()  # Wagtail keeps renditions there, and their files went with another test
    return furnish(tmp_path)
