"""Gzip (RFC 1952) read as a stream that says what is wrong with it and cannot be made to swell."""

import zlib
from collections.abc import Iterable, Iterator

MAGIC = b"\x1f\x8b"
_STEP = 256 * 1024
# Honest text seldom shrinks below a fiftieth; deflate's own bound is 1:1032. Small files may.
_RATIO = 200
_HARMLESS = 64 * 1024 * 1024


class GzipError(Exception):
    """The compressed data cannot be read on; the message is the end of a sentence."""


def inflate(blocks: Iterable[bytes], limit: int) -> Iterator[bytes]:
    """Yield what ``blocks`` of a gzip file hold, in pieces of at most 256 KiB.

    Several members in a row are read as one (RFC 1952, 2.2). Raises GzipError, after everything
    before it has been yielded, when the data is damaged, ends early, grows beyond ``limit`` bytes
    or swells more than two-hundredfold.
    """
    member, begun = _member(), False
    taken = given = 0
    for block in blocks:
        taken += len(block)
        data = block
        while data:
            begun = True
            piece = _piece(member, data)
            given += len(piece)
            _check_growth(taken, given, limit)
            if piece:
                yield piece
            data = member.unconsumed_tail
            if member.eof:
                # Some writers pad the end of the file with zeros.
                data = member.unused_data.lstrip(b"\0")
                member, begun = _member(), False
    if begun:
        raise GzipError("the gzip file ends early; fetch or copy it again")


def _member() -> "zlib._Decompress":
    return zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)


def _piece(member: "zlib._Decompress", data: bytes) -> bytes:
    try:
        return member.decompress(data, _STEP)
    except zlib.error as error:
        raise GzipError("the gzip file is damaged here; fetch or copy it again") from error


def _check_growth(taken: int, given: int, limit: int) -> None:
    if given > limit:
        raise GzipError(f"the gzip file holds more than the {limit:,} bytes allowed")
    if given > _HARMLESS and given > taken * _RATIO:
        raise GzipError(
            f"the gzip file swells more than {_RATIO}-fold and is taken for a zip bomb; "
            "unpack it yourself if you trust it"
        )
