"""Opening what is to be imported so that it can be read twice."""

from __future__ import annotations

import shutil
import stat
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO, cast

from dateline.formats import registry
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
    name = options.format or _detected(source)
    if name not in registry.READERS:
        raise SourceError(f"“{name}” is no format; known are {', '.join(registry.READERS)}")
    if options.mapping and name != "csv":
        raise SourceError(f"{source.name}: columns are mapped for CSV, and this is {name}")
    wanted: Mapping[str, Mapping[str, Any]] = {
        "listing": {"known": names},
        "jsonlines": {"body_format": options.body_format},
        "csv": {"body_format": options.body_format, "mapping": options.mapping},
    }
    read, told = registry.READERS[name], wanted.get(name, {})
    return name, lambda opened: read(opened, **told)


def _detected(source: Source) -> str:
    try:
        return registry.detect(source.head, source.name)
    except ValueError as error:
        raise SourceError(f"{source.name}: {error}") from error


def _spooled(pipe: BinaryIO, name: str, encoding: str) -> Source:
    file = cast(BinaryIO, tempfile.TemporaryFile())  # noqa: SIM115 - the source closes it
    shutil.copyfileobj(pipe, file)
    size = file.tell()
    file.seek(0)
    return Source(file, name, total=size, encoding=encoding or None)
