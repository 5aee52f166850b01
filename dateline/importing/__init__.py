"""Bringing stories in: read, clean, match, store; the same file twice changes nothing.

`run` is the whole of it. What it promises is in docs/importing.md.
"""

from __future__ import annotations

from pathlib import Path

from dateline.importing.options import Options
from dateline.importing.progress import Progress, silent
from dateline.importing.report import Report

__all__ = ["Options", "Progress", "Report", "run"]


def run(address: str | Path, options: Options | None = None, progress: Progress = silent) -> Report:
    """Import a file, "-" (standard input) or an address; returns what came of it.

    A record that cannot be used is in the report and the rest goes on. Raises `SourceError`, with
    nothing imported, when the input cannot be read to its end.
    """
    from dateline.importing import pipeline  # needs the models, which this package's app precedes

    return pipeline.run(address, options or Options(), progress)
