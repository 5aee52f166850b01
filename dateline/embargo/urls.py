"""Addresses of the room. The secret is all there is to them."""

from __future__ import annotations

from django.urls import path

from dateline.embargo import views

urlpatterns = [
    path("embargo/<str:secret>", views.room),
    path("embargo/<str:secret>/story.pdf", views.paper),
    path("embargo/<str:secret>/pictures/<int:pk>.webp", views.picture),
    path("embargo/<str:secret>/documents/<int:pk>/<str:filename>", views.document),
]
