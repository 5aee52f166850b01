"""Which record is which story.

A record with an id is the story its source knows by that id, in the record's language. A record
without one is known by a fingerprint of its date, headline and lead; when those recur in one file,
the second is "…#2". Whether a known story changed is told by a second fingerprint, over all of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from hashlib import blake2b
from uuid import UUID, uuid5

from dateline.formats.record import Record

_NAMESPACE = UUID("b1e5ab5c-9c0c-5f0e-8a4e-3a9d1b8e6d27")
WITHDRAWN = "w:"
"""Begins the content fingerprint of a record its source had withdrawn."""


def fingerprint(record: Record) -> str:
    """The id of a record that has none: "fp:" and 24 hexadecimal digits."""
    parts = (record.published.isoformat(), record.headline, record.summary)
    return f"fp:{_digest(parts, 12).hexdigest()}"


def key(record: Record, language: str) -> int:
    """Eight bytes that stand for (id, language) within one file."""
    name = record.external_id or fingerprint(record)
    return int.from_bytes(_digest((name, language), 8).digest())


def translation_key(source: str, group: str | None, name: str) -> UUID:
    """What the texts of one release share: from their group, else from their id."""
    return uuid5(_NAMESPACE, f"{source}\ngroup\n{group}" if group else f"{source}\nid\n{name}")


def alone(source: str, name: str, language: str) -> UUID:
    """The key of a text whose release already has one in its language."""
    return uuid5(_NAMESPACE, f"{source}\nalone\n{name}\n{language}")


def content_fingerprint(record: Record) -> str:
    """At most 32 characters that differ when anything of the story's content differs.

    Taken before cleaning, so that a newer cleaner makes no story look changed. What joins records
    (id, group) is not content.
    """
    parts = (
        record.published.isoformat(),
        record.headline,
        record.summary,
        record.body,
        record.dateline,
        record.byline,
        record.location,
        record.url,
        record.updated.isoformat() if record.updated else "",
        record.genre or "",
        *("office " + name for name in record.offices),
        *("topic " + name for name in record.topics),
    )
    return (WITHDRAWN if record.withdrawn else "") + _digest(parts, 15).hexdigest()


class Repeats:
    """Tells apart the records of one file that share an identity; made from the first look at it.

    Of records with one id the last is the story. Records without an id that look alike are as
    many stories, numbered in the file's order.
    """

    def __init__(self, repeated: Mapping[int, int]) -> None:
        self._repeated = repeated
        self._seen: Counter[int] = Counter()

    def occurrence(self, key: int) -> tuple[int, int]:
        """Which occurrence of this key comes now (from 1), and of how many."""
        total = self._repeated.get(key, 1)
        if total == 1:
            return 1, 1
        self._seen[key] += 1
        return self._seen[key], total


def _digest(parts: Iterable[str], size: int) -> blake2b:
    return blake2b("\0".join(parts).encode("utf-8", "surrogatepass"), digest_size=size)
