"""A subscriber's own page: everything that is followed, and every way to end it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from dateline.alerts import forms, links, membership, questions
from dateline.alerts.doors import own_forms, page
from dateline.alerts.models import Subscriber, Subscription
from dateline.archive import caching, sentence
from dateline.vocabularies import snapshot as vocabularies
from dateline.vocabularies.snapshot import Snapshot

DONE = {
    "confirmed": _("You now follow this list. Thank you for confirming."),
    "changed": _("Your change is saved."),
    "ended": _("You no longer follow that list."),
    "paused": _("Nothing is sent to you until you resume."),
    "resumed": _("You will hear from us again."),
    "renewed": _("All older links to this page have ended. This is the new one."),
    "refused": _("That could not be saved. Please look at your choices again."),
}


@own_forms
@require_http_methods(["GET", "HEAD", "POST"])
def mine(request: HttpRequest, language: str, token: str) -> HttpResponse:
    """See, change, pause, end."""
    subscriber = links.subscriber_of("mine", token)
    if subscriber is None:
        return page(request, "expired", language, {}, status=404)
    if request.method == "POST":
        act = _ACTIONS.get(request.POST.get("do", ""), _nothing)
        return act(request, subscriber)
    return page(request, "mine", language, _context(request, subscriber, token))


def _context(request: HttpRequest, subscriber: Subscriber, token: str) -> dict[str, Any]:
    snapshot = vocabularies.current()
    followed = subscriber.subscriptions.select_related("question").order_by("pk")
    chosen = {"zone": subscriber.zone, "language": subscriber.language}
    return {
        "subscriber": subscriber,
        "address": masked(subscriber.address),
        "followed": [_followed(one, snapshot) for one in followed],
        "done": DONE.get(request.GET.get("done", "")),
        "record": f"/{subscriber.language}/follow/mine/{token}/record.json",
        "leave": links.leave(subscriber),
        **forms.shown(chosen),
    }


@dataclass(frozen=True)
class Followed:
    """A list as the page shows it: its name, address, and what is chosen for it."""

    pk: int
    heading: str
    path: str
    gone: bool
    choices: dict[str, Any]


def _followed(one: Subscription, snapshot: Snapshot) -> Followed:
    query = questions.read(one.question.language, one.question.text, snapshot)
    chosen = {f"language{at}": tag for at, tag in enumerate(one.languages.split(","), 1)}
    chosen |= {"frequency": one.frequency, "hour": str(one.hour), "weekday": str(one.weekday)}
    gone = any(questions.GONE in values for _, values in query.selections)
    return Followed(one.pk, sentence.say(query, snapshot), query.path(), gone, forms.shown(chosen))


def masked(address: str) -> str:
    """Enough to know one's own address by: a mail that is forwarded must not give it away."""
    name, _, domain = address.rpartition("@")
    return f"{name[:1]}…@{domain}"


def _back(subscriber: Subscriber, done: str) -> HttpResponse:
    return HttpResponseRedirect(f"{links.manage_path(subscriber)}?done={done}", status=303)


# --- what can be done -------------------------------------------------------------------------
def _nothing(request: HttpRequest, subscriber: Subscriber) -> HttpResponse:
    return _back(subscriber, "refused")


def _own(request: HttpRequest, subscriber: Subscriber) -> Subscription | None:
    """The subscription a form is about, if it is this subscriber's."""
    pk = request.POST.get("subscription", "")
    if not (pk.isascii() and pk.isdigit() and len(pk) < 16):
        return None
    return subscriber.subscriptions.filter(pk=int(pk)).select_related("question").first()


def _change(request: HttpRequest, subscriber: Subscriber) -> HttpResponse:
    one, form = _own(request, subscriber), forms.ChoiceForm(request.POST)
    if one is None or not form.is_valid():
        return _back(subscriber, "refused")
    membership.change(one, form.when, form.languages)
    return _back(subscriber, "changed")


def _end(request: HttpRequest, subscriber: Subscriber) -> HttpResponse:
    if one := _own(request, subscriber):
        membership.end(one)
    return _back(subscriber, "ended")


def _settle_in(request: HttpRequest, subscriber: Subscriber) -> HttpResponse:
    form = forms.ZoneForm(request.POST)
    if not form.is_valid():
        return _back(subscriber, "refused")
    membership.settle_in(subscriber, form.cleaned_data["zone"], form.cleaned_data["language"])
    return _back(subscriber, "changed")


def _pause(request: HttpRequest, subscriber: Subscriber) -> HttpResponse:
    membership.pause(subscriber)
    return _back(subscriber, "paused")


def _resume(request: HttpRequest, subscriber: Subscriber) -> HttpResponse:
    membership.resume(subscriber)
    return _back(subscriber, "resumed")


def _renew(request: HttpRequest, subscriber: Subscriber) -> HttpResponse:
    membership.renew_links(subscriber)
    return _back(subscriber, "renewed")


_ACTIONS: dict[str, Callable[[HttpRequest, Subscriber], HttpResponse]] = {
    "change": _change,
    "end": _end,
    "settle": _settle_in,
    "pause": _pause,
    "resume": _resume,
    "renew": _renew,
}


@require_safe
def record(request: HttpRequest, language: str, token: str) -> HttpResponse:
    """All that is kept about the subscriber, as JSON to take along."""
    subscriber = links.subscriber_of("mine", token)
    if subscriber is None:
        return page(request, "expired", language, {}, status=404)
    answer = JsonResponse(membership.record(subscriber), json_dumps_params={"indent": 2})
    answer["Content-Disposition"] = 'attachment; filename="alerts.json"'
    return caching.private(answer)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest, language: str, token: str) -> HttpResponse:
    """End everything and erase it: with a button, or by the mail program's own (RFC 8058).

    The latter sends neither cookie nor origin; that it knows the token is all there is to ask.
    """
    subscriber = links.subscriber_of("leave", token)
    if request.method == "POST":
        if subscriber:
            membership.leave(subscriber)
        # Whoever leaves twice has left; a guess learns nothing.
        return page(request, "left", language, {})
    if subscriber is None:
        return page(request, "expired", language, {}, status=404)
    return page(request, "leave", language, {"address": masked(subscriber.address)})
