"""The report in words, for the terminal and for scripts' logs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from dateline.importing.report import Report

_MOST_LINES = 20
_NAMES = {"genre": "content types", "office": "offices", "topic": "topics"}


def written(report: Report, rejected: Path | None) -> str:
    """The report as lines of text. `rejected` is where refused records were written."""
    return "\n".join(
        [*_counts(report), *_rejections(report, rejected), *_terms(report), *_apart(report)]
    )


def _counts(report: Report) -> Iterator[str]:
    done = "Rehearsed" if report.dry_run else "Imported"
    yield (
        f"{done} “{report.source}” ({report.format}): {report.records:,} records "
        f"in {report.seconds:.1f} s, {report.rate:,.0f} a second"
    )
    notes = {
        "created": "",
        "updated": "",
        "unchanged": "",
        "rejected": "",
        "superseded": "a later record of the file has the same id and counts instead",
        "kept": "changed at the source, but edited or withdrawn here: left as they are",
        "alone": "their group already has a text in that language: not joined to it",
        "without_id": "known by date, headline and lead: if one of these changes at the source, "
        "it will come as a new story",
        "cut": "the input ends inside them: imported as far as they go",
    }
    for name, note in notes.items():
        number = getattr(report, name)
        if number or not note:
            label = name.replace("_", " ")
            yield f"  {label:<12}{number:>9,}" + (f"   {note}" if note else "")


def _rejections(report: Report, path: Path | None) -> Iterator[str]:
    if not report.rejected:
        return
    yield "Rejected" + (f", written to {path}:" if path else ":")
    for (field, reason), number in report.reasons.most_common(_MOST_LINES):
        yield f"  {number:>6,} × {field}: {reason}"
    if len(report.reasons) > _MOST_LINES:
        yield f"  and {len(report.reasons) - _MOST_LINES} other reasons"


def _terms(report: Report) -> Iterator[str]:
    for facet, made in report.terms.items():
        shown = ", ".join(made[:5]) + (", …" if len(made) > 5 else "")
        yield f"New {_NAMES[facet]}: {len(made):,} ({shown})"
    joined = [f"{number:,} {_NAMES[facet]}" for facet, number in report.joined.items() if number]
    if joined:
        yield f"Joined across languages by their place in the releases: {', '.join(joined)}"


def _apart(report: Report) -> Iterator[str]:
    if not report.apart:
        return
    yield "Left apart, since the releases do not say for certain what they are elsewhere:"
    for apart in report.apart[:_MOST_LINES]:
        spelt = ", ".join(f"“{name}”" for name in apart.names)
        yield f"  {apart.facet} {spelt} ({apart.language}): {apart.reason}"
    if len(report.apart) > _MOST_LINES:
        yield f"  and {len(report.apart) - _MOST_LINES} more"
