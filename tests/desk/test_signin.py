"""Every way to the desk: what it asks, what it keeps, and how it is closed again."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from desk.rights_tables import routes
from desk.totp import code
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import NoReverseMatch, reverse
from oidc_provider_mock import User, run_server_in_thread
from wagtail.models import ModelLogEntry

from dateline.desk.signin.adapters import SecondFactor

pytestmark = pytest.mark.django_db

PASSWORD = "a long pass phrase"
SIGN_IN = {"login": "officer", "password": PASSWORD}


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def actions() -> list[str]:
    return list(ModelLogEntry.objects.order_by("pk").values_list("action", flat=True))


@pytest.fixture
def secret(officer: Any) -> str:
    """The officer's authenticator app."""
    made = generate_totp_secret()
    TOTP.activate(officer, made)
    RecoveryCodes.activate(officer)
    return made


def test_a_password_alone_no_longer_suffices(client: Client, secret: str) -> None:
    where = client.post("/desk/login/", SIGN_IN).headers["Location"]
    assert where == reverse("mfa_authenticate")
    assert not is_in(client)
    assert client.get("/desk/").headers["Location"].startswith("/desk/login/")
    right = code(secret)
    wrong = f"{(int(right) + 1) % 10**6:06}"
    assert client.post(where, {"code": wrong}).status_code == 200
    assert not is_in(client)
    client.post(where, {"code": right})
    assert is_in(client)
    assert client.get("/desk/").status_code == 200
    again = Client()
    again.post("/desk/login/", SIGN_IN)
    again.post(where, {"code": right})
    assert not is_in(again), "a code that was looked at over a shoulder"
    assert "dateline.factor_failed" in actions()


def test_a_recovery_code_lets_in_once(secret: str, officer: Any) -> None:
    kept = Authenticator.objects.get(user=officer, type="recovery_codes").wrap()
    spare = kept.get_unused_codes()[0]
    seen = []
    for _ in range(2):
        client = Client()
        client.post("/desk/login/", SIGN_IN)
        client.post(reverse("mfa_authenticate"), {"code": spare})
        seen.append(is_in(client))
    assert seen == [True, False]


def test_no_address_lets_in_who_shows_a_password_alone(secret: str) -> None:
    tried = 0
    for name, _given in routes():
        try:
            address = reverse(name)
        except NoReverseMatch:
            continue
        client = Client()
        client.post(address, {**SIGN_IN, "username": "officer", "next": "/desk/"})
        assert not is_in(client), name
        tried += 1
    assert tried > 100


def test_nobody_signs_up(client: Client) -> None:
    for name in ("account_signup", "socialaccount_signup", "account_reset_password"):
        with pytest.raises(NoReverseMatch):
            reverse(name)


def test_addresses_elsewhere_are_not_followed(client: Client, officer: Any) -> None:
    response = client.post("/desk/login/", {**SIGN_IN, "next": "https://evil.example/"})
    assert is_in(client)
    assert response.headers["Location"] == "/desk/"


def test_guessing_is_stopped_even_for_the_right_password(officer: Any) -> None:
    for _ in range(5):
        assert Client().post("/desk/login/", {**SIGN_IN, "password": "guess"}).status_code == 200
    late = Client()
    late.post("/desk/login/", SIGN_IN)
    assert not is_in(late)


def test_who_works_by_mail_address_signs_in_by_it(client: Client, officer: Any) -> None:
    client.post("/desk/login/", {**SIGN_IN, "login": "Officer@example.org"})
    assert is_in(client)


@pytest.mark.django_db(transaction=True)  # allauth notes and tells when all is written
def test_a_required_factor_comes_first(
    settings: Any, client: Client, officer: Any, mailoutbox: list[Any]
) -> None:
    settings.SECOND_FACTOR = "required"
    client.post("/desk/login/", SIGN_IN)
    for address in ("/desk/", "/desk/stories/", "/desk/account/", "/desk/nowhere/"):
        assert client.get(address).headers["Location"] == reverse("mfa_index"), address
    asked = client.get("/desk/stories/", headers={"X-Requested-With": "XMLHttpRequest"})
    assert asked.status_code == 403
    activate = reverse("mfa_activate_totp")
    once_more = client.get(activate).headers["Location"]
    client.post(once_more, {"password": PASSWORD, "next": activate})
    page = client.get(activate).content.decode()
    found = re.search(r'value="([A-Z2-7]{16,})"', page)
    assert found
    client.post(activate, {"code": code(found[1])})
    assert client.get("/desk/").status_code == 200
    assert client.get(reverse("mfa_view_recovery_codes")).status_code == 200
    assert "dateline.factor_added" in actions()
    assert [mail.to for mail in mailoutbox] == [["officer@example.org"]]
    assert found[1] not in mailoutbox[0].body


def test_a_database_that_was_read_gives_no_codes(settings: Any, secret: str) -> None:
    kept = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert secret not in kept
    box = Authenticator.objects.get(type="totp").data["secret"]
    before = settings.SECRET_KEY
    settings.SECRET_KEY = "another"
    assert SecondFactor().decrypt(box) == ""
    settings.SECRET_KEY_FALLBACKS = [before]
    assert SecondFactor().decrypt(box) == secret


def test_sessions_are_listed_and_ended(officer: Any, keepers_desk: Client) -> None:
    here, there = Client(headers={"user-agent": "Here"}), Client(headers={"user-agent": "There"})
    for client in (here, there):
        client.post("/desk/login/", SIGN_IN)
    page = here.get(reverse("usersessions_list")).content.decode()
    assert "Here" in page
    assert "There" in page
    here.post(reverse("usersessions_list"))
    assert there.get("/desk/").status_code == 302
    assert here.get("/desk/").status_code == 200
    address = reverse("desk_person_sign_in", args=[officer.pk])
    assert "Here" in keepers_desk.get(address).content.decode()
    assert here.post(address, {"do": "end-sessions"}).status_code in (302, 403)
    assert here.get("/desk/").status_code == 200, "an officer has no power over sessions"
    keepers_desk.post(address, {"do": "end-sessions"})
    assert here.get("/desk/").status_code == 302
    assert "dateline.sessions_ended" in actions()


def test_a_lost_phone(secret: str, officer: Any, keepers_desk: Client, client: Client) -> None:
    address = reverse("desk_person_sign_in", args=[officer.pk])
    keepers_desk.post(address, {"do": "remove-factors"})
    client.post("/desk/login/", SIGN_IN)
    assert is_in(client)
    assert "dateline.factor_removed" in actions()


ADDRESSES = {
    "known": ("officer@example.org", True),
    "unverified": ("officer@example.org", False),
    "stranger": ("stranger@example.org", True),
    "twice": ("both@example.org", True),
    "gone": ("gone@example.org", True),
}


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    """An OpenID Connect provider of its own, with people that this newsroom knows or not."""
    people = [
        User(sub=sub, claims={"email": email, "email_verified": verified})
        for sub, (email, verified) in ADDRESSES.items()
    ]
    with run_server_in_thread(user_claims=people) as server:
        yield f"http://localhost:{server.server_port}"


@pytest.fixture
def elsewhere(settings: Any, provider: str, officer: Any) -> Any:
    """Signs somebody in there and comes back: the client, and the answer of the way back."""
    for name, email, active in (
        ("one", "both@example.org", True),
        ("two", "both@example.org", True),
        ("left", "gone@example.org", False),
    ):
        get_user_model().objects.create_user(name, email, PASSWORD, is_active=active)
    app = {
        "provider_id": "organisation",
        "name": "The Organisation",
        "client_id": "newsroom",
        "secret": "kept",
        "settings": {"server_url": provider},
    }
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {"APPS": [app], "OAUTH_PKCE_ENABLED": True}
    }

    def sign_in(sub: str) -> tuple[Client, Any]:
        client = Client()
        assert "The Organisation" in client.get("/desk/login/").content.decode()
        away = client.get(reverse("openid_connect_login", args=["organisation"]))
        asked = away.headers["Location"]
        assert asked.startswith(provider)
        assert parse_qs(urlsplit(asked).query)["code_challenge_method"] == ["S256"]
        back = httpx.post(asked, data={"sub": sub}).headers["Location"]
        return client, client.get(back.partition("testserver")[2])

    return sign_in


def test_people_who_are_known_sign_in_elsewhere(
    elsewhere: Any, officer: Any, settings: Any
) -> None:
    settings.SECOND_FACTOR = "required"
    client, answer = elsewhere("known")
    assert answer.headers["Location"] == "/desk/"
    assert client.session["_auth_user_id"] == str(officer.pk)
    assert client.get("/desk/").status_code == 200, "the provider has asked for its factors"
    officer.refresh_from_db()
    assert officer.check_password(PASSWORD)
    settings.SECOND_FACTOR = "offered"


@pytest.mark.parametrize("sub", ["unverified", "stranger", "twice", "gone"])
def test_nobody_else_comes_in_from_elsewhere(elsewhere: Any, sub: str) -> None:
    people = get_user_model().objects.count()
    client, answer = elsewhere(sub)
    assert not is_in(client)
    assert "Ask an administrator" in answer.content.decode()
    assert get_user_model().objects.count() == people


def test_ones_own_factor_is_asked_for_from_elsewhere_too(elsewhere: Any, secret: str) -> None:
    client, answer = elsewhere("known")
    assert answer.headers["Location"] == reverse("mfa_authenticate")
    assert not is_in(client)


def test_without_passwords_there_is_one_way_in(elsewhere: Any, settings: Any) -> None:
    settings.PASSWORDS = False
    settings.WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
    page = Client().get("/desk/login/").content.decode()
    assert "The Organisation" in page
    assert 'type="password"' not in page
    client = Client()
    client.post("/desk/login/", SIGN_IN)
    assert not is_in(client)
    assert client.get("/desk/password_reset/").status_code == 404
    client, _ = elsewhere("known")
    assert client.get(reverse("mfa_activate_totp")).status_code == 200


def test_an_answer_nobody_asked_for_is_refused(elsewhere: Any, client: Client) -> None:
    address = reverse("openid_connect_callback", args=["organisation"])
    answer = client.get(address, {"code": "stolen", "state": "made-up"})
    assert not is_in(client)
    assert "did not work" in answer.content.decode()


def test_a_provider_that_is_away_is_told_of(elsewhere: Any, settings: Any, client: Client) -> None:
    [app] = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"]
    app["settings"] = {"server_url": "http://localhost:1"}
    answer = client.get(reverse("openid_connect_login", args=["organisation"]))
    assert answer.status_code == 502
    assert "did not work" in answer.content.decode()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"DATELINE_OIDC_SERVER": "https://login.example.org"}, "DATELINE_OIDC_CLIENT"),
        ({"DATELINE_SECOND_FACTOR": "maybe"}, "Must be one of: offered, required"),
        (
            {
                "DATELINE_OIDC_SERVER": "https://login.example.org",
                "DATELINE_OIDC_CLIENT": "newsroom",
                "DATELINE_OIDC_SECRET": "kept",
                "DATELINE_PASSWORDS": "false",
            },
            "no issues",
        ),
    ],
)
def test_settings_that_do_not_fit_say_so(given: dict[str, str], said: str, tmp_path: Path) -> None:
    own = {"DJANGO_SETTINGS_MODULE": "dateline.settings", "DATELINE_DATA": str(tmp_path)}
    whole = said == "no issues"
    program = ["-m", "django", "check"] if whole else ["-c", "import dateline.settings"]
    command = [sys.executable, *program]
    done = subprocess.run(command, env=os.environ | own | given, capture_output=True, text=True)
    assert said in done.stdout + done.stderr
