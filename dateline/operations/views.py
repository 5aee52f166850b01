"""What load balancers and monitors ask."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from dateline.operations import readiness

TEXT = "text/plain; charset=utf-8"


@require_safe
@never_cache
def healthz(_request: HttpRequest) -> HttpResponse:
    """The process is alive; asks nothing else, so that a slow database restarts no web server."""
    return HttpResponse("ok\n", content_type=TEXT)


@require_safe
@never_cache
def readyz(_request: HttpRequest) -> HttpResponse:
    """200 when readers can be served, else 503 with the names of the checks that fail.

    What is out of order without turning readers away stands below the `ok`, a line each.
    """
    failing = readiness.failing()
    if failing:
        return HttpResponse("\n".join(failing) + "\n", content_type=TEXT, status=503)
    return HttpResponse("\n".join(["ok", *readiness.notes()]) + "\n", content_type=TEXT)
