"""What the desk's pages may load: their own site, with the inline code Wagtail needs."""

from __future__ import annotations

from collections.abc import Callable

from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest, HttpResponse

HEADER = "Content-Security-Policy"
PREFIX = "/desk/"


def desk_policy(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: the desk's policy on every page below /desk/.

    A preview comes with the public site's stricter one and keeps it.
    """
    policy = build_policy(config=settings.DESK_CONTENT_SECURITY_POLICY)

    def respond(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.path.startswith(PREFIX):
            response.headers.setdefault(HEADER, policy)
        return response

    return respond
