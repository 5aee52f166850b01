"""The signed links that stand in mails: whoever has one may do what it says, and nothing else.

They hold no address. A link ends when the subscriber's key is drawn anew, which the subscriber can
do, and when the subscriber leaves; those to a person's page also after a while, since mails are
forwarded and mailboxes change hands. Those to leave by never end otherwise: they must always work.
"""

from __future__ import annotations

from datetime import timedelta
from hmac import compare_digest

from django.conf import settings
from django.core import signing

from dateline.alerts.models import Request, Subscriber

CONFIRM = timedelta(days=3)
MANAGE = timedelta(days=90)


def confirm(request: Request) -> str:
    """Where a request to follow is confirmed."""
    return _address(request.language, "confirm", _token("confirm", request.pk, request.key))


def manage(subscriber: Subscriber) -> str:
    """The subscriber's own page."""
    return _address(subscriber.language, "mine", _token("mine", subscriber.pk, subscriber.key))


def manage_path(subscriber: Subscriber) -> str:
    """The same without the site's origin."""
    return manage(subscriber).removeprefix(settings.ORIGIN)


def leave(subscriber: Subscriber) -> str:
    """Where one ends everything, by hand or with one click (RFC 8058)."""
    token = _token("leave", subscriber.pk, subscriber.key)
    return _address(subscriber.language, "leave", token)


def request_of(token: str) -> Request | None:
    """The request a token was made for; None if it is not valid (any more)."""
    pk, key = _read("confirm", token, CONFIRM)
    found = Request.objects.filter(pk=pk).first()
    return found if found and compare_digest(found.key, key) else None


def subscriber_of(purpose: str, token: str) -> Subscriber | None:
    """The subscriber a token for `mine` or `leave` was made for; None if it is not valid."""
    pk, key = _read(purpose, token, MANAGE if purpose == "mine" else None)
    found = Subscriber.objects.filter(pk=pk).first()
    return found if found and compare_digest(found.key, key) else None


def _address(language: str, name: str, token: str) -> str:
    return f"{settings.ORIGIN}/{language}/follow/{name}/{token}"


def _token(purpose: str, pk: int, key: str) -> str:
    return signing.dumps([pk, key], salt=f"dateline.alerts.{purpose}")


def _read(purpose: str, token: str, age: timedelta | None) -> tuple[int, str]:
    try:
        pk, key = signing.loads(token, salt=f"dateline.alerts.{purpose}", max_age=age)
    except signing.BadSignature:
        return 0, ""
    return int(pk), str(key)
