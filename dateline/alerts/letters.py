"""What mails say, in the subscriber's language, as text and as HTML."""

from __future__ import annotations

import binascii
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from email.charset import QP, Charset
from email.utils import format_datetime, formataddr, parseaddr
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from dateline.alerts.models import Mail, Purpose
from dateline.lib import languages, newsroom

_MANAGE, _LEAVE = "https://manage.invalid/", "https://leave.invalid/"
"""What stands for a subscriber's own links while a letter is made that many get alike."""


class _QuotedPrintable(Charset):
    """UTF-8 as quoted-printable (RFC 2045, 6.7), by the interpreter's own C code.

    That of `email.quoprimime` took half the time of sending a mail.
    """

    def __init__(self) -> None:
        super().__init__("utf-8")
        self.body_encoding = QP

    def body_encode(self, string: str | bytes) -> str:  # type: ignore[override]
        content = string if isinstance(string, bytes) else string.encode()
        return binascii.b2a_qp(content, istext=True).decode("ascii")


_QUOTED = _QuotedPrintable()


@dataclass(frozen=True)
class Item:
    """One story of a letter. `kind` is "", "correction", "retraction" or "kill"; `note` its reason.

    A killed story has neither headline nor address: it must not be spread any further.
    """

    headline: str
    url: str
    published: date | datetime | None
    language: str
    summary: str = ""
    genre: str = ""
    offices: tuple[str, ...] = ()
    kind: str = ""
    note: str = ""

    @property
    def direction(self) -> str:
        """The writing direction of the story's own language."""
        return languages.direction(self.language)


@dataclass(frozen=True)
class Letter:
    """All that many letters may have in common. `lists` are the lists that found the stories."""

    purpose: str
    language: str
    items: tuple[Item, ...] = ()
    lists: tuple[tuple[str, str], ...] = ()
    more: int = 0
    link: str = ""


@dataclass(frozen=True)
class Envelope:
    """What is one subscriber's own."""

    address: str
    manage: str = ""
    leave: str = ""
    answers: tuple[str, ...] = field(default=())


def message(mail: Mail, letter: Letter, envelope: Envelope) -> EmailMultiAlternatives:
    """The mail as it is sent: the same, but for its date, however often it is tried."""
    subject, text, html = rendered(letter)
    headers = {
        "Message-ID": message_id(mail),
        "Date": format_datetime(timezone.now()),
        "Content-Language": letter.language,
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "OOF, AutoReply",
        **_list_headers(letter, envelope),
    }
    if envelope.answers:
        headers["In-Reply-To"] = envelope.answers[-1]
        headers["References"] = " ".join(envelope.answers)
    made = EmailMultiAlternatives(
        subject, _own(text, envelope), sender(letter.language), [envelope.address], headers=headers
    )
    made.attach_alternative(_own(html, envelope), "text/html")
    # Quoted-printable, since a relay that does not take eight bits would break the signature.
    made.encoding = _QUOTED
    return made


def message_id(mail: Mail) -> str:
    """The mail's own (RFC 5322, 3.6.4): receivers know a second copy by it."""
    return f"<{mail.key.hex}@{host()}>"


def host() -> str:
    """The name of this site, for identifiers."""
    return urlsplit(settings.ORIGIN).hostname or "localhost"


def sender(language: str) -> str:
    """The newsroom's name and the address mail is sent from."""
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return formataddr((name or newsroom.say(settings.NEWSROOM.name, language), address))


def _list_headers(letter: Letter, envelope: Envelope) -> dict[str, str]:
    """RFC 2919, RFC 2369 and RFC 8058. A confirmation belongs to no list yet."""
    if not envelope.leave:
        return {}
    return {
        "List-Id": f"<alerts.{host()}>",
        "List-Unsubscribe": f"<{envelope.leave}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Precedence": "bulk",
    }


def _own(text: str, envelope: Envelope) -> str:
    return text.replace(_MANAGE, envelope.manage).replace(_LEAVE, envelope.leave)


@lru_cache(maxsize=256)
def rendered(letter: Letter) -> tuple[str, str, str]:
    """(subject, text, HTML) of a letter; those that many get alike are made once."""
    interface = _interface(letter.language)
    with override(interface):
        context = _context(letter, interface)
        name = f"alerts/mail_{letter.purpose}"
        text = render_to_string(f"{name}.txt", context)
        html = render_to_string(f"{name}.html", context)
        return subject(letter), _tidy(text), html


def _interface(language: str) -> str:
    """The language Dateline's own words are in."""
    spoken = settings.NEWSROOM.interface_languages
    base = language.partition("-")[0]
    return next((tag for tag in (language, base) if tag in spoken), spoken[0])


def _context(letter: Letter, interface: str) -> dict[str, Any]:
    room = settings.NEWSROOM
    return {
        "letter": letter,
        "subject": subject(letter),
        "interface": interface,
        "direction": languages.direction(interface),
        "newsroom": newsroom.say(room.name, letter.language),
        "organisation": newsroom.say(room.organisation, letter.language),
        "contact": room.contact_email,
        "origin": settings.ORIGIN,
        "home": f"{settings.ORIGIN}/{letter.language}/",
        "accent": room.accent or "#0a4a8f",
        "accent_dark": room.accent_dark or "#8dbdf7",
        "manage": _MANAGE,
        "leave": _LEAVE,
    }


def subject(letter: Letter) -> str:
    """The subject line: the headline where there is one story, else how many there are."""
    if letter.purpose == Purpose.CONFIRMATION:
        text = _("Please confirm: %(list)s") % {"list": letter.lists[0][0]}
    elif letter.purpose == Purpose.LINK:
        text = _("The link to what you follow")
    elif letter.purpose == Purpose.CORRECTION:
        text = _corrected(letter.items)
    elif len(letter.items) == 1:
        text = letter.items[0].headline
    else:
        count = len(letter.items) + letter.more
        text = ngettext("%(count)d new story", "%(count)d new stories", count) % {"count": count}
        if len(letter.lists) == 1:
            text = _("%(stories)s: %(list)s") % {"stories": text, "list": letter.lists[0][0]}
    return " ".join(text.split())


def _corrected(items: Sequence[Item]) -> str:
    item = items[0]
    if item.kind == "kill":
        return _("Please do not use a story we sent you")
    words = {"headline": item.headline}
    if item.kind == "retraction":
        return _("Retracted: %(headline)s") % words
    return _("Correction: %(headline)s") % words


def _tidy(text: str) -> str:
    """Without the empty lines that template tags leave; a paragraph ends with one."""
    lines = [line.rstrip() for line in text.strip().splitlines()]
    kept = [line for at, line in enumerate(lines) if line or lines[at - 1]]
    return "\n".join(kept) + "\n"
