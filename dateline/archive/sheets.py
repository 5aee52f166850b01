"""From a story to what its forms are written from: an entry, and a sheet with its words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime

from babel.dates import format_date
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from dateline.archive import entries, facets, rows
from dateline.formats.feed import Contact, Entry
from dateline.formats.sheet import Sheet
from dateline.lib import languages
from dateline.publishing.models import Kind
from dateline.stories.models import Story
from dateline.vocabularies import snapshot as vocabularies


def entry(story: Story) -> Entry:
    """A readable story as its forms carry it; of a retracted one, its headline and the notice."""
    found = rows.fetch([story.pk], vocabularies.current(), bodies=True, at_address=True)
    if not found:
        return _withdrawn(story)
    contacts = [
        Contact(each.name, each.role, each.email, each.phone, each.out_of_hours_phone)
        for each in story.contacts.all()
    ]
    return replace(entries.entry(found[0], story.language), contacts=contacts)


def _withdrawn(story: Story) -> Entry:
    version = story.versions.filter(kind=Kind.RETRACTION).order_by("number").last()
    published = story.published
    assert published is not None  # noqa: S101 - whatever was public is dated
    return Entry(
        id=f"{settings.ORIGIN}/n/{story.number}#{story.language}",
        url=entries.absolute(story.get_absolute_url()),
        headline=story.headline,
        published=published,
        language=story.language,
        updated=version.at if version else None,
        number=story.number,
        version=version.number if version else None,
        canceled=True,
        note=version.note if version else "",
    )


def sheet(entry: Entry) -> Sheet:
    """The entry with its dates and labels in words of the present language."""
    return Sheet(
        entry=entry,
        publisher=entries.publisher(entry.language),
        direction=languages.direction(entry.language),
        dated=_moment(entry.published, entry.language),
        facts=list(_facts(entry)),
        contacts_label=_("Press contact"),
        night_label=_("Out of hours:"),
        notice=_notice(entry),
    )


def _notice(entry: Entry) -> str:
    if not entry.canceled:
        return ""
    said = (_("This story has been retracted"), entry.note)
    return ". ".join(part.rstrip(".") for part in said if part) + "."


def _facts(entry: Entry) -> Iterator[tuple[str, str]]:
    for facet in ("office", "topic"):
        if names := entry.labels(facet):
            yield facets.label(facet, entry.language), ", ".join(names)
    if entry.version and not entry.canceled:
        changed = _moment(entry.updated or entry.published, entry.language)
        yield _("Version"), f"{entry.version} ({changed})"
    yield _("Permanent address"), entry.id.partition("#")[0]


def _moment(value: date | datetime, language: str) -> str:
    """A date in words, with the time and its zone where one is known."""
    local = timezone.localtime(value) if isinstance(value, datetime) else value
    said = str(format_date(local, "long", locale=languages.babel_locale(language)))
    return f"{said}, {local:%H:%M} {local:%Z}" if isinstance(local, datetime) else said
