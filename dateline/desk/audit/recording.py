"""What Wagtail's log does not note by itself: sign-ins, roles, tokens, what became public and why.

Entries never hold passwords, tokens or texts of drafts. The name typed in a failed sign-in is
kept only where it is somebody's: what people type there by mistake is often a password.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from allauth.mfa.signals import (
    authentication_failed,
    authenticator_added,
    authenticator_removed,
)
from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.contrib.contenttypes.models import ContentType
from django.db.models.signals import post_delete, post_save
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import LogFormatter, log
from wagtail.models import ModelLogEntry

from dateline.archive.clients import client
from dateline.people.models import Membership
from dateline.publishing.models import Kind, Version

SIGNED_IN, SIGNED_OUT, REFUSED = "dateline.sign_in", "dateline.sign_out", "dateline.sign_in_failed"
ROLE_GIVEN, ROLE_TAKEN = "dateline.role_given", "dateline.role_taken"
TOKEN_MADE, TOKEN_REVOKED = "dateline.token_made", "dateline.token_revoked"
EXPORTED = "dateline.log_exported"
FACTOR_ADDED, FACTOR_REMOVED = "dateline.factor_added", "dateline.factor_removed"
FACTOR_REFUSED, SESSIONS_ENDED = "dateline.factor_failed", "dateline.sessions_ended"

LABELS: dict[str, Any] = {
    SIGNED_IN: _("Sign in"),
    SIGNED_OUT: _("Sign out"),
    REFUSED: _("Failed sign-in"),
    ROLE_GIVEN: _("Role given"),
    ROLE_TAKEN: _("Role taken away"),
    TOKEN_MADE: _("API token made"),
    TOKEN_REVOKED: _("API token revoked"),
    EXPORTED: _("Log exported"),
    FACTOR_ADDED: _("Second factor added"),
    FACTOR_REMOVED: _("Second factor removed"),
    FACTOR_REFUSED: _("Failed second factor"),
    SESSIONS_ENDED: _("Sessions ended"),
}


def version_action(kind: str) -> str:
    """The name under which a version of this kind stands in the log."""
    return f"dateline.version.{kind}"


def register(actions: Any, others: dict[str, Any]) -> None:
    """Tell Wagtail's registry the names of our entries, and of others of the desk's."""
    named = LABELS | {version_action(kind): kind.label for kind in Kind} | others
    for action, label in named.items():
        formatter = type("Formatter", (_Noted,), {"label": label, "message": label})
        actions.register_action(action)(formatter)


class _Noted(LogFormatter):
    def format_comment(self, log_entry: Any) -> str:
        return str(log_entry.data.get("note", ""))


def listen() -> None:
    """Note what happens from now on."""
    token = apps.get_model("api", "Token")
    user_logged_in.connect(_signed_in, dispatch_uid="audit.in")
    user_logged_out.connect(_signed_out, dispatch_uid="audit.out")
    user_login_failed.connect(_refused, dispatch_uid="audit.failed")
    for signal, action in (
        (authenticator_added, FACTOR_ADDED),
        (authenticator_removed, FACTOR_REMOVED),
        (authentication_failed, FACTOR_REFUSED),
    ):
        signal.connect(partial(_factor, action), dispatch_uid=f"audit.{action}", weak=False)
    post_save.connect(_role_given, sender=Membership, dispatch_uid="audit.given")
    post_delete.connect(_role_taken, sender=Membership, dispatch_uid="audit.taken")
    post_save.connect(_token, sender=token, dispatch_uid="audit.token")
    post_save.connect(_version, sender=Version, dispatch_uid="audit.version")


def _where(request: HttpRequest | None) -> dict[str, str]:
    return {"address": client(request)} if request is not None else {}


def _signed_in(request: HttpRequest, user: Any, **_: Any) -> None:
    log(user, SIGNED_IN, user=user, data=_where(request))


def _signed_out(request: HttpRequest, user: Any, **_: Any) -> None:
    if user is not None:
        log(user, SIGNED_OUT, user=user, data=_where(request))


def _factor(action: str, user: Any, request: HttpRequest, **_: Any) -> None:
    log(user, action, user=user, data=_where(request))


def _refused(credentials: Any, request: HttpRequest | None = None, **_: Any) -> None:
    people = get_user_model()
    known = people.objects.filter(username=credentials.get("username") or "").first()
    if known is None and credentials.get("email"):
        known = people.objects.filter(email__iexact=credentials["email"]).first()
    if known is not None:
        log(known, REFUSED, data=_where(request))
        return
    ModelLogEntry.objects.create(
        content_type=ContentType.objects.get_for_model(people),
        object_id="0",
        label="?",
        action=REFUSED,
        timestamp=timezone.now(),
        data=_where(request),
    )


def _role(membership: Membership, action: str) -> None:
    data = {"role": membership.role, "office": membership.office_id}
    log(membership.user, action, data=data)


def _role_given(instance: Membership, raw: bool = False, **_: Any) -> None:
    if not raw:
        _role(instance, ROLE_GIVEN)


def _role_taken(instance: Membership, origin: Any = None, **_: Any) -> None:
    if isinstance(origin, Membership) or getattr(origin, "model", None) is Membership:
        _role(instance, ROLE_TAKEN)  # else the person or the office went, which has its own entry


def _token(instance: Any, created: bool, raw: bool = False, **_: Any) -> None:
    if not raw and (created or instance.revoked_at):
        action = TOKEN_MADE if created else TOKEN_REVOKED
        data = {"owner": instance.owner.get_username(), "scopes": instance.scopes}
        log(instance, action, data=data)


def _version(instance: Version, created: bool, raw: bool = False, **_: Any) -> None:
    story = instance.story
    imported = bool(story.source) and instance.by_id is None
    if created and not raw and not imported:  # an import has its own report
        data = {"version": instance.number, "note": instance.note}
        log(story, version_action(instance.kind), user=instance.by, data=data)
