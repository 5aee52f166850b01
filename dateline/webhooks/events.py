"""From changes in the outbox to messages for each endpoint that follows a list they are in."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import orjson
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from dateline.archive import entries, percolate, rows
from dateline.archive.query import Query
from dateline.archive.rows import StoryRow
from dateline.publishing import outbox
from dateline.publishing.models import Change, Cursor, Datestamp, Kind, Version
from dateline.vocabularies import snapshot as vocabularies
from dateline.webhooks import listings
from dateline.webhooks.models import Endpoint, Message

log = logging.getLogger(__name__)

NAME = "webhooks"
BATCH = 500

PUBLISHED, UPDATED, CORRECTED = "story.published", "story.updated", "story.corrected"
WITHDRAWN = "story.withdrawn"


def gather() -> bool:
    """Write the messages of the next changes; True when there may be more of them.

    Messages and cursor are one transaction: killed anywhere, nothing is missed or written twice.
    """
    cursor, new = Cursor.objects.get_or_create(name=NAME, defaults={"sequence": outbox.head()})
    if new:  # what was published before anybody wanted to be told is no news
        return False
    changes = outbox.after(cursor.sequence, BATCH)
    if not changes:
        return False
    messages = _messages(changes)  # outside the transaction: it takes longer than writers may wait
    with transaction.atomic():
        Message.objects.bulk_create(messages, ignore_conflicts=True)
        Cursor.objects.filter(name=NAME).update(sequence=changes[-1].sequence)
    return len(changes) == BATCH


def _messages(changes: Iterable[Change]) -> list[Message]:
    """One message a story and endpoint, of the story's present state."""
    last = {change.story_id: change for change in changes if change.story_id is not None}
    endpoints = _following()
    if not endpoints or not last:
        return []
    found = percolate.matching(set(endpoints.values()), [*last])
    told = _told([*last])
    public = {row.id: row for row in rows.fetch([*last], vocabularies.current())}
    versions = _last_versions([*last])
    return [
        _message(
            endpoint, change, public.get(pk), versions.get(pk), known=(endpoint.pk, pk) in told
        )
        for pk, change in last.items()
        for endpoint, query in endpoints.items()
        if (endpoint.pk, pk) in told or (pk in found.get(query, ()) and pk in public)
    ]


def _following() -> dict[Endpoint, Query]:
    """The active endpoints with what they follow; one whose list is gone is stopped."""
    found = {}
    for endpoint in Endpoint.objects.filter(active=True):
        try:
            found[endpoint] = listings.followed(endpoint.listing)
        except listings.NoListing as error:
            log.warning("webhook %s follows a list that is gone: %s", endpoint.pk, error)
            reason = f"The list it follows does not exist any more: {error}"
            Endpoint.objects.filter(pk=endpoint.pk).update(active=False, stopped=reason[:300])
    return found


def _told(ids: list[int]) -> set[tuple[int, int]]:
    """(endpoint, story) wherever the last thing the endpoint heard of the story was not its end."""
    heard = Message.objects.filter(story_id__in=ids).order_by("pk")
    last = {
        (endpoint, story): kind
        for endpoint, story, kind in heard.values_list("endpoint_id", "story_id", "kind")
    }
    return {key for key, kind in last.items() if kind != WITHDRAWN}


def _last_versions(ids: list[int]) -> dict[int, Version]:
    """Story → its last version, without the text."""
    versions = Version.objects.filter(story_id__in=ids).order_by("number").defer("content")
    return {version.story_id: version for version in versions}


def _message(
    endpoint: Endpoint,
    change: Change,
    row: StoryRow | None,
    version: Version | None,
    *,
    known: bool,
) -> Message:
    pk = change.story_id
    assert pk is not None  # noqa: S101 - only changes of stories come here
    now = timezone.now()
    kind = _kind(row, version, known=known)
    data = _story(row) if row else _gone(pk, version)
    return Message(
        endpoint=endpoint,
        sequence=change.sequence,
        story_id=pk,
        kind=kind,
        content=_content(kind, change.at, data),
        created_at=now,
        due=now,
    )


def _kind(row: StoryRow | None, version: Version | None, *, known: bool) -> str:
    if row is None:
        return WITHDRAWN
    if not known:
        return PUBLISHED
    return CORRECTED if version and version.kind == Kind.CORRECTION else UPDATED


def _content(kind: str, at: datetime, data: Mapping[str, Any]) -> str:
    """The payload Standard Webhooks recommends: `type`, `timestamp`, `data`."""
    payload = {"type": kind, "timestamp": at.isoformat(), "data": data}
    return orjson.dumps(payload).decode()


def _story(row: StoryRow) -> dict[str, Any]:
    return {
        "id": f"{settings.ORIGIN}/n/{row.number}#{row.language}",
        "number": row.number,
        "language": row.language,
        "url": entries.absolute(row.path),
        "headline": row.headline,
        "summary": row.summary,
        "published": row.published.isoformat(),
        "updated": row.updated_at.isoformat() if row.updated_at else None,
        "genre": row.genre.slug if row.genre else None,
        "offices": [office.slug for office in row.offices],
        "topics": [topic.slug for topic in row.topics],
    }


def _gone(pk: int, version: Version | None) -> dict[str, Any]:
    """What is said of a story that is no longer public: which one, and the public reason."""
    stamp = Datestamp.objects.filter(story_id=pk).first()
    told = version and version.kind in (Kind.KILL, Kind.RETRACTION)
    return {
        "id": f"{settings.ORIGIN}/n/{stamp.number}#{stamp.language}" if stamp else None,
        "number": stamp.number if stamp else None,
        "language": stamp.language if stamp else None,
        "reason": version.kind if version and told else "unpublication",
        "note": version.note if version and told else "",
    }
