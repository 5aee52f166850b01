"""The page of API tokens at the desk."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.auth import require_admin_access
from wagtail.admin.menu import MenuItem

from dateline.api import desk


class _TokensItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return desk.may_keep(request.user)


@hooks.register("register_admin_urls")  # type: ignore[untyped-decorator]
def register_urls() -> list[Any]:
    return [path("api-tokens/", require_admin_access(desk.tokens_page), name="desk_api_tokens")]


@hooks.register("register_settings_menu_item")  # type: ignore[untyped-decorator]
def register_item() -> MenuItem:
    url = reverse("desk_api_tokens")
    return _TokensItem(_("API tokens"), url, name="api-tokens", icon_name="key", order=603)
