"""Versions: what the public saw, as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import orjson

from dateline.publishing.models import Kind, Version
from dateline.stories.models import Story

TEXT = (
    *("headline", "summary", "body", "notes_to_editors", "boilerplate", "dateline", "byline"),
    *("location", "translation_note"),
)
COLUMNS = (*TEXT, "published_on", "published_at", "genre_id", "visible_from", "expire_at")


def content(
    columns: Mapping[str, Any],
    offices: Iterable[int],
    topics: Iterable[int],
    parts: Mapping[str, Any],
) -> bytes:
    """The public content of a story as JSON: its texts, dates, terms (ids) and parts.

    `columns` are the story's own, by name: those in COLUMNS, of which the last may be missing.
    """
    return orjson.dumps(
        {
            **{name: columns[name] for name in TEXT},
            "published_on": columns["published_on"],
            "published_at": columns["published_at"],
            "genre": columns["genre_id"],
            "visible_from": columns["visible_from"],
            "expires": columns.get("expire_at"),
            "offices": sorted(offices),
            "topics": sorted(topics),
            **parts,
        }
    )


def read(version: Version) -> dict[str, Any]:
    """The content of a version."""
    return orjson.loads(bytes(version.content))  # type: ignore[no-any-return]


def record(story: Story, kind: Kind, at: datetime, note: str = "", by: Any = None) -> Version:
    """Write the next version of a story as it is now."""
    last = story.versions.order_by("-number").values_list("number", flat=True).first() or 0
    return Version.objects.create(
        story=story,
        number=last + 1,
        kind=kind,
        at=at,
        note=note,
        by=by if getattr(by, "pk", None) else None,
        content=content(
            {name: getattr(story, name) for name in COLUMNS},
            [term.pk for term in story.offices.all()],
            [term.pk for term in story.topics.all()],
            _parts(story),
        ),
    )


def _parts(story: Story) -> dict[str, Any]:
    return {
        "pictures": [
            {"picture": row.picture_id, "caption": row.caption, "alt": row.alt}
            for row in story.pictures.all()
        ],
        "documents": [
            {"document": row.document_id, "title": str(row)} for row in story.documents.all()
        ],
        "contacts": [contact.pk for contact in story.contacts.all()],
        "related": [other.pk for other in story.related.all()],
    }
