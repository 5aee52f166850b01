"""Who may send these forms: this site's own pages, without a cookie to tell them by.

Readers have no session, so there is nothing of theirs another site could use; what is kept out is
another site's page that signs its visitors up. Browsers say where a form came from, and no page
can make them say otherwise.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from dateline.archive import caching, clients
from dateline.stories import ports

View = Callable[..., HttpResponse]


def own_forms(view: View) -> View:
    """A view that takes forms of this site's pages alone, in place of Django's cookie."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "POST" and not clients.is_own(request):
            text = _("This form must be sent from this site’s own page. Please open it here again.")
            return page(request, "refused", kwargs["language"], {"text": text}, status=403)
        return view(request, *args, **kwargs)

    return csrf_exempt(guarded)


def client(request: HttpRequest) -> str:
    """Who asks, as a keyed digest: the same one can be told again, and no address is kept."""
    words = f"dateline.alerts {clients.client(request)}".encode()
    return hmac.digest(settings.SECRET_KEY.encode(), words, "sha256").hex()[:32]


def page(
    request: HttpRequest, name: str, language: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """A page that is one reader's own: in the site's frame, and kept by no cache."""
    assert ports.page is not None  # noqa: S101 - the website is installed
    context = {"section": "", **context}
    shown: HttpResponse = ports.page(
        request, f"alerts/{name}.html", language, context, status=status
    )
    return caching.private(shown)
