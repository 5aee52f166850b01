"""A list for the pages of others: plain, accessible, and telling nobody who read it."""

from __future__ import annotations

from csp.decorators import csp_replace
from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.clickjacking import xframe_options_exempt

from dateline.archive import search
from dateline.archive.caching import query_keys
from dateline.archive.query import Query
from dateline.website.responses import page

MEDIA_TYPE = "text/html"


@xframe_options_exempt
@csp_replace({"frame-ancestors": ["*"]})  # type: ignore[untyped-decorator]
def embed(request: HttpRequest, query: Query) -> HttpResponseBase:
    """The query's first page as a document for an `iframe`; its links open the site itself."""
    result = search.search(query, counted=False)
    context = {"result": result, "heading": result.sentence, "canonical": query.path()}
    language, keys = query.language, query_keys(query)
    return page(request, "website/embed.html", language, context, keys=keys, until=result.until)
