"""What every request of a reader needs before its view."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


def reader(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Pass the request on."""
    return get_response
