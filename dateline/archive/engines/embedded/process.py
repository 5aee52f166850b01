"""Folding in a process of its own: `python -m dateline.archive.engines.embedded PATH ZONE`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from zoneinfo import ZoneInfo


def fold(path: Path, zone: ZoneInfo) -> subprocess.Popen[bytes]:
    """Start folding the index at `path`, behind all other work of this machine."""
    command = [sys.executable, "-m", __package__, str(path.absolute()), zone.key]
    return subprocess.Popen(  # noqa: S603 - this very program
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL
    )
