"""Addresses of alerts."""

from __future__ import annotations

from django.urls import path

from dateline.alerts import pages, reports, views
from dateline.archive import converters  # noqa: F401 - registers <language>

urlpatterns = [
    path("mail-reports", reports.reports),
    path("<language:language>/follow", views.follow),
    path("<language:language>/follow/sent", views.sent),
    path("<language:language>/follow/link", views.link),
    path("<language:language>/follow/confirm/<str:token>", views.confirm),
    path("<language:language>/follow/mine/<str:token>", pages.mine),
    path("<language:language>/follow/mine/<str:token>/record.json", pages.record),
    path("<language:language>/follow/leave/<str:token>", pages.leave),
]
