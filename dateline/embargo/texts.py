"""What the room says: the terms, and the story as it will be published."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from dateline.archive import closing
from dateline.embargo.models import Reader
from dateline.lib import html, newsroom
from dateline.stories import body as bodies
from dateline.stories.models import Story, StoryDocument, StoryPicture
from dateline.vocabularies import snapshot

NONE: bodies.Places = {}


def terms(reader: Reader) -> str:
    """What a reader accepts: the newsroom's own terms or ours, with the moment the embargo ends."""
    names = {
        "moment": moment(reader.story),
        "zone": settings.TIME_ZONE,
        "newsroom": newsroom.say(settings.NEWSROOM.name, reader.language),
    }
    own = newsroom.say(settings.NEWSROOM.embargo_terms, reader.language)
    if own:
        until = _("The embargo ends on %(moment)s (%(zone)s).") % names
        return f"{until} {own}"
    return (
        _(
            "Until %(moment)s (%(zone)s) nothing of this story may be published, quoted or passed "
            "on, nor that you have it. Its text and the moment may still change. Each time you "
            "open it is recorded with your name. %(newsroom)s can end your access at any time."
        )
        % names
    )


def moment(story: Story) -> str:
    """When the embargo ends, in words, on the newsroom's clock."""
    return str(date_format(timezone.localtime(story.visible_from), "DATETIME_FORMAT"))


def body(story: Story, pictures: bodies.Places = NONE, documents: bodies.Places = NONE) -> str:
    """The text's HTML with what stands behind it; files that are not given are left out."""
    keys = story.offices.values_list("pk", flat=True) if story.boilerplate else ()
    offices = snapshot.current().meant("office", keys)
    behind = closing.html(story.notes_to_editors, offices, story.language)
    return html.clean(f"{bodies.expand(story.body, pictures, documents)}{behind}")


def story(reader: Reader, path: str) -> dict[str, Any]:
    """The context of the page; pictures and documents lie below the link."""
    text = reader.story
    placed = bodies.placed(text.body)
    pictures = list(text.pictures.select_related("picture"))
    documents = [(row, _document(row, path)) for row in text.documents.select_related("document")]
    figures = {row.picture_id: _figure(row, path) for row in pictures}
    files = {row.document_id: address for row, address in documents}
    return {
        "story": text,
        "body": mark_safe(body(text, figures, files)),
        "paper": f"{path}/story.pdf",
        "pictures": [
            (row, _address(row, path)) for row in pictures if row.picture_id not in placed
        ],
        "documents": documents,
        "contacts": text.contacts.all(),
    }


def _address(row: StoryPicture, path: str) -> str:
    return f"{path}/pictures/{row.picture_id}.webp"


def _figure(row: StoryPicture, path: str) -> str:
    return bodies.figure(
        row.picture_id, _address(row, path), row.alt, row.caption, row.picture.credit
    )


def _document(row: StoryDocument, path: str) -> str:
    return f"{path}/documents/{row.document_id}/{quote(row.document.filename)}"
