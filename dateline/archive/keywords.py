"""What people type into the search box: words, "phrases", prefix*, -without."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["word", "phrase", "prefix"]


@dataclass(frozen=True, slots=True)
class Clause:
    """One thing asked for: `text` as typed, without quotes, star or minus."""

    text: str
    kind: Kind = "word"
    excluded: bool = False
