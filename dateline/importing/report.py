"""What came of an import."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

_KINDS = 200
"""Reasons counted one by one; a hostile file cannot make the report grow beyond."""


@dataclass(frozen=True, slots=True)
class Apart:
    """Names of one language that were not joined with another language's, and why."""

    facet: str
    language: str
    names: tuple[str, ...]
    reason: str


@dataclass(slots=True)
class Report:
    """Counts of one import. `terms` are the new vocabulary terms per facet, by name."""

    source: str
    format: str = ""
    dry_run: bool = False
    records: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    superseded: int = 0
    kept: int = 0
    rejected: int = 0
    cut: int = 0
    without_id: int = 0
    alone: int = 0
    reasons: Counter[tuple[str, str]] = field(default_factory=Counter)
    terms: dict[str, list[str]] = field(default_factory=dict)
    joined: dict[str, int] = field(default_factory=dict)
    apart: list[Apart] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def rate(self) -> float:
        """Records a second, looking through the file included."""
        return self.records / self.seconds if self.seconds else 0.0

    def reject(self, field: str, reason: str) -> None:
        """Count a refused record under its field and reason."""
        self.rejected += 1
        key = (field, reason)
        if key not in self.reasons and len(self.reasons) >= _KINDS:
            key = ("record", "other reasons")
        self.reasons[key] += 1
