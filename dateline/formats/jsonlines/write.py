"""Stories as JSON Lines, also called NDJSON."""

from collections.abc import Iterable, Iterator
from datetime import tzinfo

import orjson

from dateline.formats.columns import cells
from dateline.formats.feed import Entry

CONTENT_TYPE = "application/x-ndjson"
_BYTES = 64 * 1024


def write(entries: Iterable[Entry], zone: tzinfo) -> Iterator[bytes]:
    """Yield lines, one object for each entry with the columns of ``formats.columns``.

    Every line has every column; what is not known is null. A moment is in the newsroom's
    ``zone`` where it had none. Importing such a file gives the same stories again.
    """
    lines = bytearray()
    for entry in entries:
        values = cells(entry)
        if values["updated_at"]:
            values["updated_at"] = values["updated_at"].astimezone(zone).replace(microsecond=0)
        lines += orjson.dumps(values, option=orjson.OPT_APPEND_NEWLINE)
        if len(lines) > _BYTES:
            yield bytes(lines)
            lines.clear()
    yield bytes(lines)
