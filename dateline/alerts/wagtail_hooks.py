"""Alerts in Wagtail's admin."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from dateline.alerts import desk


class AlertsItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(desk.PERMISSION))


@hooks.register("register_settings_menu_item")  # type: ignore[untyped-decorator]
def register_item() -> Any:
    return AlertsItem(
        _("Alerts"), reverse("alerts_overview"), name="alerts", icon_name="mail", order=710
    )


@hooks.register("register_admin_urls")  # type: ignore[untyped-decorator]
def register_urls() -> list[URLPattern]:
    return [
        path("alerts/", desk.overview, name="alerts_overview"),
        path("alerts/switch/", desk.switch, name="alerts_switch"),
    ]
