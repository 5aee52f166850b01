"""Where a mail service reports what became of mails, through django-anymail."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponseBase
from django.views.decorators.csrf import csrf_exempt


@csrf_exempt
def reports(request: HttpRequest) -> HttpResponseBase:
    """Anymail's own view for the service that is set, which checks the secret; 404 without one.

    There is one only with a secret: otherwise anybody could report that anybody has complained.
    """
    options: Any = settings.ANYMAIL if settings.EMAIL_SERVICE else {}
    if not options.get("WEBHOOK_SECRET"):
        raise Http404
    from anymail import urls

    views = {pattern.name: pattern.callback for pattern in urls.urlpatterns}
    view = views.get(f"{settings.EMAIL_SERVICE}_tracking_webhook")
    if view is None:
        raise Http404
    answer: HttpResponseBase = view(request)
    return answer
