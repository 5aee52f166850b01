"""The listing: a query as a page, or with an ending as anything else."""

from __future__ import annotations

from urllib.parse import parse_qsl

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dateline.archive import endings, facets, search
from dateline.archive.caching import EVERY_LIST
from dateline.archive.query import Parsed, parse
from dateline.vocabularies import snapshot as vocabularies
from dateline.website.pages import notices
from dateline.website.pages.listing import present
from dateline.website.responses import moved, page


@require_safe
def listing(request: HttpRequest, language: str) -> HttpResponse:
    """The stories a query asks for."""
    asked = _asked(request, language)
    if not asked.problems and not _is_canonical(request, asked):
        return moved(request, asked.query.path(), permanent=False)
    result = search.search(asked.query)
    if asked.query.page > result.pages:
        result = search.search(asked.query.on_page(result.pages))
    # The facet of languages counts the texts of all of them.
    keys = [EVERY_LIST]
    context = present(asked, result)
    return page(request, "website/listing.html", language, context, keys=keys, until=result.until)


@require_safe
def ending(request: HttpRequest, language: str, suffix: str) -> HttpResponseBase:
    """The same query in another form: a feed, an export. Machines get errors, not guesses."""
    form = endings.get(suffix)
    if form is None:
        known = ", ".join(f".{known.suffix}" for known in endings.every())
        return _plain(
            _("There is no .%(suffix)s of a list. There are: %(known)s")
            % {"suffix": suffix[:20], "known": known},
            404,
        )
    asked = _asked(request, language)
    if asked.problems:
        return _plain("\n".join(notices.say(problem, language) for problem in asked.problems), 400)
    return form.respond(request, asked.query)


def _asked(request: HttpRequest, language: str) -> Parsed:
    """The query of an address, with everything about it that could not be used."""
    parsed = parse(dict(request.GET.lists()), language, timezone.localdate())
    query, unknown = facets.resolve(parsed.query, vocabularies.current())
    return Parsed(query, (*parsed.problems, *unknown), parsed.typed)


def _is_canonical(request: HttpRequest, asked: Parsed) -> bool:
    """Compared as names and values: clients differ in what they escape, and must not loop."""
    given = parse_qsl(request.META["QUERY_STRING"], keep_blank_values=True)
    return given == asked.query.parameters()


def _plain(text: str, status: int) -> HttpResponse:
    return HttpResponse(text + "\n", status=status, content_type="text/plain; charset=utf-8")
