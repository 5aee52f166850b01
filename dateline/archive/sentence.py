"""A query in one sentence: a page's heading, a feed's title, an alert's subject."""

from __future__ import annotations

from babel.dates import format_date
from django.conf import settings
from django.utils.translation import gettext, override, pgettext

from dateline.archive import facets
from dateline.archive.query import Query
from dateline.lib import languages, newsroom
from dateline.vocabularies.snapshot import Snapshot


def heading(language: str) -> str:
    """What the plain list is called: the newsroom's own heading, else Dateline's."""
    own = settings.NEWSROOM.heading
    return newsroom.say(own, language) if own else gettext("News and press releases")


def say(query: Query, snapshot: Snapshot) -> str:
    """The query in its own language: "News from Astana about rule of law in 2016".

    The pieces are joined by the translated patterns alone, so that each language orders and
    punctuates them as it needs.
    """
    with override(query.language):
        text = _labels(query, "genre", snapshot) or heading(query.language)
        if offices := _labels(query, "office", snapshot):
            text = gettext("%(stories)s from %(offices)s") % {"stories": text, "offices": offices}
        if topics := _labels(query, "topic", snapshot):
            text = gettext("%(stories)s about %(topics)s") % {"stories": text, "topics": topics}
        if query.predecessors:
            text = gettext("%(stories)s, with predecessors") % {"stories": text}
        if query.keywords:
            words = {"stories": text, "words": query.keywords}
            text = gettext("%(stories)s with “%(words)s”") % words
        if period := _period(query, snapshot):
            text = gettext("%(stories)s, %(period)s") % {"stories": text, "period": period}
        if query.selected("language"):
            spoken = facets.joined([languages.endonym(tag) for tag in query.languages])
            text = gettext("%(stories)s (%(languages)s)") % {"stories": text, "languages": spoken}
    return text


def _labels(query: Query, facet: str, snapshot: Snapshot) -> str:
    labels = [
        facets.value_label(facet, value, query.language, snapshot)
        for value in query.selected(facet)
    ]
    return facets.joined(labels)


def _period(query: Query, snapshot: Snapshot) -> str:
    dates = [_months_and_years(query, snapshot)]
    locale = languages.babel_locale(query.language)
    if query.since:
        since = format_date(query.since, "long", locale=locale)
        dates.append(gettext("from %(date)s") % {"date": since})
    if query.until:
        until = format_date(query.until, "long", locale=locale)
        dates.append(gettext("until %(date)s") % {"date": until})
    return " ".join(filter(None, dates))


def _months_and_years(query: Query, snapshot: Snapshot) -> str:
    """A month says its year; years that are named besides are those without a chosen month."""
    months, years = query.selected("month"), query.selected("year")
    if months and {month[:4] for month in months} == set(years):
        years = ()
    spoken = [_labels(query, "month", snapshot), _labels(query, "year", snapshot) if years else ""]
    return pgettext("between the items of a list", ", ").join(filter(None, spoken))
