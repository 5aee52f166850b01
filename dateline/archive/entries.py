"""From a row of a list to an entry of a feed or table, with absolute addresses."""

from __future__ import annotations

from django.conf import settings

from dateline.archive.rows import StoryRow
from dateline.formats.feed import Category, Entry
from dateline.vocabularies.snapshot import TermInfo


def entry(row: StoryRow, language: str) -> Entry:
    """A story as feeds and exports carry it; its terms are named in `language`, the list's.

    The id is the story's permanent short address with the text's language, which stays the same
    when headline, date or slug change.
    """
    terms = (*filter(None, [row.genre]), *row.offices, *row.topics)
    return Entry(
        id=f"{settings.ORIGIN}/n/{row.number}#{row.language}",
        url=absolute(row.path),
        headline=row.headline,
        published=row.published,
        language=row.language,
        updated=row.updated_at,
        summary=row.summary,
        body_html=row.body or "",
        authors=(row.byline,) if row.byline else (),
        categories=[_category(term, language) for term in terms],
        number=row.number,
        source_url=row.source_url,
    )


def absolute(path: str) -> str:
    """The full address of a path on this site."""
    return f"{settings.ORIGIN}{path}"


def _category(term: TermInfo, language: str) -> Category:
    return Category(scheme=term.facet, term=term.slug, label=term.label(language))
