"""Measured results as JSON files, from which bench.report writes docs/benchmarks.md."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench import machine
from bench.building import store
from bench.corpora import ROOT

RECORDED = ROOT / "docs" / "benchmarks"
"""What docs/benchmarks.md is written from; other results stay beside the built archives."""


def write(name: str, results: dict[str, Any], *, record: bool) -> Path:
    """Write results with the machine they are of; into docs/ only if they are to be published."""
    folder = RECORDED if record else store() / "results"
    folder.mkdir(parents=True, exist_ok=True)
    whole = {
        "at": datetime.now(UTC).strftime("%Y-%m-%d"),
        "machine": machine.describe(),
        **results,
    }
    path = folder / f"{name}.json"
    path.write_text(json.dumps(whole, indent=1, ensure_ascii=False) + "\n")
    return path


def read(name: str) -> dict[str, Any] | None:
    """Published results, if there are any."""
    path = RECORDED / f"{name}.json"
    return json.loads(path.read_text()) if path.exists() else None
