"""The one guard that every request to the desk passes, before any view of Wagtail's or ours."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from wagtail.admin import messages

from dateline.desk.rights.doors import DOORS, SIGN_IN
from dateline.desk.signin import factors

PREFIX = "/desk/"

_WITHOUT_FACTOR = {*SIGN_IN.split(), "wagtailadmin_sprite", "wagtailadmin_javascript_catalog"}
"""What opens before a required second factor is set up: setting it up."""


class Guard:
    """Middleware: asks the door of the address (`doors.DOORS`); without a door, 404.

    Who is not signed in is let through: the views themselves lead to the sign-in page, and nothing
    behind it answers before.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        match = request.resolver_match
        if match is None or not request.path.startswith(PREFIX) or not _works_here(request.user):
            return None
        if match.view_name not in _WITHOUT_FACTOR and factors.is_missing(request):
            return _held(request)
        door = DOORS.get(match.view_name or "")
        if door is None:
            raise Http404
        try:
            door.ask(request, kwargs)
        except PermissionDenied as refusal:
            return _refused(request, str(refusal))
        return None


def _works_here(user: Any) -> bool:
    return bool(user.is_authenticated and user.has_perm("wagtailadmin.access_admin"))


def _held(request: HttpRequest) -> HttpResponse:
    """Who has no second factor yet where one is required: first that, then the desk."""
    reason = _("Before you can work at the desk, set up a second factor.")
    if request.headers.get("X-Requested-With") == "XMLHttpRequest":
        return HttpResponse(reason, status=403, content_type="text/plain; charset=utf-8")
    messages.warning(request, reason)
    return redirect("mfa_index")


def _refused(request: HttpRequest, reason: str) -> HttpResponse:
    """What may be known but not done: a sentence on the desk's first page, or a plain 403."""
    if request.headers.get("X-Requested-With") == "XMLHttpRequest":
        return HttpResponse(reason, status=403, content_type="text/plain; charset=utf-8")
    messages.error(request, reason)
    return redirect("wagtailadmin_home")
