"""Signatures, and what mail services report."""

from __future__ import annotations

import base64
import json
import subprocess
from pathlib import Path
from typing import Any

import dkim
import pytest
from alerts.conftest import Follow
from alerts.mailbox import Mailbox, carried, html
from anymail.signals import AnymailTrackingEvent, tracking
from build import published
from django.test import Client

from dateline.alerts.models import Standing, Subscriber

pytestmark = pytest.mark.usefixtures("archive_file")


@pytest.fixture
def published_key(tmp_path: Path, settings: Any) -> bytes:
    """A key that signs, and the record that stands for it in the DNS."""
    path = tmp_path / "dkim.pem"
    subprocess.run(["openssl", "genrsa", "-traditional", "-out", path, "2048"], check=True)
    show = ["openssl", "rsa", "-in", path, "-pubout", "-outform", "DER"]
    public = subprocess.run(show, check=True, capture_output=True).stdout
    settings.DKIM_KEY, settings.DKIM_SELECTOR = str(path), "news"
    settings.DEFAULT_FROM_EMAIL = "Newsroom <news@example.org>"
    return b"v=DKIM1; k=rsa; p=" + base64.b64encode(public)


def test_a_receiver_can_verify_the_signature(
    follow: Follow, mailbox: Mailbox, published_key: bytes
) -> None:
    asked: list[bytes] = []

    def dns(name: bytes, timeout: int = 5) -> bytes:
        asked.append(name)
        return published_key

    follow()
    published("Überschrift", published=None, summary="Ein langer Satz mit Łódź. " * 60)
    carried()
    ((_, raw),) = mailbox.raw
    assert dkim.verify(raw, dnsfunc=dns)
    assert asked == [b"news._domainkey.example.org."]
    assert not dkim.verify(raw.replace(b"Satz", b"Saft", 1), dnsfunc=dns)
    header = mailbox.mails[0]["DKIM-Signature"].lower()
    for name in ("list-unsubscribe", "list-unsubscribe-post", "from", "subject", "message-id"):
        assert name in header.partition("h=")[2].partition(";")[0].replace(" ", "").split(":")
    changed = raw.replace(b"One-Click", b"Two-Click")
    assert not dkim.verify(changed, dnsfunc=dns), "RFC 8058: both headers must be signed"


def _report(**facts: Any) -> None:
    event = AnymailTrackingEvent(timestamp=None, event_id="1", esp_event={}, **facts)
    tracking.send(sender=object, event=event, esp_name="Trial")


def test_bounces_and_complaints_are_heeded(follow: Follow) -> None:
    follow("gone@example.org")
    follow("angry@example.org")
    follow("full@example.org")
    _report(event_type="bounced", recipient="GONE@example.org", reject_reason="bounced")
    _report(event_type="complained", recipient="angry@example.org", reject_reason="spam")
    _report(event_type="deferred", recipient="full@example.org", reject_reason=None)
    _report(event_type="complained", recipient="stranger@example.org", reject_reason="spam")
    standings = dict(Subscriber.objects.values_list("folded", "standing"))
    assert standings == {
        "gone@example.org": Standing.BOUNCED,
        "full@example.org": Standing.ACTIVE,
    }


def test_reports_are_taken_with_the_secret_alone(
    follow: Follow, client: Client, settings: Any
) -> None:
    follow("gone@example.org")
    report = {"RecordType": "SpamComplaint", "Email": "gone@example.org", "MessageID": "1"}

    def tell(secret: str = "") -> int:
        given = base64.b64encode(secret.encode()).decode()
        headers = {"Authorization": f"Basic {given}"} if secret else {}
        content = json.dumps(report)
        answer = client.post("/mail-reports", content, "application/json", headers=headers)
        return answer.status_code

    assert tell("a:b") == 404, "no service is set"
    settings.EMAIL_SERVICE, settings.ANYMAIL = "postmark", {}
    assert tell("a:b") == 404, "a service without a secret is none"
    settings.ANYMAIL = {"WEBHOOK_SECRET": "name:secret"}
    assert tell() == 400
    assert tell("name:guessed") == 400
    assert Subscriber.objects.exists()
    assert tell("name:secret") == 200
    assert not Subscriber.objects.exists()


def test_a_mail_loads_nothing_and_counts_nobody(follow: Follow, mailbox: Mailbox) -> None:
    follow()
    published("First", published=None)
    carried()
    shown = html(mailbox.mails[0])
    for wanting in ("<img", "url(", "<script", "<link", "@import", "utm_"):
        assert wanting not in shown
