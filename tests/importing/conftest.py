"""Short ways to import what a test writes down."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from dateline import importing
from dateline.importing import Options, Report

Bring = Callable[..., Report]


@pytest.fixture
def bring(tmp_path: Path) -> Bring:
    """Import records (dicts, as JSON Lines) from a source called "wire", or a file by its path."""

    def run(what: Path | Iterable[dict[str, Any]], **options: Any) -> Report:
        if isinstance(what, Path):
            return importing.run(what, Options(**options))
        path = tmp_path / "wire.jsonl"
        path.write_text("".join(json.dumps(record) + "\n" for record in what), encoding="utf-8")
        return importing.run(path, Options(**options))

    return run


def record(**fields: Any) -> dict[str, Any]:
    """A record of the wire; fields not named are those of an ordinary one."""
    ordinary = {
        "id": "1",
        "title": "Court opens",
        "published": "2024-03-15",
        "language": "en",
        "lead": "A court opened in Vienna.",
        "body": "<p>It has <em>doors</em>.</p>",
        "content_type": "News",
        "offices": ["Office in Vienna"],
        "topics": ["Rule of law"],
    }
    return ordinary | fields


@pytest.fixture(name="record")
def _record() -> Callable[..., dict[str, Any]]:
    return record
