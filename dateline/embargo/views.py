"""The room: terms first, then the story, its files and its PDF. Whatever does not open is a 404."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.utils import timezone, translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from dateline.archive import caching, clients, files
from dateline.embargo import invitations, printing, texts
from dateline.embargo.models import Access, Reader
from dateline.publishing import visibility
from dateline.stories import ports
from dateline.stories.models import Story

_RENDITION = "width-960|format-webp"

View = Callable[..., HttpResponseBase]


def _for_its_reader(view: View) -> View:
    """Find the reader of a link; once the story is public, the link leads to its public page."""

    @wraps(view)
    def opened(request: HttpRequest, secret: str, *args: Any, **kwargs: Any) -> HttpResponseBase:
        reader = invitations.find(secret)
        if reader is None:
            raise Http404
        if visibility.is_text(reader.story):
            return _kept_by_nobody(HttpResponseRedirect(reader.story.get_absolute_url()))
        if not visibility.is_ahead(reader.story):
            raise Http404
        with translation.override(reader.language):
            return _kept_by_nobody(view(request, reader, *args, **kwargs))

    return opened


@csrf_exempt  # readers have no cookie; `clients.is_own` keeps other sites' forms out
@require_http_methods(["GET", "HEAD", "POST"])
@_for_its_reader
def room(request: HttpRequest, reader: Reader) -> HttpResponseBase:
    """The terms, and for those who have accepted them the story."""
    if request.method == "POST":
        return _accept(request, reader)
    if reader.accepted_at is None:
        _note(request, reader, "terms")
        return _page(request, reader, "terms", {"terms": texts.terms(reader)})
    _note(request, reader, "story")
    return _page(request, reader, "room", texts.story(reader, request.path))


def _accept(request: HttpRequest, reader: Reader) -> HttpResponseBase:
    if not clients.is_own(request) or request.POST.get("accept") != "yes":
        context = {"terms": texts.terms(reader), "missed": True}
        return _page(request, reader, "terms", context, status=422)
    if reader.accepted_at is None:
        reader.accepted_at, reader.accepted_terms = timezone.now(), texts.terms(reader)
        reader.save(update_fields=["accepted_at", "accepted_terms"])
        _note(request, reader, "accepted")
    return HttpResponseRedirect(request.path, status=303)


@require_safe
@_for_its_reader
def document(request: HttpRequest, reader: Reader, pk: int, filename: str) -> HttpResponseBase:
    """A document of the story."""
    row = _own(reader).documents.filter(document=pk).select_related("document").first()
    if row is None or row.document.filename != filename:
        raise Http404
    _note(request, reader, f"document {filename}")
    return files.answer(row.document.file)


@require_safe
@_for_its_reader
def picture(request: HttpRequest, reader: Reader, pk: int) -> HttpResponseBase:
    """A picture of the story, as large as a page shows it."""
    row = _own(reader).pictures.filter(picture=pk).select_related("picture").first()
    if row is None:
        raise Http404
    _note(request, reader, f"picture {pk}")
    return files.answer(row.picture.get_rendition(_RENDITION).file)


@require_safe
@_for_its_reader
def paper(request: HttpRequest, reader: Reader) -> HttpResponseBase:
    """The story as a PDF with the reader's name across each page."""
    _own(reader)
    _note(request, reader, "PDF")
    answer = HttpResponse(printing.pdf(reader), content_type="application/pdf")
    answer["Content-Disposition"] = 'inline; filename="embargo.pdf"'
    return answer


def _own(reader: Reader) -> Story:
    """The story, for a reader who has accepted the terms."""
    if reader.accepted_at is None:
        raise Http404
    return reader.story


def _note(request: HttpRequest, reader: Reader, what: str) -> None:
    agent = request.headers.get("User-Agent", "")[:300]
    Access.objects.create(
        reader=reader, what=what[:300], client=clients.client(request), agent=agent
    )


def _page(
    request: HttpRequest, reader: Reader, name: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    assert ports.page is not None  # noqa: S101 - the website is installed
    context = {
        "section": "",
        "reader": reader,
        "ends": reader.story.visible_from,
        "zone": settings.TIME_ZONE,
        **context,
    }
    shown: HttpResponse = ports.page(
        request, f"embargo/{name}.html", reader.language, context, status=status
    )
    return shown


def _kept_by_nobody(answer: HttpResponseBase) -> HttpResponseBase:
    """No cache, no search engine, and no other site by its `Referer` learns of the link."""
    caching.private(answer)
    answer["Referrer-Policy"] = "same-origin"
    return answer
