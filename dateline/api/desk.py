"""Which tokens there are, and the end of one: for administrators."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from wagtail.admin import messages

from dateline.api import tokens
from dateline.api.models import Token
from dateline.people import rights


def may_keep(user: Any) -> bool:
    """Whether a person may see and end everybody's tokens."""
    return rights.is_administrator(user)


def tokens_page(request: HttpRequest) -> HttpResponse:
    """List the tokens; a POST with the `prefix` of one revokes it."""
    if not may_keep(request.user):
        raise PermissionDenied
    if request.method == "POST":
        token = get_object_or_404(Token, prefix=request.POST.get("prefix"), revoked_at=None)
        tokens.revoke(token)
        messages.success(request, _("“%(token)s” is revoked.") % {"token": token.name})
        return redirect("desk_api_tokens")
    listed = Token.objects.select_related("owner")
    shown = {"tokens": listed, "page_title": _("API tokens"), "header_icon": "key"}
    return render(request, "api/tokens.html", shown)
