"""Tokens: the right one opens, every other gets one and the same answer."""

from __future__ import annotations

import json
import logging
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from api.reader import Api, problem
from build import draft
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.views.debug import SafeExceptionReporterFilter

from dateline.api import tokens
from dateline.api.models import Scope, Token

pytestmark = pytest.mark.django_db


def test_a_secret_is_nowhere_in_the_store(chief: User) -> None:
    token, text = tokens.make(chief, "Import", [Scope.CREATE])
    stored = json.dumps(list(Token.objects.values()), default=str)
    secret = text.rpartition(token.prefix)[2][1:]
    assert len(secret) == 43
    assert secret not in stored
    assert text not in stored
    assert token.prefix in stored


def test_the_right_text_opens_and_no_other(chief: User) -> None:
    token, text = tokens.make(chief, "Import", [Scope.CREATE])
    other, other_text = tokens.make(chief, "Other", [Scope.CREATE])
    assert tokens.find(text) == token
    mixed = text.replace(token.prefix, other.prefix)
    for wrong in ("", "x", text[:-1], text + "A", text.upper(), f" {text}", mixed, token.prefix,
                  f"dateline_{token.prefix}_", token.digest, text.replace("dateline", "wagtail"),
                  f"dateline_{token.prefix}_{token.digest[:43]}"):  # fmt: skip
        assert tokens.find(wrong) is None, wrong
    assert tokens.find(other_text) == other


@pytest.mark.parametrize(
    "change",
    [
        {"expires_at": timezone.now() - timedelta(seconds=1)},
        {"revoked_at": timezone.now()},
        {"owner__is_active": False},
    ],
)
def test_what_has_ended_opens_nothing(chief: User, change: dict[str, Any]) -> None:
    token, text = tokens.make(chief, "Import", list(Scope))
    owner = {name[7:]: value for name, value in change.items() if name.startswith("owner__")}
    User.objects.filter(pk=chief.pk).update(**owner or {"first_name": ""})
    own = {name: value for name, value in change.items() if not name.startswith("owner__")}
    Token.objects.filter(pk=token.pk).update(**own or {"name": "Import"})
    assert tokens.find(text) is None


def test_a_guess_learns_nothing_of_what_there_is(chief: User) -> None:
    """The same answer, byte for byte, and as many queries, for any wrong token and any draft."""
    token, text = tokens.make(chief, "Import", list(Scope))
    Token.objects.filter(pk=tokens.make(chief, "Old", [])[0].pk).update(revoked_at=timezone.now())
    story = draft("Secret")
    keys = (story.translation_key, uuid4())
    guesses = (f"dateline_{token.prefix}_{'A' * 43}", f"dateline_00c0ffee_{'A' * 43}", "x", "")
    seen = set()
    for guess in guesses:
        for key in keys:
            with CaptureQueriesContext(connection) as queries:
                answer = Api(guess).ask("GET", f"/en/drafts/{key}")
            problem(answer, 401)
            seen.add((answer.content, answer["WWW-Authenticate"], len(queries)))
    assert len(seen) == 1
    assert Api(text).ask("GET", f"/en/drafts/{keys[0]}").status_code == 200


@pytest.mark.parametrize("scheme", ["Basic", "Token", "", "Bearer:"])
def test_a_token_stands_behind_bearer_alone(chief: User, scheme: str) -> None:
    text = tokens.make(chief, "Import", list(Scope))[1]
    answer = Api().ask("GET", f"/en/drafts/{uuid4()}", Authorization=f"{scheme} {text}")
    problem(answer, 401)


def test_a_token_in_an_address_opens_nothing(chief: User, api: Api) -> None:
    text = tokens.make(chief, "Import", list(Scope))[1]
    story = draft("Secret")
    for name in ("token", "access_token", "key"):
        problem(api.ask("GET", f"/en/drafts/{story.translation_key}?{name}={text}"), 401)


def test_the_last_use_is_noted_once_a_minute(chief: User) -> None:
    token, text = tokens.make(chief, "Import", list(Scope))
    reader, path = Api(text), f"/en/drafts/{draft('x').translation_key}"
    reader.get(path)
    first = Token.objects.get(pk=token.pk).last_used_at
    assert first is not None
    reader.get(path)
    assert Token.objects.get(pk=token.pk).last_used_at == first
    Token.objects.update(last_used_at=first - timedelta(minutes=2))
    reader.get(path)
    assert Token.objects.get(pk=token.pk).last_used_at > first


def test_no_log_and_no_report_holds_a_token(
    chief: User, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = tokens.make(chief, "Import", list(Scope))[1]
    caplog.set_level(logging.DEBUG)

    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError("inner parts")

    monkeypatch.setattr("dateline.api.drafts.show", fail)
    writer = Api(text)
    writer.client.raise_request_exception = False
    answer = writer.ask("GET", f"/en/drafts/{draft('x').translation_key}")
    problem(answer, 500)
    Api(text[:-1]).ask("POST", "/en/drafts", {"headline": "x"})
    assert text[:-1] not in caplog.text
    assert text[:-1] not in answer.content.decode()
    # What an administrator would be mailed of the request leaves the header out.
    shown = SafeExceptionReporterFilter().get_safe_request_meta(answer.wsgi_request)
    assert text not in str(shown)
