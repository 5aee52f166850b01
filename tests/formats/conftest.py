"""Where the tests of this folder find the small files that are committed with them."""

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def fixtures() -> Path:
    return Path(__file__).parents[1] / "fixtures"
