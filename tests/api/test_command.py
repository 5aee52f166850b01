"""`dateline token`: what an administrator types, and what it does."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from dateline.api import tokens
from dateline.api.models import Scope, Token
from dateline.cli import main, token

pytestmark = pytest.mark.django_db
MAKE = ("token", "make", "--owner", "chief", "--name", "Wire import")


def test_the_scopes_of_the_command_are_those_there_are() -> None:
    assert set(token.SCOPES) == set(Scope.values)


def test_a_token_is_printed_once_and_works(chief: User, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*MAKE, "--scope", "create", "--scope", "publish"]) == 0
    text = capsys.readouterr().out.split()[-1]
    found = tokens.find(text)
    assert found is not None
    assert (found.owner, found.name, found.scopes) == (chief, "Wire import", "create publish")
    assert main(["token", "list"]) == 0
    listed = capsys.readouterr().out
    assert found.prefix in listed
    assert text.split("_", 2)[2] not in listed


def test_a_token_lasts_to_the_end_of_its_last_day(chief: User) -> None:
    today = timezone.localdate()
    assert main([*MAKE, "--scope", "create", "--expires", today.isoformat()]) == 0
    assert Token.objects.get().is_usable
    yesterday = today - timedelta(days=1)
    main([*MAKE, "--scope", "create", "--expires", yesterday.isoformat()])
    assert not Token.objects.order_by("-pk")[0].is_usable


def test_a_revoked_token_opens_nothing(chief: User, capsys: pytest.CaptureFixture[str]) -> None:
    made, text = tokens.make(chief, "Import", list(Scope))
    assert main(["token", "revoke", made.prefix]) == 0
    assert tokens.find(text) is None
    assert main(["token", "revoke", made.prefix]) == 1
    assert "dateline token list" in capsys.readouterr().err


def test_only_a_login_that_is_there_can_own_one(
    chief: User, capsys: pytest.CaptureFixture[str]
) -> None:
    User.objects.update(is_active=False)
    assert main([*MAKE, "--scope", "create"]) == 1
    assert "chief" in capsys.readouterr().err
    assert not Token.objects.exists()
