"""Offices and topics: each with a page of its own, all of them as a tree."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from dateline.archive import caching, search
from dateline.archive.query import Query
from dateline.vocabularies import snapshot as vocabularies
from dateline.website.pages import terms as pages
from dateline.website.responses import moved, page

LATEST = 10


@require_safe
def term(request: HttpRequest, language: str, facet: str, slug: str) -> HttpResponse:
    """What an office or topic is, and its newest stories."""
    found = vocabularies.current().term(facet, slug)
    if found is None:
        raise Http404
    if found.slug != slug:
        return moved(request, f"/{language}/{pages.FOLDERS[facet]}/{found.slug}")
    query = Query(language=language, selections=((facet, (slug,)),), size=LATEST)
    result = search.search(query)
    context = pages.present(found, result)
    keys = caching.query_keys(query)
    return page(request, "website/term.html", language, context, keys=keys, until=result.until)


@require_safe
def index(request: HttpRequest, language: str, facet: str) -> HttpResponse:
    """All offices or topics as a tree, each with the number of its stories."""
    result = search.search(Query(language=language, size=10))
    context = pages.present_index(facet, result)
    keys = caching.query_keys(result.query)
    return page(request, "website/terms.html", language, context, keys=keys)
