"""A mail server that receives, and short ways to follow a list."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from alerts.mailbox import Mailbox, serving
from django.utils import timezone

from dateline.alerts import courier, letters, membership
from dateline.alerts.membership import When
from dateline.alerts.models import Request, Subscriber
from dateline.archive.query import Query

Follow = Callable[..., Subscriber]


@pytest.fixture(scope="session")
def mail_server() -> Iterator[Mailbox]:
    with serving() as box:
        yield box


@pytest.fixture
def mailbox(mail_server: Mailbox, settings: Any) -> Mailbox:
    """An empty mailbox, and a newsroom that sends to it at once."""
    mail_server.raw.clear()
    mail_server.answers.clear()
    mail_server.refused.clear()
    settings.EMAIL_BACKEND = "dateline.alerts.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", mail_server.port
    settings.ALERTS_HOLD = 0
    letters.rendered.cache_clear()
    return mail_server


@pytest.fixture
def follow(db: None, archive_file: Path, mailbox: Mailbox) -> Follow:
    """Follow a query as somebody, confirmed. The cursor stands at the outbox's end before."""
    courier.carry()

    def following(
        address: str = "ada@example.org",
        query: Query | None = None,
        *,
        languages: tuple[str, ...] = ("en",),
        zone: str = "Europe/Vienna",
        when: When | None = None,
    ) -> Subscriber:
        asked = query or Query(languages[0])
        membership.ask(asked, languages, when or When(), zone, address, f"client {address}")
        request = Request.objects.filter(folded=membership.fold(address)).latest("pk")
        subscriber = membership.confirm(request)
        assert subscriber.confirmed_at <= timezone.now()
        return subscriber

    return following
