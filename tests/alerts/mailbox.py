"""A mail server on this machine, and what it was given."""

from __future__ import annotations

import re
import socket
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller

from dateline.alerts import courier
from dateline.alerts.models import Delivery, Mail


@dataclass
class Mailbox:
    """All mail that arrived, and what the server answers to the next (250 when none is left)."""

    port: int = 0
    raw: list[tuple[str, bytes]] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        if self.answers and not (answer := self.answers.pop(0)).startswith("250"):
            return answer
        self.raw.append((envelope.rcpt_tos[0], envelope.original_content or envelope.content))
        return "250 OK"

    @property
    def mails(self) -> list[EmailMessage]:
        return [message_from_bytes(content, policy=policy.default) for _, content in self.raw]  # type: ignore[misc]

    @property
    def subjects(self) -> list[tuple[str, str]]:
        """(address, subject) of all, in order of arrival."""
        return [(mail["To"], mail["Subject"]) for mail in self.mails]

    def counted(self) -> Counter[tuple[str, str]]:
        return Counter(self.subjects)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def serving() -> Iterator[Mailbox]:
    box = Mailbox(free_port())
    server = Controller(box, hostname="127.0.0.1", port=box.port)
    server.start()
    try:
        yield box
    finally:
        server.stop(no_assert=True)


def text(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def html(mail: EmailMessage) -> str:
    part = mail.get_body(("html",))
    assert part is not None
    return str(part.get_content())


def link(mail: EmailMessage, kind: str) -> str:
    """The path of the link of a kind ("confirm", "mine", "leave") in the text of a mail."""
    found = re.search(rf"https?://[^/\s]+(/\w+/follow/{kind}/\S+)", text(mail))
    assert found, text(mail)
    return found[1]


def carried() -> None:
    """All that waits is sent, whenever it would be due."""
    while courier.carry():
        pass


def hurried() -> None:
    """As if all that is due some day were due now."""
    from django.utils import timezone

    carried()
    Delivery.objects.filter(waiting=True).update(due=timezone.now())
    Mail.objects.filter(state="waiting").update(due=timezone.now())
    carried()
