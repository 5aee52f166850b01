"""What stands beside the data of a dataset: its dictionary, its citation, how to read it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson

from dateline.archive.query import Labels
from dateline.formats.columns import COLUMNS, SHORT, Column
from dateline.formats.csv.write import PARTED
from dateline.formats.feed import Entry, Publisher, moment

MEDIA_TYPES = {
    "stories.ndjson": "application/x-ndjson",
    "stories.csv": "text/csv",
    "stories.parquet": "application/vnd.apache.parquet",
}
_TYPES = {
    "text": "string",
    "texts": "array",
    "integer": "integer",
    "date": "date",
    "moment": "datetime",
}

_NAMES: dict[Labels, str] = {
    "today": "today's",
    "publication": "those of each story's publishing date",
}


@dataclass(frozen=True)
class About:
    """What a dataset is of: the query in words, its address, its language, and who publishes.

    `labels`: the names terms bear, as `Query.labels` has it.
    """

    title: str
    address: str
    language: str
    labels: Labels
    publisher: Publisher


@dataclass(frozen=True)
class Data:
    """A file of a dataset: its size in bytes, and its SHA-256 in hexadecimal digits."""

    name: str
    size: int
    sha256: str


class State:
    """What is known of a dataset's stories once all were read."""

    def __init__(self) -> None:
        self.count = 0
        self.latest: datetime | None = None

    def take(self, entry: Entry) -> None:
        """Count a story, and keep the latest moment at which any was published or changed."""
        self.count += 1
        published = datetime.fromisoformat(moment(entry.published, UTC))
        changed = max(published, entry.updated or published)
        self.latest = max(self.latest or changed, changed)


def texts(about: About, state: State, written: Sequence[Data]) -> dict[str, str]:
    """Name → text of the files that describe the data in `written`."""
    version = _version(written)
    return {
        "datapackage.json": _package(about, state, written, version),
        "CITATION.cff": _citation(about, state, version),
        "README.md": _readme(about, state, version),
    }


def _version(written: Sequence[Data]) -> str:
    """The data says which version it is: as many digits of its hash as tell states apart."""
    return next(data.sha256 for data in written if data.name == "stories.ndjson")[:12]


def _day(state: State) -> str:
    return state.latest.date().isoformat() if state.latest else ""


def _package(about: About, state: State, written: Sequence[Data], version: str) -> str:
    """The data dictionary as a Data Package (specs.frictionlessdata.io/data-package, 1.0)."""
    package = {
        "profile": "data-package",
        "name": f"stories-{version}",
        "id": about.address,
        "title": about.title,
        "version": version,
        "homepage": about.publisher.url,
        "contributors": [
            {"title": about.publisher.name, "path": about.publisher.url, "role": "publisher"}
        ],
        "count": state.count,
        "resources": [_resource(data) for data in written if data.name in MEDIA_TYPES],
    }
    return orjson.dumps(package, option=orjson.OPT_INDENT_2).decode() + "\n"


def _resource(data: Data) -> dict[str, Any]:
    table = data.name.endswith(".csv")
    return {
        "name": data.name.replace(".", "-"),
        "path": data.name,
        "format": data.name.rpartition(".")[2],
        "mediatype": MEDIA_TYPES[data.name],
        "encoding": "utf-8",
        "bytes": data.size,
        "hash": f"sha256:{data.sha256}",
        "schema": {
            "fields": list(_fields(SHORT if table else COLUMNS, table=table)),
            "primaryKey": ["id"],
            "missingValues": [""],
        },
    }


def _fields(columns: Iterable[Column], *, table: bool) -> Iterable[dict[str, Any]]:
    for column in columns:
        kind, about = _TYPES[column.kind], column.about
        if table and kind == "array":
            kind, about = "string", f"{about}, parted by “{PARTED}”"
        field = {"name": column.name, "type": kind, "description": about}
        if column.kind == "moment":
            field["format"] = "any"  # RFC 3339 with the zone's offset, which "default" has not
        yield field


def _citation(about: About, state: State, version: str) -> str:
    """The citation as CITATION.cff 1.2.0; JSON's strings are YAML's."""
    facts: list[tuple[str, Any]] = [
        ("cff-version", "1.2.0"),
        ("message", "If you use this dataset, please cite it as below."),
        ("type", "dataset"),
        ("title", about.title),
        ("authors", [{"name": about.publisher.name, "website": about.publisher.url}]),
        ("version", version),
        ("url", about.address),
    ]
    if day := _day(state):
        facts.append(("date-released", day))
    return "".join(f"{name}: {orjson.dumps(value).decode()}\n" for name, value in facts)


def _readme(about: About, state: State, version: str) -> str:
    publisher, day = about.publisher, _day(state)
    return f"""# {about.title}

{state.count} stories published by {publisher.name} ({publisher.url}).
Last change among them: {day or "none"}. Version: {version}.

This is the answer to {about.address}
as it stood. Asking there again gives the same file, byte for byte, for as long as none of these
stories changed and none was added or withdrawn; otherwise it has another version.

## To cite it

{publisher.name}{f" ({day[:4]})" if day else ""}: {about.title}. Dataset, version {version}.
{about.address}

`CITATION.cff` says the same for software.

## What is in it

* `stories.ndjson` – full texts, one JSON object on each line, UTF-8.
* `stories.parquet` – the same in typed columns.
* `stories.csv` – without the full texts, for spreadsheets: UTF-8 with a mark, several terms in a
  cell parted by "{PARTED}". A cell that a spreadsheet could take for a formula (it begins with
  = + - @) has an apostrophe before it.
* `datapackage.json` – the dictionary: what every column means and holds (Frictionless Data
  Package).
* `SHA256SUMS` – hashes of all files; check them with `sha256sum --check SHA256SUMS`.

Names of offices, topics and content types are {_NAMES[about.labels]}, in one
language ({about.language}); texts are in the language each line names. Dates without a time are
days in the newsroom's time zone. The hash of `stories.ndjson` identifies the data: {version} are
its first digits.
"""
