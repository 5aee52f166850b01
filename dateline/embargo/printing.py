"""The story on paper, for one reader."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext as _

from dateline.archive import entries, sheets
from dateline.embargo import texts
from dateline.embargo.models import Reader
from dateline.formats.feed import Contact, Entry
from dateline.formats.pdf.write import write


def pdf(reader: Reader) -> bytes:
    """A PDF with the embargo above the text and the reader's name across every page."""
    banner = _("Under embargo until %(moment)s (%(zone)s). For %(reader)s only.") % {
        "moment": texts.moment(reader.story),
        "zone": settings.TIME_ZONE,
        "reader": reader,
    }
    sheet = sheets.sheet(_entry(reader))
    return write(sheet, settings.NEWSROOM.accent, banner=banner, watermark=str(reader))


def _entry(reader: Reader) -> Entry:
    """The text as its forms carry it, without a trace of where its files are."""
    story = reader.story
    assert story.visible_from is not None  # noqa: S101 - it is under embargo
    return Entry(
        id=f"{settings.ORIGIN}/n/{story.number}#{story.language}",
        url=entries.absolute(story.get_absolute_url()),
        headline=story.headline,
        published=story.published or story.visible_from,
        language=story.language,
        summary=story.summary,
        body_html=texts.body(story),
        authors=(story.byline,) if story.byline else (),
        number=story.number,
        dateline=story.dateline,
        location=story.location,
        contacts=[
            Contact(each.name, each.role, each.email, each.phone, each.out_of_hours_phone)
            for each in story.contacts.all()
        ],
    )
