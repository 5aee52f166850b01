"""Inviting a reader, and taking it back. Everything here is in the audit log."""

from __future__ import annotations

import hashlib
import secrets
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from dateline.embargo import letters
from dateline.embargo.models import Reader

BYTES = 24
"""Of randomness in a link: 192 bits, which nobody guesses."""

INVITED, RENEWED, REVOKED = (f"dateline.embargo.{verb}" for verb in ("invite", "renew", "revoke"))


def invite(reader: Reader, by: Any) -> None:
    """Store a new reader and send them their link once that is certain."""
    with transaction.atomic():
        secret = _draw(reader)
        reader.invited_by = by
        reader.save()
        log(reader.story, INVITED, user=by, data={"reader": str(reader), "email": reader.email})
        transaction.on_commit(lambda: _send(reader, secret))


def renew(reader: Reader, by: Any) -> None:
    """Send a new link; the old one ends. The terms are to be accepted again."""
    with transaction.atomic():
        secret = _draw(reader)
        reader.revoked_at = reader.accepted_at = None
        reader.invited_at = timezone.now()
        reader.save()
        log(reader.story, RENEWED, user=by, data={"reader": str(reader)})
        transaction.on_commit(lambda: _send(reader, secret))


def revoke(reader: Reader, by: Any) -> None:
    """End a reader's link at once."""
    with transaction.atomic():
        reader.revoked_at = timezone.now()
        reader.save(update_fields=["revoked_at"])
        log(reader.story, REVOKED, user=by, data={"reader": str(reader)})


def find(secret: str) -> Reader | None:
    """The reader a link belongs to, if it still opens anything."""
    readers = Reader.objects.select_related("story")
    reader = readers.filter(digest=_digest(secret)).first()
    return reader if reader is not None and reader.is_valid else None


def _draw(reader: Reader) -> str:
    secret = secrets.token_hex(BYTES)  # mail programs cut a last “-” off a link
    reader.digest = _digest(secret)
    reader.told_until = reader.story.visible_from
    return secret


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _send(reader: Reader, secret: str) -> None:
    """The letter names neither the story nor its subject: mail is read by many."""
    letters.write(reader, "invitation", {"address": f"{settings.ORIGIN}/embargo/{secret}"})
