"""Folds an index, unless another process is at it: what `process.fold` starts."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path
from zoneinfo import ZoneInfo

from dateline.archive.engines.embedded import EmbeddedEngine


def main(path: str, zone: str) -> None:
    """Fold the index at `path`, behind all other work of this machine."""
    os.nice(10)
    engine = EmbeddedEngine(Path(path), ZoneInfo(zone))
    with suppress(BlockingIOError):
        engine.fold(wait=False)
    engine.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
