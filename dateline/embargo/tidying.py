"""What is known of readers need not be known for ever."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from dateline.embargo.models import Access


def tidy() -> None:
    """Drop records of who opened what from where (0: keep them). Who was invited stays."""
    if days := settings.ADDRESSES_KEPT_DAYS:
        Access.objects.filter(at__lt=timezone.now() - timedelta(days=days)).delete()
