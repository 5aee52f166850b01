"""Originals and documents for those who work at the desk. Readers get them through a story."""

from __future__ import annotations

import mimetypes
from pathlib import Path

from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation
from django.http import FileResponse, Http404, HttpRequest
from django.utils._os import safe_join
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from wagtail.admin.auth import require_admin_access
from wagtail.documents.views.serve import serve

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
    download = mimetypes.guess_type(file.name)[0] not in _HARMLESS
    response = FileResponse(file.open("rb"), as_attachment=download, filename=file.name)
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


document = never_cache(require_admin_access(serve))
"""Wagtail's own view of a document, for those who work at the desk."""
