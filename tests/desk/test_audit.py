"""The log knows who did what, tells administrators alone, and holds no secrets."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from build import draft, published
from django.test import Client
from django.utils import timezone
from wagtail.models import ModelLogEntry

from dateline.api import tokens
from dateline.api.models import Scope
from dateline.desk.audit import tidying
from dateline.people.models import Membership, Role
from dateline.publishing import verbs

pytestmark = pytest.mark.django_db


def actions() -> list[str]:
    return list(ModelLogEntry.objects.order_by("pk").values_list("action", flat=True))


def text(client: Client, address: str) -> str:
    response: Any = client.get(address)
    assert response.status_code == 200
    return b"".join(response.streaming_content).decode()


def test_signing_in_and_out(officer: Any) -> None:
    browser = Client()
    sign = {"login": "officer", "password": "wrong pass"}
    browser.post("/desk/login/", sign)
    browser.post("/desk/login/", {**sign, "login": "my-typed-secret"})
    browser.post("/desk/login/", {**sign, "password": "a long pass phrase"})
    browser.post("/desk/logout/")
    found = [action for action in actions() if "sign" in action]
    failed = "dateline.sign_in_failed"
    assert found == [failed, failed, "dateline.sign_in", "dateline.sign_out"]
    kept = str(list(ModelLogEntry.objects.values()))
    assert "my-typed-secret" not in kept
    assert "pass" not in kept


def test_what_is_old_is_dropped(officer: Any, settings: Any) -> None:
    browser = Client()
    browser.post("/desk/login/", {"login": "officer", "password": "a long pass phrase"})
    verbs.retract(published("Court opens"), "Wrong court.")
    ModelLogEntry.objects.update(timestamp=timezone.now() - timedelta(days=400))
    kept = [name for name in actions() if name != "dateline.sign_in"]
    tidying.tidy()
    assert actions() == kept
    settings.AUDIT_KEPT_DAYS = 399
    tidying.tidy()
    assert actions() == []


def test_roles_tokens_and_verbs(officer: Any) -> None:
    Membership.objects.create(user=officer, role=Role.EDITOR).delete()
    token, secret = tokens.make(officer, "Wire", [Scope.CREATE])
    tokens.revoke(token)
    verbs.retract(published("Court opens"), "Wrong court.")
    found = actions()
    for name in ("role_given", "role_taken", "token_made", "token_revoked"):
        assert f"dateline.{name}" in found
    retraction = ModelLogEntry.objects.get(action="dateline.version.retraction")
    assert retraction.data["note"] == "Wrong court."
    kept = str(list(ModelLogEntry.objects.values()))
    assert secret.split("_", 2)[2] not in kept
    assert token.digest not in kept


def test_export_is_for_administrators(desk: Client, keepers_desk: Client) -> None:
    for ending in ("csv", "ndjson"):
        address = f"/desk/reports/audit.{ending}"
        assert desk.get(address).status_code == 302
        assert Client().get(address).status_code == 302
        assert keepers_desk.get(address).status_code == 200
    assert actions().count("dateline.log_exported") == 2


def test_export_by_story_and_safe_for_spreadsheets(keepers_desk: Client) -> None:
    story = draft("=HYPERLINK(1)")
    verbs.publish(story)
    verbs.publish(draft("Another"))
    address = f"/desk/reports/audit.csv?story={story.pk}&action=dateline.version.publication"
    rows = list(csv.DictReader(io.StringIO(text(keepers_desk, address).removeprefix("\ufeff"))))
    assert [row["action"] for row in rows] == ["dateline.version.publication"]
    assert rows[0]["title"].startswith("'=")
    lines = text(keepers_desk, address.replace(".csv", ".ndjson")).splitlines()
    assert json.loads(lines[0])["title"].startswith("=HYPERLINK")


def test_the_page_has_a_line_for_a_publication_and_the_files_have_both_entries(
    keeper: Any, keepers_desk: Client
) -> None:
    verbs.publish(draft("Court opens"), user=keeper)
    page = BeautifulSoup(keepers_desk.get("/desk/reports/log/").content, "html.parser")
    lines = [row.get_text() for row in page.select("main tbody tr")]
    assert len([line for line in lines if "Published" in line]) == 1
    saved = text(keepers_desk, "/desk/reports/log/?export=csv").lower()
    assert saved.count("story,publish") == 2
    found = keepers_desk.get("/desk/reports/log/?action=wagtail.publish").content.decode()
    assert "Court opens" in found


@pytest.mark.parametrize("asked", ["since=nonsense", "since=2024-13-45", "user=me"])
def test_what_cannot_be_asked_is_not_answered_with_everything(
    keepers_desk: Client, asked: str
) -> None:
    assert keepers_desk.get(f"/desk/reports/audit.csv?{asked}").status_code == 404
    assert text(keepers_desk, "/desk/reports/audit.ndjson?since=2999-01-01") == ""


def test_administrators_see_tokens_and_end_them(
    desk: Client, keepers_desk: Client, officer: Any, keeper: Any
) -> None:
    token, secret = tokens.make(officer, "Wire", [Scope.CREATE])
    assert desk.post("/desk/api-tokens/", {"prefix": token.prefix}).status_code == 302
    assert tokens.find(secret) is not None
    page = keepers_desk.get("/desk/api-tokens/").content.decode()
    assert token.prefix in page
    assert secret not in page
    assert keepers_desk.post("/desk/api-tokens/", {"prefix": token.prefix}).status_code == 302
    assert tokens.find(secret) is None
    assert ModelLogEntry.objects.get(action="dateline.token_revoked").user == keeper


@pytest.mark.parametrize("change", ["is_active", "password"])
def test_who_is_shut_out_is_out_at_once(desk: Client, officer: Any, change: str) -> None:
    assert desk.get("/desk/").status_code == 200
    if change == "password":
        officer.set_password("quite another phrase")
    else:
        officer.is_active = False
    officer.save()
    assert desk.get("/desk/").headers["Location"].startswith("/desk/login/")
