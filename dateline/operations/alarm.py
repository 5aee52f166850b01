"""Telling administrators by mail when the worker is dead or late: said by the web's processes.

The worker cannot say it itself. One letter goes out when something has been wrong in two looks in a
row, and one when it is well again.
"""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass, field
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import Error, close_old_connections
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from dateline.lib import newsroom
from dateline.operations import locks, readiness
from dateline.people import rights
from dateline.publishing import schedule
from dateline.publishing.models import Heartbeat

log = logging.getLogger(__name__)

EVERY = 30.0
"""Seconds between two looks."""
NAME = "alarm"
"""The row of `Heartbeat` that stands for as long as an alarm is out."""
WATCHED = {"schedule", "worker", "index"}
"""Of the checks of `/readyz`, those that are the worker's."""


@dataclass
class Watch:
    """What one process saw last."""

    seen: set[str] = field(default_factory=set)

    def look(self) -> None:
        """Raise the alarm over what is wrong for the second time, or end it."""
        wrong = WATCHED & set(readiness.failing())
        lasting, self.seen = wrong & self.seen, wrong
        # Administrators share one letter, in the newsroom's first language.
        with locks.alone(NAME) as mine, override(settings.NEWSROOM.interface_languages[0]):
            out = Heartbeat.objects.filter(name=NAME).first() if mine else None
            if mine and lasting and out is None:
                Heartbeat.objects.create(name=NAME, at=timezone.now())
                _tell(_("%(newsroom)s: stories are not published"), _wrong(lasting))
            elif out is not None and not wrong:
                out.delete()
                _tell(_("%(newsroom)s: the worker is well again"), _well(out))


def start() -> None:
    """Look every half minute, on a thread that ends with its process."""
    threading.Thread(target=_keep_looking, name=NAME, daemon=True).start()


def _keep_looking() -> None:
    watch, never = Watch(), threading.Event()
    while not never.wait(EVERY):
        close_old_connections()
        try:
            watch.look()
        except (Error, OSError, SMTPException):
            log.exception("no alarm could be given")


def _wrong(names: set[str]) -> str:
    said = {
        "schedule": _("Something that was due has not been published for a minute or more."),
        "worker": _("The worker of a machine has given no sign of life for a minute or more."),
        "index": _("What was published a minute or more ago is not found yet."),
    }
    ask = _("“dateline check” on that machine says more, and its log says why.")
    return "\n\n".join([*(said[name] for name in sorted(names)), ask])


def _well(out: Heartbeat) -> str:
    text = _("It was out of order from %(start)s to %(end)s.") % {
        "start": f"{timezone.localtime(out.at):%Y-%m-%d %H:%M:%S}",
        "end": f"{timezone.localtime():%Y-%m-%d %H:%M:%S} ({settings.TIME_ZONE})",
    }
    last = Heartbeat.objects.filter(name=schedule.NAME).first()
    if last is None or last.lateness is None or last.lateness < 1:
        return text
    late = _("What was due meanwhile has been published, the last of it %(seconds)s seconds late.")
    return f"{text}\n\n{late % {'seconds': round(last.lateness)}}"


def _tell(subject: str, text: str) -> None:
    room = settings.NEWSROOM
    name = newsroom.say(room.name, room.interface_languages[0])
    addresses = settings.ALARM_ADDRESSES or sorted(
        person.email for person in rights.administrators() if person.email
    )
    log.error("%s", text)
    if addresses:
        EmailMessage(subject % {"newsroom": name}, text, bcc=addresses).send()
