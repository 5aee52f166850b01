"""What search engines ask for: sitemaps with languages, and robots.txt."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from xml.sax.saxutils import escape

from django.conf import settings
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from dateline.archive.caching import EVERY_LIST, EVERYTHING
from dateline.formats.xml import legal
from dateline.lib import newsroom
from dateline.publishing import visibility
from dateline.stories.models import Story
from dateline.stories.ports import language_of
from dateline.vocabularies import snapshot as vocabularies
from dateline.website.responses import cacheable

PART = 5000
"""Story numbers in one sitemap; with their languages well below the protocol's 50 MB and 50,000."""

_XML = '<?xml version="1.0" encoding="UTF-8"?>\n'
_NAMESPACES = (
    'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml"'
)
_NEWS = 'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'

NEW = timedelta(days=2)
MOST_NEW = 1000

Row = tuple[int, int, str, date, datetime | None]
"""number, locale, slug, publishing date, last update"""


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Everything public may be read by machines; the list's combinations say noindex themselves."""
    text = f"User-agent: *\nDisallow: /desk/\nSitemap: {settings.ORIGIN}/sitemap.xml\n"
    response = HttpResponse(text, content_type="text/plain; charset=utf-8")
    return cacheable(request, response, [EVERYTHING])


@require_safe
def sitemap_index(request: HttpRequest) -> HttpResponse:
    """The index of sitemaps (sitemaps.org): for each language, stories by ranges of numbers."""
    last = _public().order_by("-number").values_list("number", flat=True).first() or 0
    names = ["news"] + [
        f"{tag}-{part}"
        for tag in settings.NEWSROOM.languages
        for part in range(1, last // PART + 2)
    ]
    places = [
        f"<sitemap><loc>{settings.ORIGIN}/sitemap-{name}.xml</loc></sitemap>" for name in names
    ]
    return _xml(request, f"<sitemapindex {_NAMESPACES}>", places, "</sitemapindex>")


@require_safe
def sitemap(request: HttpRequest, language: str, part: int) -> HttpResponse:
    """One range of numbers in one language; the first holds the fixed pages as well."""
    texts = _texts((part - 1) * PART, part * PART)
    if part > 1 and not texts:
        raise Http404
    entries = [*(_fixed(language) if part == 1 else ()), *_stories(language, texts)]
    return _xml(request, f"<urlset {_NAMESPACES}>", entries, "</urlset>")


@require_safe
def news(request: HttpRequest) -> HttpResponse:
    """What is new, for news search engines: Google takes two days and 1,000 texts."""
    since = timezone.now() - NEW
    new = Q(published_at__gte=since) | Q(published_at=None)
    rows = _public().filter(new, published_on__gte=timezone.localdate(since))
    newest = rows.order_by("-published_on", "-number").select_related("locale")[:MOST_NEW]
    entries = [_news_entry(story) for story in newest]
    return _xml(request, f"<urlset {_NAMESPACES} {_NEWS}>", entries, "</urlset>")


def _news_entry(story: Story) -> str:
    name = newsroom.say(settings.NEWSROOM.name, story.language)
    published = story.published
    assert published is not None  # noqa: S101 - what is listed has a date
    return (
        f"<url><loc>{escape(settings.ORIGIN + story.get_absolute_url())}</loc><news:news>"
        f"<news:publication><news:name>{escape(name)}</news:name>"
        f"<news:language>{story.language.partition('-')[0]}</news:language></news:publication>"
        f"<news:publication_date>{published.isoformat()}</news:publication_date>"
        f"<news:title>{escape(legal(story.headline))}</news:title></news:news></url>"
    )


def _public() -> QuerySet[Story]:
    return visibility.listed(Story.objects.all())


def _texts(first: int, end: int) -> dict[int, dict[str, Row]]:
    """Number → language → the public text, for numbers in [first, end)."""
    rows = _public().filter(number__gte=first, number__lt=end).order_by("number")
    texts: dict[int, dict[str, Row]] = defaultdict(dict)
    for row in rows.values_list("number", "locale_id", "slug", "published_on", "updated_at"):
        texts[row[0]][language_of(row[1]) or ""] = row
    return texts


def _stories(language: str, texts: dict[int, dict[str, Row]]) -> Iterator[str]:
    for number, versions in texts.items():
        if language in versions:
            paths = {tag: f"/{tag}/news/{number}/{row[2]}" for tag, row in versions.items()}
            _number, _locale, _slug, published, updated = versions[language]
            yield _entry(paths[language], paths, updated or published)


def _fixed(language: str) -> Iterator[str]:
    snapshot = vocabularies.current()
    names = ["/", "/news", "/offices", "/topics", "/about", "/accessibility"]
    names += [f"/offices/{term.slug}" for term in snapshot.terms("office")]
    names += [f"/topics/{term.slug}" for term in snapshot.terms("topic")]
    for name in names:
        yield _entry(
            f"/{language}{name}", {tag: f"/{tag}{name}" for tag in settings.NEWSROOM.languages}
        )


def _entry(path: str, paths: dict[str, str], changed: date | datetime | None = None) -> str:
    modified = f"<lastmod>{changed.isoformat()}</lastmod>" if changed else ""
    links = "".join(
        f'<xhtml:link rel="alternate" hreflang="{tag}" href="{escape(settings.ORIGIN + other)}"/>'
        for tag, other in paths.items()
    )
    return f"<url><loc>{escape(settings.ORIGIN + path)}</loc>{modified}{links}</url>"


def _xml(
    request: HttpRequest, start: str, entries: Iterator[str] | list[str], end: str
) -> HttpResponse:
    content = _XML + start + "\n" + "\n".join(entries) + "\n" + end + "\n"
    response = HttpResponse(content, content_type="application/xml; charset=utf-8")
    return cacheable(request, response, [EVERY_LIST])
