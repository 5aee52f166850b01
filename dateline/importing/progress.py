"""How far an import is, for whoever wants to show it."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Told now and then how far a stage is."""

    def __call__(self, stage: str, position: int, total: int | None, records: int) -> None:
        """`position` of `total` bytes were read (None: nobody knows), `records` so far."""


def silent(stage: str, position: int, total: int | None, records: int) -> None:
    """Show nothing."""
