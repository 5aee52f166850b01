"""Asking, confirming, changing and leaving; what nobody learns or does without the right link."""

from __future__ import annotations

import json
import logging
from datetime import timedelta
from typing import Any

import pytest
from alerts.conftest import Follow
from alerts.mailbox import Mailbox, carried, link, text
from build import office, published
from django.contrib.auth import get_user_model
from django.core import signing
from django.test import Client
from django.utils import timezone

from dateline.alerts import consent, links, membership, tidying
from dateline.alerts.models import (
    Control,
    Delivery,
    Mail,
    Question,
    Request,
    Standing,
    Subscriber,
    Subscription,
)
from dateline.people.models import Membership, Role

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("archive_file", "mailbox")]

ADA = "ada@example.org"
OURS = {"Origin": "http://testserver", "Sec-Fetch-Site": "same-origin"}
FORM = {
    "email": ADA,
    "frequency": "daily",
    "hour": "7",
    "weekday": "0",
    "zone": "Europe/Vienna",
    "language1": "en",
    "language2": "fr",
    "language3": "",
    "website": "",
}


def send(client: Client, path: str, form: dict[str, str], **headers: str) -> Any:
    return client.post(path, form, headers=headers or OURS)


def confirmed(client: Client, mailbox: Mailbox, path: str = "/en/follow", **form: str) -> str:
    """The address of one's own page, come to as a reader does."""
    assert send(client, path, FORM | form).status_code == 303
    carried()
    answer = send(client, link(mailbox.mails[-1], "confirm"), {})
    assert answer.status_code == 303
    return str(answer["Location"]).partition("?")[0]


def test_the_form_shows_what_one_would_get(client: Client) -> None:
    vienna = office("vienna", "Vienna")
    story = published("In Vienna", published=timezone.localdate(), offices=(vienna,))
    from build import indexed

    indexed()
    page = client.get("/en/follow?office=vienna&page=3&size=50&sort=oldest")
    shown = page.content.decode()
    assert page.status_code == 200
    assert "1 story in the last month" in shown
    assert story.get_absolute_url() in shown
    assert 'action="/en/follow?office=vienna"' in shown
    assert not page.cookies


def test_nothing_is_followed_before_it_is_confirmed(client: Client, mailbox: Mailbox) -> None:
    office("vienna", "Vienna")
    answer = send(client, "/en/follow?office=vienna", FORM)
    assert (answer.status_code, answer["Location"]) == (303, "/en/follow/sent")
    assert not answer.cookies
    carried()
    (mail,) = mailbox.mails
    assert not Subscriber.objects.exists()
    assert not Subscription.objects.exists()
    assert mail["List-Unsubscribe"] is None
    path = link(mail, "confirm")
    assert client.get(path).status_code == 200
    assert not Subscriber.objects.exists(), "programs open every link"
    answer = send(client, path, {})
    one = Subscription.objects.get()
    assert (one.languages, one.frequency, one.hour) == ("en,fr", "daily", 7)
    assert (one.wording, one.subscriber.zone) == (consent.WORDING, "Europe/Vienna")
    assert not Request.objects.exists()
    shown = client.get(answer["Location"])
    assert "News and press releases from Vienna" in shown.content.decode()
    assert shown["Cache-Control"] == "private, no-store"
    assert "ETag" not in shown
    assert send(client, path, {}).status_code == 404


def test_asking_tells_nobody_who_follows(client: Client, mailbox: Mailbox) -> None:
    confirmed(client, mailbox)
    answers = [
        send(client, path, FORM | {"email": email})
        for email in (ADA, "ADA@example.org", "new@example.org")
        for path in ("/en/follow", "/en/follow/link")
    ]
    assert len({(a.status_code, a["Location"], a.content) for a in answers}) == 1
    carried()
    assert "new@example.org" not in [
        mail["To"] for mail in mailbox.mails if "/follow/mine/" in text(mail)
    ]


def test_one_address_and_one_client_are_limited(client: Client, mailbox: Mailbox) -> None:
    for _ in range(7):
        assert send(client, "/en/follow", FORM).status_code == 303
    carried()
    assert len(mailbox.raw) == membership.PER_ADDRESS
    statuses = [
        send(client, "/en/follow", FORM | {"email": f"p{n}@example.org"}).status_code
        for n in range(membership.PER_CLIENT)
    ]
    assert statuses[-1] == 429
    later = send(client, "/en/follow/link", FORM)
    assert (later.status_code, later["Retry-After"]) == (429, "3600")
    assert Request.objects.exclude(client="").count() == membership.PER_CLIENT
    assert "127.0.0.1" not in Request.objects.latest("pk").client


def test_a_program_that_fills_in_everything_is_let_believe(client: Client) -> None:
    answer = send(client, "/en/follow", FORM | {"website": "https://spam.example"})
    assert answer.status_code == 303
    assert not Request.objects.exists()


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://testserver", "Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"X-Nothing": "1"},
    ],
)
def test_another_sites_form_is_refused(client: Client, headers: dict[str, str]) -> None:
    assert send(client, "/en/follow", FORM, **headers).status_code == 403
    assert not Request.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", "nobody"),
        ("email", ""),
        ("email", "a@example.org\nBcc: b@example.org"),
        ("email", f"{'a' * 250}@example.org"),
        ("zone", "Europe/Atlantis"),
        ("language1", "tlh"),
        ("frequency", "hourly"),
        ("hour", "24"),
    ],
)
def test_what_cannot_be_used_is_said(client: Client, field: str, value: str) -> None:
    assert send(client, "/en/follow", FORM | {field: value}).status_code == 422
    assert not Request.objects.exists()


def test_a_list_that_is_none_cannot_be_followed(client: Client) -> None:
    for query in ("office=nowhere", "colour=red", "from=soon"):
        assert client.get(f"/en/follow?{query}").status_code == 404
        assert send(client, f"/en/follow?{query}", FORM).status_code == 404


# --- one's own page -----------------------------------------------------------------------------
def test_everything_can_be_changed_and_ended(client: Client, mailbox: Mailbox) -> None:
    mine = confirmed(client, mailbox)
    one = Subscription.objects.get()
    changed = {"do": "change", "subscription": str(one.pk), "frequency": "weekly", "hour": "9"}
    send(client, mine, FORM | changed | {"weekday": "4", "language1": "fr", "language2": ""})
    one.refresh_from_db()
    assert (one.frequency, one.hour, one.weekday, one.languages) == ("weekly", 9, 4, "fr")
    assert one.question.language == "fr"
    assert Question.objects.count() == 1
    send(client, mine, {"do": "settle", "zone": "Asia/Almaty", "language": "fr"})
    subscriber = Subscriber.objects.get()
    assert (subscriber.zone, subscriber.language) == ("Asia/Almaty", "fr")
    for do, standing in (("pause", Standing.PAUSED), ("resume", Standing.ACTIVE)):
        send(client, mine, {"do": do})
        assert Subscriber.objects.get().standing == standing
    record = json.loads(client.get(f"{mine}/record.json").content)
    assert (record["address"], record["lists"][0]["languages"]) == (ADA, ["fr"])
    send(client, mine, {"do": "end", "subscription": str(one.pk)})
    assert not Subscription.objects.exists()
    assert not Question.objects.exists()


def test_links_can_be_ended_and_grow_old(
    client: Client, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = confirmed(client, mailbox)
    assert ADA not in client.get(mine).content.decode()
    new = str(send(client, mine, {"do": "renew"})["Location"]).partition("?")[0]
    assert client.get(mine).status_code == 404
    assert client.get(f"{mine}/record.json").status_code == 404
    assert client.get(new).status_code == 200
    leave = links.leave(Subscriber.objects.get())
    import time

    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + links.MANAGE.total_seconds() + 60)
    assert client.get(new).status_code == 404
    assert client.get(leave).status_code == 200


def test_one_click_ends_and_erases_everything(
    client: Client, mailbox: Mailbox, follow: Follow
) -> None:
    follow(ADA)
    published("News", published=None)
    carried()
    path = link(mailbox.mails[-1], "leave")
    assert client.get(path).status_code == 200
    assert Subscriber.objects.exists()
    # As RFC 8058 has it: no cookie, no origin, one field.
    answer = client.post(path, {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    for model in (Subscriber, Subscription, Delivery, Mail, Request, Question):
        assert not model.objects.exists(), model
    assert client.post(path, {"List-Unsubscribe": "One-Click"}).content == answer.content


def test_nobody_changes_what_is_anothers(client: Client, mailbox: Mailbox, follow: Follow) -> None:
    ben = follow("ben@example.org")
    other = ben.subscriptions.get()
    mine = confirmed(client, mailbox)
    for do in ("end", "change"):
        send(client, mine, FORM | {"do": do, "subscription": str(other.pk), "frequency": "weekly"})
    other.refresh_from_db()
    assert other.frequency == "at-once"
    ada = Subscriber.objects.get(folded=ADA)
    guesses = [
        signing.dumps([ben.pk, ada.key], salt="dateline.alerts.mine"),
        signing.dumps([ben.pk, ben.key], salt="dateline.alerts.leave"),
        signing.dumps([ben.pk, ben.key], salt="dateline.alerts.mine", key="another"),
        f"{ben.pk}",
        "",
        "%00",
    ]
    for guess in guesses:
        assert client.get(f"/en/follow/mine/{guess}").status_code == 404
        assert client.get(f"/en/follow/mine/{guess}/record.json").status_code == 404
        assert send(client, f"/en/follow/mine/{guess}", {"do": "pause"}).status_code == 404
    wrong = links.manage(ben).rpartition("/")[2]
    client.post(f"/en/follow/leave/{wrong}", {"List-Unsubscribe": "One-Click"})
    assert Subscriber.objects.get(folded="ben@example.org").standing == Standing.ACTIVE


def test_no_address_gets_into_a_log(
    client: Client, mailbox: Mailbox, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    mailbox.refused = {ADA: f"550 5.7.1 <{ADA}> is not welcome"}
    send(client, "/en/follow", FORM)
    carried()
    assert Mail.objects.get().answer
    ours = [one.getMessage() for one in caplog.records if one.name != "mail.log"]
    assert any("is given up" in said for said in ours)
    assert not [said for said in ours if "ada@" in said]
    assert "ada@" not in Mail.objects.get().answer
    assert "ada@" not in f"{Mail.objects.get()} {Request.objects.get()!r}"


def test_what_is_forgotten_by_itself(
    client: Client, mailbox: Mailbox, follow: Follow, monkeypatch: pytest.MonkeyPatch
) -> None:
    follow("ben@example.org")
    published("News", published=None)
    carried()
    send(client, "/en/follow", FORM)
    tidying.tidy()
    assert Request.objects.count() == Delivery.objects.count() == 1
    later = timezone.now() + consent.UNCONFIRMED + consent.UNCONFIRMED
    monkeypatch.setattr(timezone, "now", lambda: later)
    tidying.tidy()
    assert not Request.objects.exists()
    assert Delivery.objects.exists()
    later += timedelta(days=366)
    tidying.tidy()
    assert not Delivery.objects.exists()
    assert not Mail.objects.exists()
    assert Subscriber.objects.exists()


# --- at the desk ----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("role", "allowed"), [(Role.ADMINISTRATOR, True), (Role.CHIEF_EDITOR, False)]
)
def test_an_administrator_sees_and_stops_the_sending(
    client: Client, follow: Follow, role: Role, *, allowed: bool
) -> None:
    follow(ADA)
    user = get_user_model().objects.create_user("keeper", "k@example.org", "a long pass phrase")
    Membership.objects.create(user=user, role=role)
    client.force_login(user)
    page = client.get("/desk/alerts/")
    assert (page.status_code == 200) is allowed
    assert ADA not in page.content.decode()
    client.post("/desk/alerts/switch/", {"do": "stop"})
    assert Control.objects.filter(stopped=True).exists() is allowed
    client.post("/desk/alerts/switch/", {"do": "go"})
    assert not Control.objects.filter(stopped=True).exists()
