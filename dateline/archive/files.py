"""Files that readers get: with a type no browser guesses, and no power over the site."""

from __future__ import annotations

import mimetypes
from typing import Any

from django.http import FileResponse, Http404

_SHOWN = {"application/pdf", "image/jpeg", "image/png", "image/webp", "image/avif", "text/plain"}
"""Types a browser may open by itself; everything else is only downloaded."""


def answer(file: Any, *, attached: bool = False) -> FileResponse:
    """A stored file. Raises Http404 where the store has lost it."""
    media_type = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    try:
        response = FileResponse(
            file.open("rb"),
            content_type=media_type,
            as_attachment=attached or media_type not in _SHOWN,
            filename=file.name.rpartition("/")[2],
        )
    except FileNotFoundError as error:
        raise Http404 from error
    response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    return response
