"""Mails on their way: one at a time through one connection, each marked before it is handed over.

A mail is `sending` from before the server gets it until its answer is written down. Whoever finds
one in that state when a round begins knows that a worker ended in between, and sends it again under
the same Message-ID: nobody misses a mail, and the end of a worker doubles one mail at most.
"""

from __future__ import annotations

import logging
import re
import smtplib
import time
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from typing import Any

from anymail.exceptions import AnymailError, AnymailRecipientsRefused
from django.conf import settings
from django.core.mail import get_connection
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from dateline.alerts import contents, letters
from dateline.alerts.contents import Content, Shelf
from dateline.alerts.models import (
    Control,
    Delivery,
    Mail,
    MailState,
    Standing,
    Subscriber,
)

log = logging.getLogger(__name__)

BATCH = 200
LONGEST = 5.0
"""Seconds a round takes at most, so that a stop, a correction or the worker's end need not wait."""
DELAYS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 120, 240, 480, 960, 960))
"""Between attempts: after about two days a mail is given up."""
MOST_FAILURES = 3
"""Mails refused for good, one after the other, after which an address is left alone."""

_NO_SUCH_ADDRESS = re.compile(r"\b5\.1\.(1|2|3|6|10)\b")
"""Enhanced status codes (RFC 3463, RFC 7505): there is nobody there, and there will not be."""
_ADDRESS = re.compile(r"\S+@\S+")


class MailServerAway(Exception):  # noqa: N818 - a state, not a defect
    """Nothing can be handed over now; everything is kept, and tried again soon."""


class Came(Enum):
    """What came of handing a mail over."""

    SENT = "sent"
    LATER = "later"
    REFUSED = "refused"


@dataclass(frozen=True)
class Outcome:
    """What came of a mail, and what the server said; no address may stand in that."""

    mail: Mail
    came: Came
    answer: str = ""
    nobody: bool = False
    unsure: bool = False
    """The connection was lost: the server may have taken the mail all the same."""


def send() -> bool:
    """Send what waits, for some seconds; True when there is more. Raises MailServerAway."""
    if stopped():
        return False
    _take_up_again()
    batch = _waiting()
    if not batch:
        return False
    with _Connection() as connection:
        last, done = _send_each(batch, connection)
        if last:
            with transaction.atomic():
                settle(last)
    return done < len(batch) or len(batch) == BATCH


def stopped() -> bool:
    """Whether an administrator has stopped the sending."""
    return Control.objects.filter(stopped=True).exists()


def _take_up_again() -> None:
    """Mails that a worker was sending when it ended: this one holds the lock, so it is gone."""
    left = Mail.objects.filter(state=MailState.SENDING)
    if count := left.update(state=MailState.WAITING, repeated=F("repeated") + 1):
        log.warning("%d mail was being sent when a worker ended; it is sent again", count)


def _waiting() -> list[Mail]:
    waiting = Mail.objects.filter(state=MailState.WAITING, due__lte=timezone.now())
    related = waiting.select_related("subscriber", "request")
    deliveries = "deliveries__subscription__question"
    return list(related.prefetch_related(deliveries).order_by("due", "pk")[:BATCH])


def _send_each(batch: list[Mail], connection: _Connection) -> tuple[Outcome | None, int]:
    """Send one after the other. Each transaction settles a mail and marks the next one."""
    shelf, last, end = Shelf(), None, time.monotonic() + LONGEST
    for done, mail in enumerate(batch):
        if time.monotonic() > end:
            return last, done
        with transaction.atomic():
            if last:
                settle(last)
            content = take(mail, shelf)
        last = connection.hand_over(mail, content) if content else None
    return last, len(batch)


def take(mail: Mail, shelf: Shelf) -> Content | None:
    """Mark a mail as being sent, with what is in it; None if it is not to be sent (any more)."""
    mine = Mail.objects.filter(pk=mail.pk, state=MailState.WAITING)
    if mail.subscriber_id is not None:
        mine = mine.filter(subscriber__standing=Standing.ACTIVE)
    if not mine.update(state=MailState.SENDING, attempts=F("attempts") + 1):
        return None
    mail.attempts += 1
    deliveries = list(mail.deliveries.all())
    content = contents.content(mail, deliveries, shelf)
    if content is None:
        Mail.objects.filter(pk=mail.pk).update(state=MailState.DROPPED)
    _note(mail, deliveries, content)
    return content


def _note(mail: Mail, deliveries: list[Delivery], content: Content | None) -> None:
    """Which version of each story is in the mail, and which stories are not.

    Of a mail sent again the first copy counts, since receivers may drop the second one.
    """
    versions = content.versions if content else {}
    for delivery in deliveries:
        if mail.repeated and delivery.version is not None:
            continue
        version = versions.get(delivery.pk)
        Delivery.objects.filter(pk=delivery.pk).update(
            waiting=False, version=version, dropped=version is None
        )


class _Connection:
    """One connection to the mail server for a round; opened anew when it is lost."""

    def __init__(self) -> None:
        self._backend: Any = get_connection()
        self._next = 0.0

    def __enter__(self) -> _Connection:
        self._open()
        return self

    def __exit__(self, *_: object) -> None:
        self._close()

    def _open(self) -> None:
        try:
            self._backend.open()
        except (OSError, AnymailError) as error:
            raise MailServerAway(_said(error)) from None

    def _close(self) -> None:
        try:
            self._backend.close()
        except (OSError, AnymailError):
            log.debug("the mail server did not say good-bye")

    def hand_over(self, mail: Mail, content: Content) -> Outcome:
        """Give the mail to the server and say what came of it."""
        self._keep_to_the_rate()
        try:
            message = letters.message(mail, content.letter, content.envelope)
            self._backend.send_messages([message])
        except (smtplib.SMTPSenderRefused, smtplib.SMTPAuthenticationError) as error:
            # It refuses us, not the subscriber.
            with transaction.atomic():
                settle(Outcome(mail, Came.LATER, _said(error)))
            raise MailServerAway(_said(error)) from None
        except (smtplib.SMTPException, AnymailError, OSError) as error:
            if not isinstance(error, smtplib.SMTPResponseException | smtplib.SMTPRecipientsRefused):
                self._reopen(mail, error)
            return _outcome(mail, error)
        except Exception as error:
            log.exception("mail %s could not be made", mail.pk)
            return Outcome(mail, Came.LATER, type(error).__name__)
        return Outcome(mail, Came.SENT)

    def _reopen(self, mail: Mail, error: Exception) -> None:
        self._close()
        try:
            self._open()
        except MailServerAway:
            with transaction.atomic():
                settle(_outcome(mail, error))
            raise

    def _keep_to_the_rate(self) -> None:
        if settings.ALERTS_RATE:
            time.sleep(max(0.0, self._next - time.monotonic()))
            self._next = time.monotonic() + 1 / settings.ALERTS_RATE


def _outcome(mail: Mail, error: Exception) -> Outcome:
    """5xx is for good, 4xx and everything that is no answer is for now (RFC 5321, 4.2.1)."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, said = next(iter(error.recipients.values()))
        return _answered(mail, code, said)
    if isinstance(error, smtplib.SMTPResponseException):
        return _answered(mail, error.smtp_code, error.smtp_error)
    refused = isinstance(error, AnymailRecipientsRefused)
    if refused:
        return Outcome(mail, Came.REFUSED, _said(error))
    return Outcome(mail, Came.LATER, _said(error), unsure=True)


def _answered(mail: Mail, code: int, said: bytes | str) -> Outcome:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    answer = _clean(f"{code} {text}")
    came = Came.REFUSED if 500 <= code < 600 else Came.LATER
    return Outcome(mail, came, answer, nobody=bool(_NO_SUCH_ADDRESS.search(answer)))


def _said(error: Exception) -> str:
    return _clean(f"{type(error).__name__}: {error}")


def _clean(text: str) -> str:
    """Servers like to repeat the address; it must not stand in logs and answers."""
    return " ".join(_ADDRESS.sub("…", text).split())[:200]


def settle(outcome: Outcome) -> None:
    """Write down what came of a mail. Within a transaction."""
    mail, now = outcome.mail, timezone.now()
    row = Mail.objects.filter(pk=mail.pk)
    if outcome.came is Came.SENT:
        row.update(state=MailState.SENT, sent_at=now, answer="")
        if mail.subscriber and mail.subscriber.failures:
            Subscriber.objects.filter(pk=mail.subscriber.pk).update(failures=0)
        return
    if outcome.came is Came.LATER and mail.attempts <= len(DELAYS):
        due = now + DELAYS[mail.attempts - 1]
        repeated = F("repeated") + int(outcome.unsure)
        row.update(state=MailState.WAITING, due=due, repeated=repeated, answer=outcome.answer)
        _not_had(outcome, waiting=True)
        return
    row.update(state=MailState.FAILED, answer=outcome.answer)
    _not_had(outcome, waiting=False)
    log.info("mail %s is given up: %s", mail.pk, outcome.answer)
    if mail.subscriber_id and outcome.came is Came.REFUSED:
        refused(mail.subscriber_id, nobody=outcome.nobody)


def _not_had(outcome: Outcome, *, waiting: bool) -> None:
    """Who was certainly not sent a story has nothing to be corrected."""
    if not outcome.unsure and not outcome.mail.repeated:
        Delivery.objects.filter(mail=outcome.mail).update(
            waiting=waiting, version=None, dropped=not waiting
        )


def refused(subscriber: int, *, nobody: bool) -> None:
    """Count a refusal; after some in a row, or where nobody is there, the address is left alone."""
    same = Subscriber.objects.filter(pk=subscriber)
    same.update(failures=F("failures") + 1)
    if nobody or same.filter(failures__gte=MOST_FAILURES).exists():
        same.update(standing=Standing.BOUNCED)
