"""The secrets messages are signed with.

Derived from the site's secret key, so that neither the database nor a backup of it holds any. A
changed key of the site changes them all.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import datetime, timedelta

from django.conf import settings
from standardwebhooks import Webhook

from dateline.webhooks.models import Endpoint, Message

OVERLAP = timedelta(days=1)
"""How long the secret before is used beside the new one, so that a receiver can change in peace."""


def secret(endpoint: Endpoint, generation: int | None = None) -> str:
    """The endpoint's secret as receivers are given it: `whsec_` and 32 bytes in base64."""
    number = endpoint.generation if generation is None else generation
    words = f"dateline.webhooks {endpoint.pk} {number}".encode()
    key = hmac.digest(settings.SECRET_KEY.encode(), words, hashlib.sha256)
    return "whsec_" + base64.b64encode(key).decode()


def signature(message: Message, at: datetime) -> str:
    """The header `webhook-signature` (Standard Webhooks 1.0.0): one signature a valid secret."""
    endpoint = message.endpoint
    generations = [endpoint.generation]
    if endpoint.rotated_at and at < endpoint.rotated_at + OVERLAP:
        generations.append(endpoint.generation - 1)
    return " ".join(
        Webhook(secret(endpoint, number)).sign(message.name, at, message.content)
        for number in generations
    )
