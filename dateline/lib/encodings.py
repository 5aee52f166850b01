"""Which encoding a text is in: known, or plainly said not to be known."""

import codecs

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_REPLACEMENT = "\ufffd"


class EncodingError(Exception):
    """The encoding is not known or not supported; the message is the end of a sentence."""


def named(name: str) -> str:
    """Return the codec's own name for an encoding a person named.

    Raises EncodingError when Python knows no text encoding of that name.
    """
    try:
        codec = codecs.lookup(name)
        "".encode(codec.name)  # refuses codecs that are not of text, such as "zip" or "rot13"
    except (LookupError, UnicodeError) as error:
        raise EncodingError(f"“{name}” is not the name of a text encoding") from error
    return codec.name


def marked(head: bytes) -> str | None:
    """Return the encoding that the start of a text shows by its mark or its zero bytes."""
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return encoding
    if b"\0" not in head:
        return None
    # Without a mark, UTF-16 shows in spaces and line ends, whose other half is a zero byte.
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if min(even, odd) * 20 < max(even, odd) and max(even, odd) * 20 > len(head):
        return "utf-16-le" if odd > even else "utf-16-be"
    return None


def detect(sample: bytes) -> str:
    """Return the encoding of a text from the part of it where other letters than ASCII begin.

    UTF-8 is taken for certain when it fits, and also when only a few bytes of it are damaged.
    Raises EncodingError when the encoding cannot be told.
    """
    decoded = codecs.getincrementaldecoder("utf-8")("replace").decode(sample)
    damaged = decoded.count(_REPLACEMENT)
    letters = sum(map(decoded.count, set(filter(lambda letter: letter > "\x7f", decoded))))
    if damaged * 5 <= letters - damaged or not damaged:
        return "utf-8"
    raise EncodingError(
        "it is not UTF-8 and its encoding cannot be told for certain; "
        "name it, for example windows-1252"
    )
