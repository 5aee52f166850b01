"""How one person signs in, for administrators: a lost phone, a stolen notebook."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.contrib.auth import get_user_model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages
from wagtail.admin.auth import require_admin_access
from wagtail.admin.widgets.button import Button
from wagtail.log_actions import log

from dateline.desk.audit import recording


@require_admin_access  # type: ignore[untyped-decorator]
@require_http_methods(["GET", "HEAD", "POST"])
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """Their second factors and sessions; POST `do`: `end-sessions` or `remove-factors`."""
    who = get_object_or_404(get_user_model(), pk=pk)
    if request.method == "POST":
        done = _ACTS.get(request.POST.get("do", ""))
        if done is not None:
            messages.success(request, done(who))
        return HttpResponseRedirect(request.path)
    context = {
        "who": who,
        "factors": Authenticator.objects.filter(user=who),
        "elsewhere": SocialAccount.objects.filter(user=who),
        "sessions": sorted(UserSession.objects.purge_and_list(who), key=lambda s: s.created_at),
        "header_icon": "user",
        "page_title": _("Sign-in"),
        "page_subtitle": who.get_full_name() or who.get_username(),
    }
    return render(request, "desk/signin/person.html", context)


def _end_sessions(who: Any) -> str:
    for session in UserSession.objects.filter(user=who):
        session.end()
    log(who, recording.SESSIONS_ENDED)
    return _("All sessions are ended: this person has to sign in anew everywhere.")


def _remove_factors(who: Any) -> str:
    Authenticator.objects.filter(user=who).delete()
    log(who, recording.FACTOR_REMOVED)
    return _("The second factor is removed: the password alone lets this person in.")


_ACTS = {"end-sessions": _end_sessions, "remove-factors": _remove_factors}


def button(user: Any, request_user: Any) -> list[Button]:
    """The way there from the list of people."""
    address = reverse("desk_person_sign_in", args=[user.pk])
    return [Button(_("Sign-in"), url=address, icon_name="key", priority=50)]


def factors_entry(request: HttpRequest) -> dict[str, str]:
    """The way to one's own second factors from the account's page."""
    help_text = _("A code from your phone or a security key, besides the password.")
    return {"url": reverse("mfa_index"), "label": _("Second factor"), "help_text": help_text}


def sessions_entry(request: HttpRequest) -> dict[str, str]:
    """The way to one's own sessions from the account's page."""
    help_text = _("Where you are signed in; end what you have forgotten.")
    return {"url": reverse("usersessions_list"), "label": _("Sessions"), "help_text": help_text}
