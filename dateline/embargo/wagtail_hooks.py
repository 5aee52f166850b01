"""The room's page at the desk, and its entries in the log."""

from __future__ import annotations

from typing import Any

from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from wagtail import hooks

from dateline.embargo import desk, invitations


@hooks.register("register_admin_urls")  # type: ignore[untyped-decorator]
def register_urls() -> list[URLPattern]:
    return [path("embargo/<int:pk>/", desk.readers, name="embargo_readers")]


@hooks.register("register_log_actions")  # type: ignore[untyped-decorator]
def register_log_actions(actions: Any) -> None:
    for name, label, said in (
        (invitations.INVITED, _("Invite ahead"), _("Invited to read ahead")),
        (invitations.RENEWED, _("Renew link"), _("Link to read ahead renewed")),
        (invitations.REVOKED, _("Revoke link"), _("Link to read ahead revoked")),
    ):
        actions.register_action(name, label, said)
