"""Opening what is to be imported: a file, standard input or an address, packed or not.

Whatever the input does, reading it holds a bounded amount of memory, and what stops it is said in
words a person can act on.
"""

import codecs
import io
import itertools
import os
import re
import stat
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, NamedTuple, Self

from dateline.lib import encodings, fetch, gzipped

_BLOCK = 256 * 1024
_HEAD = 64 * 1024
_SCHEME = "://"
_CREDENTIALS = re.compile(r"//[^/@]*@")
_CONTAINERS = (
    (b"PK\x03\x04", "a ZIP archive or an office document; unpack it or save it as text"),
    (b"BZh", "packed with bzip2; unpack it first"),
    (b"\xfd7zXZ\x00", "packed with xz; unpack it first"),
    (b"\x28\xb5\x2f\xfd", "packed with zstd; unpack it first"),
    (b"7z\xbc\xaf", "a 7-Zip archive; unpack it first"),
    (b"%PDF-", "a PDF document, which holds no records"),
    (b"\xd0\xcf\x11\xe0", "an office document; save it as text or CSV"),
    (b"SQLite format 3\x00", "an SQLite database, which holds no records"),
)


class SourceError(Exception):
    """The input cannot be read (on): the message says what, where and what to do about it."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one input may take, in bytes: a line, a whole document (XML), all of it unpacked."""

    line: int = 16 * 1024 * 1024
    document: int = 64 * 1024 * 1024
    unpacked: int = 16 * 1024 * 1024 * 1024


class Line(NamedTuple):
    """One line without its end, in UTF-8; of a line over the limit only the start is kept."""

    number: int
    data: bytes
    whole: bool


class Source:
    """An open input, to be read once: by ``lines``, ``text_lines`` or as one ``document``.

    ``position`` of ``total`` raw bytes have been read (``total`` is None when nobody knows), which
    is what a progress bar shows. ``encoding`` is None until a byte beyond ASCII decides it;
    ``unended`` says, once all lines are read, that the last had no line end.
    """

    def __init__(
        self,
        file: BinaryIO,
        name: str,
        *,
        total: int | None = None,
        encoding: str | None = None,
        limits: Limits | None = None,
        content_type: str = "",
    ) -> None:
        self.name = name
        self.total = total
        self.position = 0
        self.encoding = _codec(encoding)
        self.unended = False
        self.content_type = content_type
        self._limits = limits or Limits()
        self._file = file
        self._held: list[bytes] = []
        self._stopped: SourceError | None = None
        self._pieces = self._unpacked()
        self._fill_head()
        self._check_kind()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def again(self) -> "Source":
        """The same input from its start; this one must not be read on."""
        self._file.seek(0)
        return Source(
            self._file,
            self.name,
            total=self.total,
            encoding=self.encoding,
            limits=self._limits,
            content_type=self.content_type,
        )

    @property
    def head(self) -> bytes:
        """The first 64 KiB or so, unpacked but not decoded, as long as nothing was read."""
        return b"".join(self._held)

    def lines(self, *, guess: bool = True) -> Iterator[Line]:
        """Yield every line, in UTF-8, keeping at most the limit of any.

        With ``guess`` off, a text without a mark is taken for UTF-8 as it is, and a line may hold
        bytes that are not. Raises SourceError where the input ends early, is damaged or cannot be
        decoded; every whole line before that place has been yielded.
        """
        limit = self._limits.line
        number = size = 0
        held: list[bytes] = []
        try:
            for piece in self._utf8(guess=guess):
                *ended, rest = piece.split(b"\n")
                for part in ended:
                    held.append(part)
                    number += 1
                    yield _line(number, held, size + len(part) <= limit, limit)
                    held, size = [], 0
                # Past the limit nothing more is kept, so that a line without end costs nothing.
                if size <= limit:
                    held.append(rest)
                size += len(rest)
        except SourceError as error:
            raise SourceError(f"{self.name}, line {number + 1}: {error}") from error
        self.unended = bool(size)
        if size:
            yield _line(number + 1, held, size <= limit, limit)

    def text_lines(self) -> Iterator[tuple[int, str]]:
        """Yield number and text of every line.

        A byte that is not UTF-8 in a text that otherwise is becomes a lone surrogate (PEP 383),
        so that only the record which holds it need be refused. Raises SourceError as ``lines``
        does, and for a line over the limit.
        """
        for number, data, whole in self.lines():
            if not whole:
                raise SourceError(
                    f"{self.name}, line {number}: it is longer than the "
                    f"{self._limits.line:,} bytes allowed; is this really a text?"
                )
            yield number, data.decode("utf-8", "surrogateescape")

    def document(self) -> bytes:
        """Return all of it, unpacked and not decoded. Raises SourceError when it is too large."""
        content = bytearray()
        try:
            for piece in self._all_pieces():
                content += piece
                if len(content) > self._limits.document:
                    raise SourceError(
                        f"it is larger than the {self._limits.document:,} bytes allowed"
                    )
        except SourceError as error:
            raise SourceError(f"{self.name}: {error}") from error
        return bytes(content)

    def _blocks(self) -> Iterator[bytes]:
        try:
            while block := self._file.read(_BLOCK):
                self.position += len(block)
                yield block
        except OSError as error:
            raise SourceError(f"it cannot be read on: {error.strerror or error}") from error

    def _unpacked(self) -> Iterator[bytes]:
        blocks = self._blocks()
        first = next(blocks, b"")
        if not first.startswith(gzipped.MAGIC):
            yield first
            yield from blocks
            return
        try:
            yield from gzipped.inflate(itertools.chain([first], blocks), self._limits.unpacked)
        except gzipped.GzipError as error:
            raise SourceError(str(error)) from error

    def _fill_head(self) -> None:
        size = 0
        try:
            while size < _HEAD and (piece := next(self._pieces, b"")):
                self._held.append(piece)
                size += len(piece)
        except SourceError as error:
            self._stopped = error  # is raised once what came before it has been read

    def _check_kind(self) -> None:
        start = b"".join(self._held)[:16]
        for magic, kind in _CONTAINERS:
            if start.startswith(magic):
                raise SourceError(f"{self.name}: it is {kind}")
        if start.startswith(gzipped.MAGIC):
            raise SourceError(f"{self.name}: it is packed twice; unpack it first")

    def _all_pieces(self) -> Iterator[bytes]:
        while self._held:
            yield self._held.pop(0)
        if self._stopped:
            raise self._stopped
        yield from self._pieces

    def _utf8(self, *, guess: bool) -> Iterator[bytes]:
        start = self.head[:4096]
        pieces = self._all_pieces()
        try:
            encoding = self.encoding
            if encoding in (None, "utf-16", "utf-32"):  # of these the order of bytes is open
                encoding = encodings.marked(start) or encoding
            if guess and not encoding and b"\0" in start:
                raise SourceError("it holds zero bytes, so it is not a text")
            for piece in pieces:
                if not encoding and guess and not piece.isascii():
                    if piece[:-3].isascii():  # perhaps only the first half of a letter
                        piece += next(pieces, b"")
                    encoding = encodings.detect(piece)
                if encoding:
                    self.encoding = encoding
                    yield from _transcoded(itertools.chain([piece], pieces), encoding)
                else:
                    yield piece
        except encodings.EncodingError as error:
            raise SourceError(str(error)) from error


def open_source(
    address: str | Path,
    *,
    encoding: str | None = None,
    limits: Limits | None = None,
    fetching: fetch.Limits | None = None,
) -> Source:
    """Open a path, "-" (standard input) or an http(s) address for reading.

    ``encoding`` names the encoding of a text without a mark. An address is fetched whole into a
    temporary file first, so that a slow import keeps nobody's connection. Raises SourceError.
    """
    name = str(address)
    codec = _codec(encoding)  # before anything is fetched
    if isinstance(address, str) and _SCHEME in address:
        return _open_address(address, codec, limits, fetching)
    if name == "-":
        return Source(sys.stdin.buffer, "standard input", encoding=codec, limits=limits)
    file, size = _open_file(Path(address))
    return Source(file, name, total=size, encoding=codec, limits=limits)


def from_bytes(
    data: bytes, name: str = "text", *, encoding: str | None = None, limits: Limits | None = None
) -> Source:
    """Open what is already in memory, an upload for instance."""
    return Source(io.BytesIO(data), name, total=len(data), encoding=encoding, limits=limits)


def _codec(encoding: str | None) -> str | None:
    try:
        return encodings.named(encoding) if encoding else None
    except encodings.EncodingError as error:
        raise SourceError(str(error)) from error


def _open_address(
    url: str, encoding: str | None, limits: Limits | None, fetching: fetch.Limits | None
) -> Source:
    name = _CREDENTIALS.sub("//", url)  # the name is printed and logged
    try:
        fetched = fetch.fetch(url, limits=fetching)
    except fetch.FetchError as error:
        raise SourceError(
            f"{name}: {error}; download the file yourself and import it from disk"
        ) from error
    return Source(
        fetched.file,
        name,
        total=fetched.size,
        encoding=encoding,
        limits=limits,
        content_type=fetched.content_type,
    )


def _open_file(path: Path) -> tuple[BinaryIO, int | None]:
    try:
        file = path.open("rb")
        status = os.fstat(file.fileno())
    except FileNotFoundError as error:
        raise SourceError(f"{path}: there is no such file") from error
    except IsADirectoryError as error:
        raise SourceError(f"{path}: it is a directory; name the files in it") from error
    except PermissionError as error:
        raise SourceError(f"{path}: you may not read it; look at its permissions") from error
    except (OSError, ValueError) as error:
        raise SourceError(f"{path}: it cannot be opened: {error}") from error
    if stat.S_ISREG(status.st_mode):
        return file, status.st_size
    if stat.S_ISFIFO(status.st_mode):
        return file, None
    file.close()
    raise SourceError(f"{path}: it is a device, not a file")


def _line(number: int, held: list[bytes], whole: bool, limit: int) -> Line:
    data = held[0] if len(held) == 1 else b"".join(held)
    return Line(number, data.removesuffix(b"\r") if whole else data[:limit], whole)


def _transcoded(pieces: Iterator[bytes], encoding: str) -> Iterator[bytes]:
    """Yield UTF-8 without a mark; what is UTF-8 already is not looked into."""
    if encoding in ("utf-8", "utf-8-sig"):
        yield next(pieces, b"").removeprefix(codecs.BOM_UTF8)
        yield from pieces
        return
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    mark = "\ufeff"
    for piece in itertools.chain(filter(None, pieces), (b"",)):
        try:
            text = decoder.decode(piece, final=not piece)
        except UnicodeDecodeError as error:
            before = error.object[: error.start].decode(encoding, "ignore")
            yield before.removeprefix(mark).encode("utf-8")
            raise SourceError(
                f"it is not {encoding} here; name the right encoding or mend the file"
            ) from error
        yield text.removeprefix(mark).encode("utf-8")
        mark = ""
