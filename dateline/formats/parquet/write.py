"""Stories as a Parquet file, row group by row group."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from dateline.formats.columns import COLUMNS, Column, cells
from dateline.formats.feed import Entry
from dateline.formats.pieces import Pieces

if TYPE_CHECKING:
    import pyarrow as pa

_ROWS = 5_000
_CHARACTERS = 4_000_000
"""A row group ends at either: few groups for short texts, little memory for long ones."""


def write(entries: Iterable[Entry], about: Mapping[str, str]) -> Iterator[bytes]:
    """Yield the file piece by piece; memory holds one row group.

    Dates are dates, moments UTC timestamps, several terms a list. Each column carries its
    description, and the file the key-value pairs of ``about``. The file's end holds its index:
    one broken off cannot be opened, and so never passes for a whole one.
    """
    # Loaded by those who write Parquet: it takes 60 MB that no other answer needs.
    import pyarrow as pa
    from pyarrow import parquet

    schema = pa.schema([_field(column) for column in COLUMNS], metadata=dict(about))
    sink = Pieces()
    with parquet.ParquetWriter(sink, schema, compression="zstd") as writer:
        yield sink.taken()
        for rows in _groups(entries):
            writer.write_table(pa.Table.from_pylist(rows, schema=schema))
            yield sink.taken()
    yield sink.taken()


def _field(column: Column) -> pa.Field:
    import pyarrow as pa

    kinds = {
        "text": pa.string(),
        "texts": pa.list_(pa.string()),
        "integer": pa.int32(),
        "date": pa.date32(),
        "moment": pa.timestamp("ms", tz="UTC"),
    }
    return pa.field(column.name, kinds[column.kind], metadata={"description": column.about})


def _groups(entries: Iterable[Entry]) -> Iterator[list[dict[str, Any]]]:
    rows: list[dict[str, Any]] = []
    characters = 0
    for entry in entries:
        rows.append(cells(entry))
        characters += len(entry.body_html) + len(entry.summary)
        if len(rows) >= _ROWS or characters >= _CHARACTERS:
            yield rows
            rows, characters = [], 0
    if rows:
        yield rows
