"""The administrator's view: what waits, how fast it goes, what failed, and the stop."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Count, Min
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST
from wagtail.admin import messages

from dateline.alerts import gathering
from dateline.alerts.models import Control, Delivery, Mail, MailState, Subscriber, Subscription
from dateline.publishing import outbox
from dateline.publishing.models import Cursor

SHOWN = 50
PERMISSION = "alerts.run_alerts"


def overview(request: HttpRequest) -> HttpResponse:
    """Numbers and failures; no address, and nothing of who follows what."""
    _check(request)
    return render(request, "alerts/desk.html", _context())


@require_POST
def switch(request: HttpRequest) -> HttpResponse:
    """Stop the sending, or let it go on."""
    _check(request)
    stop = request.POST.get("do") == "stop"
    Control.objects.update_or_create(
        pk=1, defaults={"stopped": stop, "since": timezone.now() if stop else None}
    )
    said = gettext("Sending is stopped.") if stop else gettext("Sending goes on.")
    messages.success(request, said)
    return redirect("alerts_overview")


def _check(request: HttpRequest) -> None:
    if not request.user.has_perm(PERMISSION):
        raise PermissionDenied


def _context() -> dict[str, Any]:
    now = timezone.now()
    waiting = Mail.objects.filter(state=MailState.WAITING)
    cursor = Cursor.objects.filter(name=gathering.NAME).first()
    return {
        "page_title": gettext("Alerts"),
        "header_icon": "mail",
        "control": Control.objects.filter(stopped=True).first(),
        "numbers": [
            (gettext("Subscribers"), _by_standing()),
            (gettext("Lists followed"), Subscription.objects.count()),
            (gettext("Changes not looked at yet"), _behind(cursor)),
            (gettext("Stories waiting for their hour"), _unmailed().count()),
            (gettext("Mails waiting"), waiting.count()),
            (gettext("The oldest of them since"), waiting.aggregate(at=Min("made_at"))["at"]),
            (gettext("Sent in the last minute"), _sent(now, timedelta(minutes=1))),
            (gettext("Sent in the last hour"), _sent(now, timedelta(hours=1))),
            (gettext("Sent in the last day"), _sent(now, timedelta(days=1))),
            (gettext("Sent again after a worker ended"), _repeated()),
        ],
        "trouble": Mail.objects.exclude(answer="").order_by("-pk")[:SHOWN],
    }


def _by_standing() -> str:
    counted = Subscriber.objects.values_list("standing").annotate(Count("pk")).order_by("standing")
    return ", ".join(f"{count} {standing}" for standing, count in counted) or "0"


def _behind(cursor: Cursor | None) -> int:
    return len(outbox.after(cursor.sequence, 1000)) if cursor else 0


def _unmailed() -> Any:
    return Delivery.objects.filter(waiting=True, mail=None)


def _sent(now: Any, within: timedelta) -> int:
    return Mail.objects.filter(state=MailState.SENT, sent_at__gt=now - within).count()


def _repeated() -> int:
    return Mail.objects.filter(repeated__gt=0).count()
