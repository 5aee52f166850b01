"""Requests that may be sent twice and are carried out once (draft-ietf-httpapi-idempotency-key).

The key is claimed first, in a transaction of its own, so that a second request sees it while the
first is being worked on. The answer is kept in the transaction of the change it answers. Only an
answer that something came of uses a key up: a refused request may be mended and sent again.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from dateline.api import asking, problems
from dateline.api.models import KeptAnswer, Token
from dateline.api.problems import ProblemError

KEPT = timedelta(days=1)
"""How long an answer can be had again."""

ABANDONED = timedelta(minutes=2)
"""After which a request being worked on counts as one whose process has died."""

HEADERS = ("Content-Type", "ETag", "Location")
KEY = re.compile(r'^"?([!#-\[\]-~]{1,255})"?$')


def once(request: HttpRequest, token: Token, carry_out: Callable[[], HttpResponse]) -> HttpResponse:
    """Carry a request out, in one transaction; the same one again gets the same answer."""
    asking.only(request)
    given = request.headers.get("Idempotency-Key")
    if given is None:
        with transaction.atomic():
            return carry_out()
    kept, is_new = _claim(token, _key(given), _fingerprint(request))
    if not is_new:
        return _again(kept)
    try:
        with transaction.atomic():
            answer = carry_out()
            _keep(kept, answer)
    except BaseException:
        KeptAnswer.objects.filter(pk=kept.pk, claim=kept.claim, status=None).delete()
        raise
    return answer


def _key(given: str) -> str:
    """The key, with the quotes of a structured field or without."""
    match = KEY.fullmatch(given.strip())
    if match is None:
        detail = "An Idempotency-Key has 1 to 255 visible ASCII characters, in quotes."
        raise ProblemError(problems.BAD_REQUEST, detail)
    return match[1]


def _fingerprint(request: HttpRequest) -> str:
    """What makes two requests the same: where to, what about, against which state."""
    parts = (request.method or "", request.path, request.headers.get("If-Match", ""))
    digest = hashlib.sha256("\0".join(parts).encode())
    digest.update(b"\0" + request.body)
    return digest.hexdigest()


def _claim(token: Token, key: str, fingerprint: str) -> tuple[KeptAnswer, bool]:
    """The key's row, and whether this request is the one to work on it."""
    now = timezone.now()
    KeptAnswer.objects.filter(at__lt=now - KEPT).delete()
    KeptAnswer.objects.filter(token=token, status=None, at__lt=now - ABANDONED).delete()
    claim = uuid4()
    try:
        with transaction.atomic():
            made = KeptAnswer.objects.create(
                token=token, key=key, fingerprint=fingerprint, claim=claim, at=now
            )
    except IntegrityError:
        held = KeptAnswer.objects.filter(token=token, key=key).first()
        if held is None:  # the other request was refused this very moment
            raise ProblemError(problems.IN_PROGRESS, headers={"Retry-After": "1"}) from None
        if held.fingerprint != fingerprint:
            raise ProblemError(problems.KEY_REUSED) from None
        return held, False
    return made, True


def _again(kept: KeptAnswer) -> HttpResponse:
    if kept.status is None:
        raise ProblemError(problems.IN_PROGRESS, headers={"Retry-After": "1"})
    answer = HttpResponse(bytes(kept.content), status=kept.status)
    for name, value in kept.headers.items():
        answer[name] = value
    answer["Cache-Control"] = "no-store"
    return answer


def _keep(kept: KeptAnswer, answer: HttpResponse) -> None:
    """Write the answer down; if somebody has taken the claim over, nothing of this happened."""
    mine = KeptAnswer.objects.filter(pk=kept.pk, claim=kept.claim)
    changed = mine.update(
        status=answer.status_code,
        headers={name: answer[name] for name in HEADERS if name in answer},
        content=answer.content,
    )
    if not changed:
        raise ProblemError(problems.IN_PROGRESS, headers={"Retry-After": "1"})
