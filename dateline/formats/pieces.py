"""Files that are sent while they are written."""

import io
from typing import Any


class Pieces(io.RawIOBase):
    """A file that nothing stays in: what was written is taken out in pieces, and is gone.

    Its position goes on counting, as formats want that note where their parts begin.
    """

    def __init__(self) -> None:
        self._held = bytearray()
        self._position = 0

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._held += data
        self._position += len(data)
        return len(data)

    def tell(self) -> int:
        return self._position

    def taken(self) -> bytes:
        """What was written since the last time."""
        written = bytes(self._held)
        self._held.clear()
        return written
