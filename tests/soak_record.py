"""What `make soak` saw, written to docs/soak.md: each long trial, its outcome, time and figures.

A trial says its figures with pytest's own `record_property`.
"""

from __future__ import annotations

import os
import platform
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import connection

RECORD = Path(__file__).parent.parent / "docs" / "soak.md"
HEAD = """# The long trials

Written by `make soak`, last on {day}: Python {python}, {database}, {cores} cores, {machine}.
CI runs the same trials in a small seeded form.

| trial | on | outcome | seconds | what it saw |
|---|---|---|---|---|
"""


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Write the record, if the trials ran at full size."""
    if os.environ.get("DATELINE_SOAK") != "full":
        return
    stats = terminalreporter.stats
    reports = [
        report
        for outcome in ("passed", "failed", "skipped")
        for report in stats.get(outcome, ())
        if report.when == "call" or report.outcome != "passed"
    ]
    if reports:
        rows = _rows() | {_name(report): _line(report) for report in reports}
        RECORD.write_text(_head() + "".join(rows.values()), encoding="utf-8")
        terminalreporter.write_line(f"written: {RECORD}")


def _head() -> str:
    return HEAD.format(
        day=datetime.now(UTC).date().isoformat(),
        python=platform.python_version(),
        database=connection.display_name,
        cores=os.cpu_count(),
        machine=platform.machine(),
    )


def _rows() -> dict[str, str]:
    """What the record says already: a trial that ran alone replaces its own row only."""
    lines = RECORD.read_text(encoding="utf-8").splitlines(keepends=True) if RECORD.exists() else []
    return {line.split("`")[1]: line for line in lines if line.startswith("| `")}


def _name(report: pytest.TestReport) -> str:
    return report.nodeid.removeprefix("tests/")


def _line(report: pytest.TestReport) -> str:
    seen = "; ".join(f"{label}: {value}" for label, value in report.user_properties)
    day = datetime.now(UTC).date().isoformat()
    return f"| `{_name(report)}` | {day} | {report.outcome} | {report.duration:.0f} | {seen} |\n"
