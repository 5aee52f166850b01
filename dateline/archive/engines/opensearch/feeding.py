"""Putting documents in: in batches, with patience where the cluster is busy, and idempotently."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any
from zoneinfo import ZoneInfo

from opensearchpy import OpenSearch, helpers

from dateline.archive.engines.base import Document, EngineError
from dateline.archive.engines.opensearch.tokens import source

CHUNK = 500
CHUNK_BYTES = 8 * 1024 * 1024
RETRIES = 8
"""How often a batch the cluster is too busy for (429) is offered again, each time later."""
_NEWER, _MISSING = 409, 404


def feed(
    client: OpenSearch,
    index: str,
    actions: Iterable[dict[str, Any]],
    progress: Callable[[int], None] | None = None,
) -> None:
    """Carry out index and delete actions. Raises EngineError with the first that was refused.

    What the index holds in a newer version already stays (an older change is being replayed).
    """
    done = 0
    answers = helpers.streaming_bulk(
        client,
        ({"_index": index, **action} for action in actions),
        chunk_size=CHUNK,
        max_chunk_bytes=CHUNK_BYTES,
        max_retries=RETRIES,
        initial_backoff=1,
        max_backoff=30,
        raise_on_error=False,
    )
    for good, answer in answers:
        ((kind, said),) = answer.items()
        if not good and said["status"] not in (_NEWER, _MISSING):
            raise EngineError(f"OpenSearch refused to {kind} {said['_id']}: {said.get('error')}")
        done += 1
        if progress and done % CHUNK == 0:
            progress(done)
    if progress:
        progress(done)


def puts(documents: Iterable[Document], version: int, zone: ZoneInfo) -> Iterator[dict[str, Any]]:
    """Actions that add or replace documents, as of the change `version`."""
    for document in documents:
        yield {**_action("index", document.id, version), "_source": source(document, zone)}


def removals(ids: Iterable[int], version: int) -> Iterator[dict[str, Any]]:
    """Actions that remove documents, as of the change `version`."""
    for pk in ids:
        yield _action("delete", pk, version)


def _action(kind: str, pk: int, version: int) -> dict[str, Any]:
    return {"_op_type": kind, "_id": str(pk), "version": version, "version_type": "external_gte"}
