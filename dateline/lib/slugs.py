"""The readable end of an address."""

import re

from anyascii import anyascii

_OTHER = re.compile(r"[^a-z0-9]+")
_APOSTROPHES = re.compile(r"(?<=\w)['’ʼ](?=\w)")


def slug(text: str, limit: int = 80) -> str:
    """Return ``text`` as lower-case ASCII words joined by hyphens, at most ``limit`` characters.

    Every script is transliterated; a long text is cut between words where it can be. Never
    empty: what has no letters and digits becomes "story".
    """
    words = _OTHER.sub("-", anyascii(_APOSTROPHES.sub("", text)).lower()).strip("-")
    if len(words) > limit:
        head = words[: limit + 1]
        words = head.rpartition("-")[0] or head[:limit]
    return words.strip("-") or "story"
