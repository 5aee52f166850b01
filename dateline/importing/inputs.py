"""Opening what is to be imported so that it can be read twice."""

from __future__ import annotations

import shutil
import stat
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any, BinaryIO, cast

from dateline.formats import registry
from dateline.formats.listing.read import Labels
from dateline.formats.record import Record, Rejection
from dateline.importing.options import Options
from dateline.lib import reading
from dateline.lib.reading import Source, SourceError

Reader = Callable[[Source], Iterator[Record | Rejection]]


def opened(address: str | Path, encoding: str) -> Source:
    """The input, open. A pipe is copied to disk first. Raises SourceError."""
    if str(address) == "-":
        return _spooled(sys.stdin.buffer, "standard input", encoding)
    path = Path(address)
    if "://" not in str(address) and path.exists() and stat.S_ISFIFO(path.stat().st_mode):
        with path.open("rb") as pipe:
            return _spooled(pipe, str(address), encoding)
    return reading.open_source(address, encoding=encoding or None)


def reader(source: Source, options: Options, names: list[str]) -> tuple[str, Reader]:
    """The input's format and how to read it; `names` are the terms already known."""
    labels = _labels(options.mapping)
    name = options.format or _detected(source, labels)
    if name not in registry.READERS:
        raise SourceError(f"“{name}” is no format; known are {', '.join(registry.READERS)}")
    _refuse_unused(options.mapping, name, source.name)
    wanted: Mapping[str, Mapping[str, Any]] = {
        "listing": {"known": names, "labels": labels},
        "jsonlines": {"body_format": options.body_format},
        "csv": {"body_format": options.body_format, "mapping": options.mapping},
    }
    read, told = registry.READERS[name], wanted.get(name, {})
    return name, lambda opened: read(opened, **told)


_LINES = frozenset(line.name for line in fields(Labels))


def _labels(mapping: Mapping[str, str]) -> Labels:
    """What the lines of a listing are called, where a mapping says so."""
    return Labels(**{field: text for text, field in mapping.items() if field in _LINES})


def _refuse_unused(mapping: Mapping[str, str], kind: str, name: str) -> None:
    """A mapping that would be ignored is a mistake to be told of."""
    if mapping and kind not in ("csv", "listing"):
        raise SourceError(f"{name}: a CSV or a listing can be mapped, and this is {kind}")
    if kind == "listing" and (unused := sorted(set(mapping.values()) - _LINES)):
        raise SourceError(
            f"{name}: a listing has no line for {unused[0]}; there are {', '.join(sorted(_LINES))}"
        )


def _detected(source: Source, labels: Labels) -> str:
    try:
        return registry.detect(source.head, source.name, labels)
    except ValueError as error:
        raise SourceError(f"{source.name}: {error}") from error


def _spooled(pipe: BinaryIO, name: str, encoding: str) -> Source:
    file = cast(BinaryIO, tempfile.TemporaryFile())  # noqa: SIM115 - the source closes it
    shutil.copyfileobj(pipe, file)
    size = file.tell()
    file.seek(0)
    return Source(file, name, total=size, encoding=encoding or None)
