"""The newsroom's own colours and logo, at addresses that change when they do."""

from __future__ import annotations

import hashlib
import mimetypes
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

_YEAR = 365 * 24 * 3600
_PICTURES = {"image/svg+xml", "image/png", "image/webp", "image/jpeg", "image/avif"}


def stylesheet(accent: str, accent_dark: str) -> str:
    """The style rules that set the accent colour, light and dark; "" where none is chosen.

    Outside any layer, and therefore stronger than every layer of the site's own style sheets.
    """
    light = accent or accent_dark
    dark = accent_dark or accent
    return f":root {{ --accent: light-dark({light}, {dark}); }}\n" if light else ""


def theme_path() -> str:
    """Where the newsroom's colours are; "" if it has none of its own."""
    css = stylesheet(settings.NEWSROOM.accent, settings.NEWSROOM.accent_dark)
    return f"/theme-{_version(css.encode())}.css" if css else ""


def logo_path() -> str:
    """Where the newsroom's logo is; "" if it has none."""
    content, _media_type = _logo(settings.NEWSROOM.logo)
    return f"/logo-{_version(content)}" if content else ""


@require_safe
def theme(request: HttpRequest, version: str) -> HttpResponse:
    """The newsroom's colours as a style sheet, since pages may hold no style of their own."""
    css = stylesheet(settings.NEWSROOM.accent, settings.NEWSROOM.accent_dark)
    if not css:
        raise Http404
    return _lasting(HttpResponse(css, content_type="text/css; charset=utf-8"))


@require_safe
def logo(request: HttpRequest, version: str) -> HttpResponse:
    """The newsroom's logo, a file of its data folder."""
    content, media_type = _logo(settings.NEWSROOM.logo)
    if not content:
        raise Http404
    response = _lasting(HttpResponse(content, content_type=media_type))
    response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    return response


@lru_cache(maxsize=4)
def _logo(name: str) -> tuple[bytes, str]:
    media_type = mimetypes.guess_type(name)[0] or ""
    path = settings.DATA / Path(name).name
    if not name or media_type not in _PICTURES or not path.is_file():
        return b"", ""
    return path.read_bytes(), media_type


def _version(content: bytes) -> str:
    return hashlib.blake2b(content, digest_size=6).hexdigest()


def _lasting(response: HttpResponse) -> HttpResponse:
    patch_cache_control(response, public=True, max_age=_YEAR, immutable=True)
    return response
