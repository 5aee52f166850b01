"""What the room says: the terms, and the story as it will be published."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from wagtail.rich_text import expand_db_html

from dateline.archive import closing
from dateline.embargo.models import Reader
from dateline.lib import html, newsroom
from dateline.stories.models import Story
from dateline.vocabularies import snapshot


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


def body(story: Story) -> str:
    """The text's HTML with what stands behind it, its links written out."""
    keys = story.offices.values_list("pk", flat=True) if story.boilerplate else ()
    offices = snapshot.current().meant("office", keys)
    behind = closing.html(story.notes_to_editors, offices, story.language)
    return html.clean(f"{expand_db_html(story.body)}{behind}")


def story(reader: Reader, path: str) -> dict[str, Any]:
    """The context of the page; pictures and documents lie below the link."""
    text = reader.story
    return {
        "story": text,
        "body": mark_safe(body(text)),
        "paper": f"{path}/story.pdf",
        "pictures": [
            (row, f"{path}/pictures/{row.picture_id}.webp")
            for row in text.pictures.select_related("picture")
        ],
        "documents": [
            (row, f"{path}/documents/{row.document_id}/{quote(row.document.filename)}")
            for row in text.documents.select_related("document")
        ],
        "contacts": text.contacts.all(),
    }
