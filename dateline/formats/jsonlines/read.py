"""Stories from JSON Lines."""

from collections.abc import Iterable, Iterator

import orjson

from dateline.formats import fields
from dateline.formats.record import Record, Rejection
from dateline.lib import dates
from dateline.lib.reading import Line, Source


def read(
    source: Source,
    *,
    body_format: fields.BodyFormat = "html",
    date_languages: Iterable[str] = dates.LANGUAGES,
) -> Iterator[Record | Rejection]:
    """Yield a Record or a Rejection for every line that is not blank.

    The fields are those of Record, under any name in ``fields.ALIASES``; others are ignored.
    ``body_format`` holds where the record does not say. Raises SourceError as the source does.
    """
    languages = tuple(date_languages)
    for line in source.lines(guess=False):
        if not line.data.strip():
            continue
        try:
            values = _values(line)
            yield fields.record(
                values, line.number, date_languages=languages, body_format=body_format
            )
        except fields.FieldError as error:
            yield fields.rejection(line.number, error, line.data[:2000].decode(errors="replace"))


def _values(line: Line) -> dict[str, object]:
    if not line.whole:
        raise fields.FieldError("record", "the line is longer than is allowed")
    try:
        values = orjson.loads(line.data)
    except orjson.JSONDecodeError as error:
        raise fields.FieldError("record", _reason(line.data, error)) from error
    if not isinstance(values, dict):
        raise fields.FieldError("record", "the line is JSON, but not an object in braces")
    return values


def _reason(data: bytes, error: orjson.JSONDecodeError) -> str:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as undecoded:
        return (
            f"byte {undecoded.start + 1} of the line is not UTF-8; "
            "if the whole file is in another encoding, name it"
        )
    return f"the line is not JSON: {error.msg} at character {error.colno}"
