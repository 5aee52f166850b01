"""The address under which a person's calendar program reads the plan."""

from __future__ import annotations

import hashlib
import secrets
from typing import Any

from django.conf import settings
from django.db import models


class CalendarAddress(models.Model):
    """One secret address a person; of the secret only a hash is kept (it has 256 bits)."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="calendar_address"
    )
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"{self.user} {self.made_at:%Y-%m-%d}"


def make(user: Any) -> str:
    """A new secret for a person; the one before leads nowhere from now on."""
    secret = secrets.token_urlsafe(32)
    CalendarAddress.objects.update_or_create(user=user, defaults={"digest": _digest(secret)})
    return secret


def whose(secret: str) -> Any:
    """The active person whose secret this is; None for every other text."""
    found = CalendarAddress.objects.filter(digest=_digest(secret)).select_related("user").first()
    return found.user if found is not None and found.user.is_active else None


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
