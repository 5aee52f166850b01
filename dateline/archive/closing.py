"""What stands behind a release: notes to editors, and who its offices are."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import override
from wagtail.rich_text import expand_db_html

from dateline.vocabularies.snapshot import TermInfo


def html(notes: str, offices: Iterable[TermInfo], language: str) -> SafeString:
    """Both as HTML with headings, in the text's language; "" where there is neither.

    `notes` is rich text as the store keeps it; `offices` are those whose text is wanted, and those
    without one in the language are left out: English would not belong to the release.
    """
    with override(language):
        parts = []
        if notes:
            heading, text = _("Notes to editors"), mark_safe(str(expand_db_html(notes)))
            parts.append(format_html("<h2>{}</h2>{}", heading, text))
        for office in offices:
            if about := office.abouts.get(language):
                heading = _("About %(office)s") % {"office": office.label(language)}
                parts.append(format_html("<h2>{}</h2><p>{}</p>", heading, about))
    return mark_safe("".join(parts))
