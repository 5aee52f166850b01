"""The furnished newsroom."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from website.rooms import Room, furnish


@pytest.fixture
def room(db: None, archive_file: Path, settings: Any, tmp_path: Path) -> Room:
    """A newsroom with one of everything, its files in this test's folder."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return furnish(tmp_path)
