"""Answers to the endings of a story: to be cited, printed, or taken into another system.

A killed story answers 410 in every form, a retracted one gives its notice in place of its text.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from dateline.archive import caching, entries, sheets, story_endings
from dateline.archive.story_endings import StoryEnding
from dateline.exports.files import attach
from dateline.formats import bibtex, csljson, newsmlg2, ninjs, pdf, plaintext, ris
from dateline.formats.bibtex.write import write as write_bibtex
from dateline.formats.csljson.write import write as write_csljson
from dateline.formats.feed import Entry
from dateline.formats.newsmlg2.write import write as write_newsml
from dateline.formats.ninjs.write import write as write_ninjs
from dateline.formats.pdf.write import write as write_pdf
from dateline.formats.plaintext.write import write as write_text
from dateline.formats.ris.write import write as write_ris
from dateline.publishing import visibility
from dateline.stories.models import Story

Write = Callable[[Entry], bytes]


@dataclass(frozen=True)
class Form:
    """A form of every story: its address ends in `suffix`, the file it is saved as in `extension`.

    A form that `cites` is a reference; one that is `shown` opens in the browser, unless saved.
    """

    suffix: str
    extension: str
    media_type: str
    label: str | Promise
    write: Write
    cites: bool = False
    shown: bool = False


def register() -> None:
    """Make every form an ending of every story."""
    for form in FORMS:
        story_endings.register(
            StoryEnding(
                form.suffix,
                form.media_type,
                form.label,
                partial(answer, form),
                cites=form.cites,
            )
        )


def answer(form: Form, request: HttpRequest, story: Story) -> HttpResponseBase:
    """A readable story in a form."""
    entry = sheets.entry(story)
    response = HttpResponse(form.write(entry), content_type=_content_type(form))
    attach(response, entry.headline, form.extension, shown=form.shown)
    keys = [caching.story_key(entry.number or 0)]
    until = story.expire_at if visibility.is_listed(story) else None
    return caching.public(request, response, keys, until=until)


def _content_type(form: Form) -> str:
    """With the encoding, except where the format itself says it."""
    binary = form.media_type in (pdf.CONTENT_TYPE, ninjs.CONTENT_TYPE, csljson.CONTENT_TYPE)
    return form.media_type if binary else f"{form.media_type}; charset=utf-8"


def _published(write: Callable[..., bytes]) -> Write:
    return lambda entry: write(entry, entries.publisher(entry.language))


def _printed(entry: Entry) -> bytes:
    return write_pdf(sheets.sheet(entry), settings.NEWSROOM.accent)


def _plain(entry: Entry) -> bytes:
    return write_text(sheets.sheet(entry))


FORMS: tuple[Form, ...] = (
    Form("pdf", "pdf", pdf.CONTENT_TYPE, "PDF", _printed, shown=True),
    Form("txt", "txt", plaintext.CONTENT_TYPE, _("Plain text"), _plain, shown=True),
    Form("ninjs", "json", ninjs.CONTENT_TYPE, "ninjs", _published(write_ninjs)),
    Form("newsml", "xml", newsmlg2.CONTENT_TYPE, "NewsML-G2", _published(write_newsml)),
    Form("bib", "bib", bibtex.CONTENT_TYPE, "BibTeX", _published(write_bibtex), cites=True),
    Form("ris", "ris", ris.CONTENT_TYPE, "RIS", _published(write_ris), cites=True),
    Form("csl", "json", csljson.CONTENT_TYPE, "CSL-JSON", _published(write_csljson), cites=True),
)
"""Every form, in the order they are offered. A new one is a folder in `formats` and a line here."""
