"""Filters that print dates, numbers and terms in the language of the page."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache
from html import escape
from urllib.parse import urlsplit

from babel.dates import format_date
from babel.numbers import format_decimal
from django.template import Context, Library
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, pgettext

from dateline.archive.facets import FacetValue
from dateline.archive.highlight import Marked
from dateline.archive.rows import StoryRow
from dateline.lib import languages
from dateline.vocabularies.snapshot import TermInfo

register = Library()


@register.filter
def label(term: TermInfo, language: str) -> str:
    """A term's name in a language."""
    return term.label(language)


@register.simple_tag
def label_then(term: TermInfo, language: str, on: date | None) -> str:
    """The name a term had on a day, where that is another than today's; else nothing."""
    then = term.on(on).label(language) if on else ""
    return "" if then == term.label(language) else then


@register.filter
def day(value: date | datetime, form: str = "long") -> str:
    """A date in words: "19 December 2024", in the medium form "19 Dec 2024"."""
    on = timezone.localtime(value).date() if isinstance(value, datetime) else value
    return _day(on, form, get_language() or "en")


@lru_cache(maxsize=8192)
def _day(value: date, form: str, language: str) -> str:
    return str(format_date(value, form, locale=languages.babel_locale(language)))


@register.filter
def iso(value: date | datetime) -> str:
    """A date or a moment to the second, as HTML's `datetime` takes it."""
    return value.isoformat(timespec="seconds") if isinstance(value, datetime) else value.isoformat()


@register.filter
def moment(value: date | datetime) -> str:
    """A date in words, with the time and its zone where a time is known."""
    if not isinstance(value, datetime):
        return day(value)
    local = timezone.localtime(value)
    return f"{day(local)}, {local:%H:%M} {local:%Z}"


@register.filter
def number(value: int) -> str:
    """A number with the separators of the page's language."""
    return _number(value, get_language() or "en")


@lru_cache(maxsize=8192)
def _number(value: int, language: str) -> str:
    return str(format_decimal(value, locale=languages.babel_locale(language)))


@register.filter
def direction(language: str) -> str:
    """ "ltr" or "rtl": the writing direction of a language."""
    return languages.direction(language)


@register.filter
def endonym(language: str) -> str:
    """A language's own name."""
    return languages.endonym(language)


@register.filter
def dialled(phone: str) -> str:
    """A telephone number as `tel:` takes it (RFC 3966): digits and a leading plus."""
    return re.sub(r"(?!^\+)[^0-9]", "", phone.strip())


@register.filter
def host(address: str) -> str:
    """The site an address belongs to, as people say it."""
    return (urlsplit(address).hostname or address).removeprefix("www.")


@register.simple_tag(takes_context=True)
def said(context: Context, story: StoryRow, part: str) -> SafeString:
    """The story's `headline`, `summary` or `excerpt`, with what was asked for marked.

    Lists that nobody asked words of have no marks, and no excerpts. Screen readers read through
    <mark>, which is as it should be: a word is not interrupted by having been found.
    """
    found = (context.get("found") or {}).get(story.id)
    marked = getattr(found, part) if found else Marked(getattr(story, part, ""))
    return _with_marks(marked)


def _with_marks(marked: Marked) -> SafeString:
    pieces, done = [], 0
    for start, end in marked.spans:
        pieces += [escape(marked.text[done:start]), "<mark>", escape(marked.text[start:end])]
        pieces.append("</mark>")
        done = end
    pieces.append(escape(marked.text[done:]))
    return mark_safe("".join(pieces))


@register.simple_tag
def check_boxes(facet: str, values: Iterable[FacetValue]) -> SafeString:
    """The values of a facet as check boxes of the form `query`.

    Not a template: a list has hundreds of them, and the engine's share of a page was mostly these.
    """
    language, closed = get_language() or "en", escape(pgettext("office", "closed"))
    return mark_safe("".join(_check_box(facet, value, language, closed) for value in values))


def _check_box(facet: str, value: FacetValue, language: str, closed: str) -> str:
    slug = escape(value.value)
    item = ' class="below"' if value.depth else ""
    checked = " checked" if value.selected else ""
    spoken = f' lang="{slug}"' if facet == "language" else ""
    state = f" <small>{closed}</small>" if value.closed else ""
    return (
        f'<li{item}><label><input type="checkbox" form="query" name="{facet}" value="{slug}"'
        f' id="{facet}-{slug}"{checked}><span{spoken}>{escape(value.label)}{state}</span> '
        f'<span class="n">{_number(value.count, language)}</span></label></li>'
    )
