"""What the log need not know for ever."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from wagtail.models import ModelLogEntry

from dateline.desk.audit.recording import REFUSED, SIGNED_IN, SIGNED_OUT


def tidy() -> None:
    """Drop who signed in from where, and what is older than the log is kept (0: for ever)."""
    entries = ModelLogEntry.objects.all()
    if days := settings.ADDRESSES_KEPT_DAYS:
        signed = entries.filter(action__in=(SIGNED_IN, SIGNED_OUT, REFUSED))
        signed.filter(timestamp__lt=timezone.now() - timedelta(days=days)).delete()
    if days := settings.AUDIT_KEPT_DAYS:
        entries.filter(timestamp__lt=timezone.now() - timedelta(days=days)).delete()
