"""What allauth asks this newsroom: who may come, from where, and what it may keep."""

from __future__ import annotations

import base64
import hashlib
import logging
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.stagekit import clear_login
from allauth.account.models import EmailAddress
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.contrib.auth import get_user_model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.admin import messages

from dateline.archive import clients
from dateline.lib import newsroom

_log = logging.getLogger(__name__)


class Account(DefaultAccountAdapter):
    """Sign-in by password: nobody signs up, and the client is who our proxies say."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        """Nobody, where passwords are not for signing in."""
        return super().authenticate(request, **credentials) if settings.PASSWORDS else None

    def pre_login(self, request: HttpRequest, user: Any, **options: Any) -> HttpResponse | None:
        """Who has no role is told so, instead of being signed in to a desk that lets nobody in."""
        if user.is_active and not user.has_perm("wagtailadmin.access_admin"):
            clear_login(request)
            messages.error(request, _("You have no role here yet: ask an administrator for one."))
            return redirect("wagtailadmin_login")
        answer: HttpResponse | None = super().pre_login(request, user, **options)
        return answer

    def is_reauthentication_required(self, *, app: str, **options: Any) -> bool:
        """By password again before a factor is changed, where there are passwords."""
        asked = super().is_reauthentication_required(app=app, **options)
        return bool(settings.PASSWORDS and asked)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return reverse("wagtailadmin_home")

    def get_client_ip(self, request: HttpRequest) -> str:
        """An address; of an IPv6 network, of which anybody has billions, the first."""
        found = clients.client(request).partition("/")[0]
        return "0.0.0.0" if found == "unknown" else found  # noqa: S104 - no address to bind to


class Elsewhere(DefaultSocialAccountAdapter):
    """Sign-in at the organisation's own provider (OpenID Connect), for people known here."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def authenticate_by_email(self, sociallogin: Any) -> tuple[Any, str] | None:
        """The one active person with an address the provider has verified.

        Administrators wrote the address down, so it counts as verified here as well: else allauth
        would take the password for a stranger's and wipe it. Two people with one address are
        nobody: which of them came cannot be known.
        """
        for given in sociallogin.email_addresses:
            people = get_user_model().objects.filter(email__iexact=given.email, is_active=True)[:2]
            if given.verified and len(people) == 1:
                EmailAddress.objects.get_or_create(
                    user=people[0], email=given.email.lower(), defaults={"verified": True}
                )
                return people[0], given.email
        return None


class SecondFactor(DefaultMFAAdapter):
    """Second factors: their secrets are of no use to who has only read the database."""

    def get_totp_issuer(self) -> str:
        return newsroom.say(settings.NEWSROOM.name, "en")

    def encrypt(self, text: str) -> str:
        return _box().encrypt(text.encode()).decode("ascii")

    def decrypt(self, encrypted_text: str) -> str:
        try:
            return _box().decrypt(encrypted_text).decode()
        except InvalidToken:
            _log.error("a second factor was made with another secret key; it has to be made anew")
            return ""


def _box() -> MultiFernet:
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    digests = (hashlib.sha256(f"dateline second factor {key}".encode()).digest() for key in keys)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])
