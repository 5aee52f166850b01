"""The index against the store, text by text."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from itertools import islice

from dateline.archive import document, index
from dateline.archive.engines.base import Document, Entry
from dateline.publishing import outbox

LOOKS = 3
"""How often a difference is looked at: while stories are published, some are only a moment old."""
PAUSE = 1.0


def behind() -> int:
    """How many changes the index has not applied yet."""
    cursor = index.engine().cursor()
    return len(outbox.after(cursor, 10_000))


def differences() -> Iterator[str]:
    """A sentence for each text that the index holds and should not, lacks, or holds otherwise."""
    suspects = _suspects()
    while batch := list(islice(suspects, document.BATCH)):
        yield from _confirmed(batch)


def _suspects() -> Iterator[int]:
    """The ids that differ at first sight: one pass over both, in ascending order of id."""
    held, stored = index.engine().documents(), document.every_document()
    entry, text = next(held, None), next(stored, None)
    while entry or text:
        if text is None or (entry and entry.id < text.id):
            assert entry  # noqa: S101 - one of the two is there
            yield entry.id
            entry = next(held, None)
        elif entry is None or text.id < entry.id:
            yield text.id
            text = next(stored, None)
        else:
            if entry.fingerprint != text.fingerprint():
                yield entry.id
            entry, text = next(held, None), next(stored, None)


def _confirmed(ids: list[int]) -> Iterator[str]:
    """What still differs when looked at again: what the worker was just about to do does not."""
    found: dict[int, str] = {}
    for look in range(LOOKS):
        found = dict(_compare(ids, index.engine().get(ids), document.documents(ids)))
        ids = sorted(found)
        if not ids:
            return
        if look < LOOKS - 1:
            time.sleep(PAUSE)
    yield from found.values()


def _compare(
    ids: list[int], held: dict[int, Entry], texts: Iterable[Document]
) -> Iterator[tuple[int, str]]:
    stored = {text.id: text for text in texts}
    for pk in ids:
        entry, text = held.get(pk), stored.get(pk)
        if entry and not text:
            yield pk, f"{_named(entry)} is in the index and should not be found"
        elif text and not entry:
            yield pk, f"{_named(text)} is missing from the index"
        elif entry and text and entry.fingerprint != text.fingerprint():
            yield pk, f"{_named(text)} is in the index as it was before"


def _named(text: Document | Entry) -> str:
    return f"/{text.language}/news/{text.number} (id {text.id})"
