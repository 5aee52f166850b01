"""Folding in a process of its own: `python -m …embedded.process PATH ZONE`."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from zoneinfo import ZoneInfo


def fold(path: Path, zone: ZoneInfo) -> subprocess.Popen[bytes]:
    """Start folding the index at `path`, behind all other work of this machine."""
    command = [sys.executable, "-m", __name__, str(path.absolute()), zone.key]
    return subprocess.Popen(  # noqa: S603 - this very program
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, close_fds=True
    )


def main(path: str, zone: str) -> None:
    from dateline.archive.engines.embedded.engine import EmbeddedEngine

    os.nice(10)
    engine = EmbeddedEngine(Path(path), ZoneInfo(zone))
    engine.fold()
    engine.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
