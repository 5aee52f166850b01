"""Where refused records go: one JSON object a line, ready to be mended and imported."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import IO, Self

import orjson

from dateline.formats.record import Rejection


class RejectedFile:
    """`rejected.jsonl`: made when the first record is refused; an older one does not survive."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._file: IO[bytes] | None = None

    def __enter__(self) -> Self:
        if self._path is not None:
            self._path.unlink(missing_ok=True)
        return self

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            self._file.close()

    def write(self, rejection: Rejection) -> None:
        """Add a record: its line, the field, the reason and how it begins."""
        if self._path is None:
            return
        if self._file is None:
            self._file = self._path.open("wb")
        entry = {name: _sound(value) for name, value in asdict(rejection).items()}
        self._file.write(orjson.dumps(entry, option=orjson.OPT_APPEND_NEWLINE))


def _sound(value: object) -> object:
    """Text that can be written: what could not be decoded is shown as such."""
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode("utf-8")
    return value
