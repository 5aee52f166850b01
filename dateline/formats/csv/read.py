"""Stories from a table with a header row."""

import csv
import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from dateline.formats import fields
from dateline.formats.csv import unprotect
from dateline.formats.record import Record, Rejection
from dateline.lib import dates
from dateline.lib.reading import Source, SourceError

_DELIMITERS = ",;\t|"
_LISTED = frozenset({"offices", "topics", "byline"})
_PARTING = re.compile(r"[;|]")
_FLAGS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
# A quotation mark that is never closed would otherwise swallow the rest of the file.
_LONGEST_RECORD = 4 * 1024 * 1024

_FIELDS = {key: field for field, keys in fields.ALIASES.items() for key in keys}


@dataclass(slots=True)
class _Row:
    """One record's cells, or why it has none, and where it starts."""

    line: int
    raw: str
    cells: list[str]
    error: str = ""


def parse_mapping(text: str) -> dict[str, str]:
    """Return column → field from "Titel=headline,Datum=published".

    Raises ValueError for a part without "=" or a field that does not exist.
    """
    mapping = {}
    for part in filter(None, map(str.strip, text.split(","))):
        column, equals, field = (word.strip() for word in part.rpartition("="))
        if not equals or not column or field not in fields.ALIASES:
            known = ", ".join(fields.ALIASES)
            raise ValueError(f"“{part}” is not COLUMN=FIELD; the fields are {known}")
        mapping[column] = field
    return mapping


def read(
    source: Source,
    *,
    mapping: Mapping[str, str] | None = None,
    delimiter: str | None = None,
    body_format: fields.BodyFormat = "html",
    date_languages: Iterable[str] = dates.LANGUAGES,
) -> Iterator[Record | Rejection]:
    """Yield a Record or a Rejection for every row under the header that is not blank.

    ``mapping`` gives fields to columns (case and spacing aside); other columns are known by the
    names in ``fields.ALIASES``. Several offices, topics or authors in one cell are parted by ";"
    or "|". The delimiter is found from the header unless it is given. Raises SourceError as the
    source does, and if no column holds the headline or the publishing date.
    """
    csv.field_size_limit(_LONGEST_RECORD)
    languages = tuple(date_languages)
    table = _Table(source.text_lines(), delimiter)
    header = next(table, None)
    if header is None or header.error:
        raise SourceError(f"{source.name}: it has no header row that can be read")
    keys = _keys(header.cells, mapping or {}, source.name)
    for row in table:
        try:
            values = _values(row, keys)
            yield fields.record(values, row.line, date_languages=languages, body_format=body_format)
        except fields.FieldError as error:
            yield fields.rejection(row.line, error, row.raw)


class _Table:
    """Yields the rows that are not blank, the header first.

    After a row that cannot be parsed, reading goes on at the line behind its first, so that one
    stray quotation mark costs one record.
    """

    def __init__(self, texts: Iterator[tuple[int, str]], delimiter: str | None) -> None:
        self._texts = texts
        self._waiting: deque[tuple[int, str]] = deque()
        self._delimiter = delimiter or self._found_delimiter()

    def __iter__(self) -> Iterator[_Row]:
        return self

    def __next__(self) -> _Row:
        while True:
            row = self._row()
            if row.error or any(map(str.strip, row.cells)):
                return row

    def _row(self) -> _Row:
        taken: list[tuple[int, str]] = []
        lines = self._lines(taken)
        error = ""
        try:
            cells = next(csv.reader(lines, delimiter=self._delimiter, strict=True))
        except csv.Error as problem:
            cells, error = [], str(problem)
            self._waiting.extendleft(reversed(taken[1:]))
            del taken[1:]
        return _Row(taken[0][0], "\n".join(text for _, text in taken), cells, error)

    def _lines(self, taken: list[tuple[int, str]]) -> Iterator[str]:
        size = 0
        while self._waiting or self._fill():
            taken.append(self._waiting.popleft())
            size += len(taken[-1][1])
            if size > _LONGEST_RECORD:
                return
            yield taken[-1][1] + "\n"

    def _fill(self) -> bool:
        line = next(self._texts, None)
        if line:
            self._waiting.append(line)
        return line is not None

    def _found_delimiter(self) -> str:
        while self._fill():
            text = self._waiting[-1][1].strip()
            if text[:4].lower() == "sep=" and len(text) == 5:
                self._waiting.clear()  # a line for spreadsheets alone
                return text[4]
            if text:
                return max(_DELIMITERS, key=lambda delimiter: text.count(delimiter))
        return _DELIMITERS[0]


def _keys(columns: list[str], mapping: Mapping[str, str], name: str) -> list[str]:
    """Return for each column the key its cells go under, an alias of a field where it is one."""
    chosen = {_folded(column): fields.ALIASES[field][0] for column, field in mapping.items()}
    folded = [_folded(column) for column in columns]
    for column in mapping:
        if _folded(column) not in folded:
            raise SourceError(f"{name}: there is no column “{column}” in {', '.join(columns)}")
    keys = [chosen.get(column, column) for column in folded]
    for field in ("headline", "published"):
        if not set(fields.ALIASES[field]) & set(keys):
            raise SourceError(
                f"{name}: none of the columns {', '.join(columns)} is known as the {field}; "
                f"say which with a mapping such as “COLUMN={field}”"
            )
    return keys


def _values(row: _Row, keys: list[str]) -> dict[str, object]:
    if row.error:
        raise fields.FieldError("record", f"the row cannot be parsed: {row.error}")
    if len(row.cells) > len(keys):
        raise fields.FieldError(
            "record", f"the row has {len(row.cells)} cells, but the header {len(keys)}"
        )
    values: dict[str, object] = {}
    for key, cell in zip(keys, map(unprotect, row.cells), strict=False):
        if not values.get(key):
            values[key] = _value(key, cell)
    return values


def _value(key: str, cell: str) -> object:
    field = _FIELDS.get(key)
    if field in _LISTED:
        return _PARTING.split(cell)
    if field == "withdrawn":
        return _FLAGS.get(cell.strip().lower(), cell)
    return cell


def _folded(column: str) -> str:
    return "_".join(column.replace("-", " ").replace("_", " ").casefold().split())
