"""From a row of a list to an entry of a feed or table, with absolute addresses."""

from __future__ import annotations

import mimetypes
from contextlib import suppress
from urllib.parse import quote
from zoneinfo import ZoneInfo

from django.conf import settings
from wagtail.documents.models import AbstractDocument

from dateline.archive import closing
from dateline.archive.rows import StoryRow
from dateline.formats.feed import Attachment, Category, Entry, Picture, Publisher
from dateline.lib import html, newsroom
from dateline.stories import body
from dateline.stories.models import StoryDocument, StoryPicture
from dateline.vocabularies.snapshot import TermInfo


def entry(row: StoryRow, language: str) -> Entry:
    """A story as feeds and exports carry it; its terms are named in `language`, the list's.

    The id is the story's permanent short address with the text's language, which stays the same
    when headline, date or slug change.
    """
    pictures = [_picture(row, used) for used in row.pictures]
    attachments = [_attachment(row, used) for used in row.documents]
    return Entry(
        id=f"{settings.ORIGIN}/n/{row.number}#{row.language}",
        url=absolute(row.path),
        headline=row.headline,
        published=row.published,
        language=row.language,
        updated=row.updated_at,
        summary=row.summary,
        body_html=_body(row, pictures, attachments),
        authors=(row.byline,) if row.byline else (),
        categories=[_category(term, language) for term in row.terms],
        pictures=pictures,
        attachments=attachments,
        number=row.number,
        source_url=row.source_url,
        dateline=row.dateline,
        location=row.location,
        version=row.version,
    )


def publisher(language: str) -> Publisher:
    """Who publishes here, in a language."""
    room = settings.NEWSROOM
    name = newsroom.say(room.name, language)
    return Publisher(
        name=newsroom.say(room.organisation, language) or name,
        newsroom=name,
        url=absolute(f"/{language}/"),
        zone=ZoneInfo(settings.TIME_ZONE),
    )


def absolute(path: str) -> str:
    """The full address of a path on this site."""
    return f"{settings.ORIGIN}{path}"


def _body(row: StoryRow, pictures: list[Picture], attachments: list[Attachment]) -> str:
    """The body and what stands behind it, every address absolute: it leaves the site."""
    behind = closing.html(row.notes_to_editors, row.about, row.language)
    whole = f"{_expanded(row, pictures, attachments)}{behind}" if row.body else behind
    return html.clean(whole, absolute(row.path)) if whole else ""


def _expanded(row: StoryRow, pictures: list[Picture], attachments: list[Attachment]) -> str:
    stored = row.body or ""
    placed = body.placed(stored)
    shown = zip((used.picture_id for used in row.pictures), pictures, strict=True)
    attached = zip((used.document_id for used in row.documents), attachments, strict=True)
    figures = {
        key: body.figure(key, it.url, it.alt, it.caption, it.credit)
        for key, it in shown
        if key in placed
    }
    return body.expand(stored, figures, {key: it.url for key, it in attached})


def _picture(row: StoryRow, used: StoryPicture) -> Picture:
    """A picture in the middle one of the sizes the site offers."""
    return Picture(
        url=absolute(f"/n/{row.number}/pictures/{used.picture_id}-960.webp"),
        content_type="image/webp",
        alt=used.alt,
        caption=used.caption,
        credit=used.picture.credit,
        licence=used.picture.licence,
    )


def _attachment(row: StoryRow, used: StoryDocument) -> Attachment:
    name = used.document.filename
    return Attachment(
        url=absolute(f"/n/{row.number}/documents/{used.document_id}/{quote(name)}"),
        content_type=mimetypes.guess_type(name)[0] or "application/octet-stream",
        title=str(used),
        size=_size(used.document),
    )


def _size(document: AbstractDocument) -> int | None:
    """In bytes; measured where nobody has written it down. None for a file that is gone."""
    if document.file_size is not None:
        return int(document.file_size)
    with suppress(OSError):
        return int(document.file.size)
    return None


def _category(term: TermInfo, language: str) -> Category:
    return Category(scheme=term.facet, term=term.slug, label=term.label(language))
