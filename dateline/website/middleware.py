"""What every request of a reader needs before its view: a language, and nothing that is stored."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase
from django.utils import translation

from dateline.archive import revalidation
from dateline.website import negotiation

Respond = Callable[[HttpRequest], HttpResponseBase]


def reader(get_response: Respond) -> Respond:
    """Speak the language of the address while a page is made, error pages included."""

    def respond(request: HttpRequest) -> HttpResponseBase:
        if request.path_info.startswith("/desk"):
            return get_response(request)
        with translation.override(negotiation.interface(negotiation.of_request(request))):
            return get_response(request)

    return respond


_UNREMEMBERED = ("/desk", "/api/", "/healthz", "/readyz")


def revalidating(get_response: Respond) -> Respond:
    """Answer 304 at once to a reader who has what this process would answer again."""

    def respond(request: HttpRequest) -> HttpResponseBase:
        if request.method not in ("GET", "HEAD") or request.path_info.startswith(_UNREMEMBERED):
            return get_response(request)
        before = revalidation.state()
        if answer := revalidation.unchanged(request, before):
            return answer
        response = get_response(request)
        revalidation.remember(request, response, before)
        return response

    return respond
