"""Tokens: how they are made, and how one that is shown is told from one that is guessed.

A token is `dateline_PREFIX_SECRET`. The prefix finds the row and may be shown to anybody; the
secret has 256 bits, so that a fast hash is enough to keep of it. It stands in the Authorization
header alone: never in an address, which ends in logs.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.http import HttpRequest
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables
from ninja.security import HttpBearer

from dateline.api import problems
from dateline.api.models import Scope, Token
from dateline.api.problems import ProblemError

_FORM = re.compile(r"dateline_([a-z0-9]{8})_([A-Za-z0-9_-]{43})")
_NOBODYS = hashlib.sha256(secrets.token_bytes(32)).hexdigest()
_NOTED_EVERY = timedelta(minutes=1)
"""How exactly `last_used_at` is kept: not every request has to write."""


def make(
    owner: User, name: str, scopes: Iterable[Scope], expires_at: datetime | None = None
) -> tuple[Token, str]:
    """A new token and its text, which cannot be had again."""
    chosen = set(scopes)
    prefix = secrets.token_hex(4)
    secret = secrets.token_urlsafe(32)
    token = Token.objects.create(
        owner=owner,
        name=name,
        prefix=prefix,
        digest=_digest(secret),
        scopes=" ".join(scope.value for scope in Scope if scope in chosen),
        expires_at=expires_at,
    )
    return token, f"dateline_{prefix}_{secret}"


def revoke(token: Token) -> None:
    """End a token at once."""
    token.revoked_at = timezone.now()
    token.save(update_fields=["revoked_at"])


@sensitive_variables()
def find(text: str) -> Token | None:
    """The usable token behind a text; None for every other text, in the same time."""
    match = _FORM.fullmatch(text)
    prefix, secret = match.groups() if match else ("", "")
    token = Token.objects.select_related("owner").filter(prefix=prefix).first()
    held = token.digest if token else _NOBODYS
    if not hmac.compare_digest(_digest(secret), held) or token is None or not token.is_usable:
        return None
    return token


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


class Bearer(HttpBearer):
    """The door for writing: a token in the Authorization header, with this scope."""

    openapi_name = "token"

    def __init__(self, scope: Scope) -> None:
        super().__init__()
        self.scope = scope

    @sensitive_variables()
    def __call__(self, request: HttpRequest) -> Token:
        scheme, _, text = request.headers.get("Authorization", "").partition(" ")
        return self.authenticate(request, text.strip() if scheme.lower() == "bearer" else "")

    @sensitive_variables()
    def authenticate(self, request: HttpRequest, token: str) -> Token:
        found = find(token)
        if found is None:
            raise ProblemError(
                problems.UNAUTHORIZED, headers={"WWW-Authenticate": 'Bearer realm="Dateline"'}
            )
        if not found.has(self.scope):
            raise ProblemError(
                problems.FORBIDDEN, f"The token lacks the scope “{self.scope.value}”."
            )
        _note_use(found)
        return found


def _note_use(token: Token) -> None:
    now = timezone.now()
    if token.last_used_at is None or token.last_used_at < now - _NOTED_EVERY:
        Token.objects.filter(pk=token.pk).update(last_used_at=now)
