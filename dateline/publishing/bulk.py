"""Inserting rows by the thousand.

`bulk_create` makes a model instance and an SQL text for each handful of rows, which cost an import
more than everything else together (docs/performance.md). This writes plain values through one
prepared statement. As with `bulk_create`, no signal is sent and no instance learns its key.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache, partial
from typing import Any

from django.db import connection, models

_CONVERTED = (
    models.DateField,
    models.DateTimeField,
    models.TimeField,
    models.UUIDField,
)
"""Fields whose values the database wants in a form of its own; the others go in as they are."""


def insert(model: type[models.Model], rows: Iterable[Mapping[str, Any]]) -> None:
    """Insert rows given as column (a field's attname) → value; the first row names the columns.

    Columns that are not given take the field's default, a key the database's.
    """
    rows = list(rows)
    if not rows:
        return
    fields = [field for field in model._meta.concrete_fields if not _left_out(field, rows[0])]
    columns = [_column(field, rows[0]) for field in fields]
    names = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    marks = ", ".join(["%s"] * len(fields))
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {table} ({names}) VALUES ({marks})",  # noqa: S608 - names of our own models
            _values(columns, rows),
        )


def _left_out(field: Any, row: Mapping[str, Any]) -> bool:
    return bool(field.primary_key) and field.attname not in row


def _column(field: Any, row: Mapping[str, Any]) -> tuple[str | None, Any]:
    """(name, converter) for a column that is given, (None, value) for one that has its default."""
    if field.attname not in row:
        return None, field.get_db_prep_save(field.get_default(), connection)
    if isinstance(field, _CONVERTED):
        convert = lru_cache(maxsize=4096)(partial(_converted, field))  # days and moments recur
        return field.attname, convert
    return field.attname, None


def _converted(field: Any, value: Any) -> Any:
    return field.get_db_prep_save(value, connection)


def _values(
    columns: Sequence[tuple[str | None, Any]], rows: Iterable[Mapping[str, Any]]
) -> list[tuple[Any, ...]]:
    return [
        tuple(
            rest if name is None else rest(row[name]) if rest is not None else row[name]
            for name, rest in columns
        )
        for row in rows
    ]
