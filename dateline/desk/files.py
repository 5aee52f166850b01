"""Originals and documents for those who work at the desk. Readers get them through a story."""

from __future__ import annotations

import mimetypes
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.utils._os import safe_join
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from wagtail.admin.auth import require_admin_access
from wagtail.documents.views.serve import serve

from dateline.desk import library
from dateline.stories.media import Picture, Rendition

_HARMLESS = ("image/png", "image/jpeg", "image/gif", "image/webp", "image/avif", "application/pdf")
"""What a browser may show in place. Anything else, an SVG with a script say, is downloaded."""


@never_cache
@require_safe
@require_admin_access  # type: ignore[untyped-decorator]
def media(request: HttpRequest, path: str) -> FileResponse:
    """A file below MEDIA_ROOT; 404 for whatever is not a file there."""
    try:
        file = Path(safe_join(settings.MEDIA_ROOT, path))
    except (SuspiciousFileOperation, ValueError) as error:
        raise Http404 from error
    # A link inside the folder must not lead out of it either.
    if not file.is_file() or not file.resolve().is_relative_to(settings.MEDIA_ROOT.resolve()):
        raise Http404
    owner = _owner(path)
    if owner is not None and not library.may_see(request.user, owner):
        raise Http404
    download = mimetypes.guess_type(file.name)[0] not in _HARMLESS
    response = FileResponse(file.open("rb"), as_attachment=download, filename=file.name)
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _owner(path: str) -> Any:
    """The picture or document a file is of; None for a person's portrait and the like."""
    rendition = Rendition.objects.filter(file=path).select_related("image").first()
    if rendition is not None:
        return rendition.image
    models = (Picture, library.Document)
    return next(filter(None, (model.objects.filter(file=path).first() for model in models)), None)


@never_cache
@require_admin_access  # type: ignore[untyped-decorator]
def document(request: HttpRequest, pk: str, filename: str) -> HttpResponseBase:
    """Wagtail's own view of a document, for those at the desk who may know of it."""
    found = library.Document.objects.filter(pk=int(pk)).first() if len(pk) < 18 else None
    if found is None or not library.may_see(request.user, found):
        raise Http404
    answer: HttpResponseBase = serve(request, pk, filename)
    return answer
