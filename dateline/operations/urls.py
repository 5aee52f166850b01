"""Addresses for machines that watch over the site."""

from django.urls import path

from dateline.operations import views

urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
]
