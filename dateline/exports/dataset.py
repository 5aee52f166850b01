"""A frozen dataset: what a query finds, with all it takes to understand, check and cite it.

The same stories give the same bytes, whenever they are asked for: nothing in the file says when it
was made, its files bear one fixed date, and its version is the hash of its data. The texts about
the data follow it, since they name its hashes; a ZIP is read from its end.
"""

from __future__ import annotations

import hashlib
import pickle
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from typing import IO

from dateline.exports import dictionary
from dateline.exports.dictionary import About, Data, State
from dateline.formats.csv import write as csv
from dateline.formats.feed import Entry
from dateline.formats.jsonlines import write as jsonlines
from dateline.formats.parquet import write as parquet
from dateline.formats.pieces import Pieces
from dateline.publishing import outbox

CONTENT_TYPE = "application/zip"
_DATE = (1980, 1, 1, 0, 0, 0)
"""The only date of every file inside: the first one ZIP knows."""


class ArchiveChangedError(RuntimeError):
    """The archive changed while it was read: what was read is the state of no moment."""


def write(entries: Iterable[Entry], about: About) -> Iterator[bytes]:
    """Yield the dataset as a ZIP file, piece by piece, in constant memory.

    The JSON lines are sent while the stories are read; those are kept on disk meanwhile, for the
    other forms to be made of the very same. Raises ArchiveChangedError; what was sent is no ZIP.
    """
    began = outbox.head()
    archive, state, zone = _Archive(), State(), about.publisher.zone
    with tempfile.TemporaryFile() as kept:
        yield from archive.add("stories.ndjson", jsonlines.write(_keep(entries, kept, state), zone))
        if outbox.head() != began:
            raise ArchiveChangedError("the archive changed while a dataset was read")
        yield from archive.add("stories.csv", csv.write(_kept(kept), zone))
        columns = parquet.write(_kept(kept), {"title": about.title, "source": about.address})
        # Its columns are compressed already.
        yield from archive.add("stories.parquet", columns, zipfile.ZIP_STORED)
    for name, text in dictionary.texts(about, state, archive.written).items():
        yield from archive.add(name, [text.encode()])
    sums = "".join(f"{data.sha256}  {data.name}\n" for data in archive.written)
    yield from archive.add("SHA256SUMS", [sums.encode()])
    yield archive.end()


def _keep(entries: Iterable[Entry], file: IO[bytes], state: State) -> Iterator[Entry]:
    for entry in entries:
        state.take(entry)
        pickle.dump(entry, file)
        yield entry


def _kept(file: IO[bytes]) -> Iterator[Entry]:
    file.seek(0)
    while True:
        try:
            yield pickle.load(file)  # noqa: S301 - from a file without a name, written by `_keep`
        except EOFError:
            return


class _Archive:
    """A ZIP file that is sent while it is written, and knows what it holds."""

    def __init__(self) -> None:
        self.written: list[Data] = []
        self._sink = Pieces()
        self._zip = zipfile.ZipFile(self._sink, "w")

    def add(
        self, name: str, pieces: Iterable[bytes], compression: int = zipfile.ZIP_DEFLATED
    ) -> Iterator[bytes]:
        """Yield the bytes that a file adds to the ZIP."""
        info = zipfile.ZipInfo(name, _DATE)
        info.compress_type = compression
        info.external_attr = 0o644 << 16
        size, digest = 0, hashlib.sha256()
        with self._zip.open(info, "w", force_zip64=True) as file:
            yield self._sink.taken()
            for piece in pieces:
                file.write(piece)
                size += len(piece)
                digest.update(piece)
                yield self._sink.taken()
        self.written.append(Data(name, size, digest.hexdigest()))
        yield self._sink.taken()

    def end(self) -> bytes:
        """The list of what is inside, with which a ZIP ends."""
        self._zip.close()
        return self._sink.taken()
