"""Webhooks in Wagtail's admin."""

from __future__ import annotations

from typing import Any

from django.urls import URLPattern, path
from wagtail import hooks

from dateline.webhooks import views


@hooks.register("register_admin_viewset")  # type: ignore[untyped-decorator]
def register_viewset() -> Any:
    return views.EndpointViewSet()


@hooks.register("register_admin_urls")  # type: ignore[untyped-decorator]
def register_urls() -> list[URLPattern]:
    return [
        path("webhooks/<int:pk>/rotate/", views.rotate, name="webhooks_rotate"),
        path("webhooks/<int:pk>/replay/", views.replay, name="webhooks_replay"),
    ]
