"""Two people at one story: who saves second is told, and decides; nothing typed is lost."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.text import capfirst
from django.utils.translation import gettext
from wagtail.admin.utils import get_user_display_name
from wagtail.models import Revision

BY_ITSELF = timedelta(seconds=5)
"""How long a form's own saving by itself may be under way when its person presses a button."""


class Overtaken(Exception):  # noqa: N818 - what happened, not a fault
    """Somebody saved another text after the form was opened.

    `newest` is their draft; `opened` the one the form was filled from, if it is still there.
    """

    def __init__(self, newest: Revision, opened: Revision | None) -> None:
        super().__init__("the story was saved by somebody else")
        self.newest, self.opened = newest, opened


def refuse_overtaken(form: Any, request: HttpRequest, newest: Revision | None) -> None:
    """Raise Overtaken if the form was filled from another text than that of the newest draft.

    Wagtail's forms say which draft they were filled from, and when that was saved, since saving by
    itself writes one draft over and over; a form that says neither is taken at its word. A verb
    may have made a newer draft with the same text, which nobody has to be asked about.
    """
    own = request.POST.get("overwrite_revision_id")
    key = own or request.POST.get("loaded_revision_id")
    if newest is None or not key:
        return
    at = newest.created_at.isoformat() if own else request.POST.get("loaded_revision_created_at")
    if (key, at) == (str(newest.pk), newest.created_at.isoformat()):
        return
    if newest.user_id == request.user.pk and timezone.now() - newest.created_at < BY_ITSELF:
        return  # the form saved by itself a moment ago, and was sent before it had heard so
    drafts = {str(draft.pk): draft for draft in newest.content_object.revisions.all()}
    opened = drafts.get(key)
    if opened is not None and opened.created_at.isoformat() != at:
        opened = None
    if opened is None or any(_different(form, opened.content, newest.content)):
        raise Overtaken(newest, opened)


def said(form: Any, newest: Revision, ways: list[tuple[str, str]]) -> str:
    """Who came first, when, with which changes, and the ways on: addresses and texts (HTML)."""
    who = get_user_display_name(newest.user) if newest.user else gettext("Somebody")
    told = gettext(
        "%(who)s saved this story at %(time)s, after you opened it. What you typed stands below "
        "and is not saved yet. Save again to keep yours: the other text stays in the history."
    ) % {"who": who, "time": date_format(timezone.localtime(newest.created_at), "H:i:s")}
    changed = _different(form, json.loads(form.instance.to_json()), newest.content)
    if fields := ", ".join(changed):
        told += " " + gettext("Different there: %(fields)s.") % {"fields": fields}
    links = format_html_join(" ", '<a class="button button-small" href="{}">{}</a>', ways)
    return format_html("{} {}", told, links)


def _different(form: Any, one: dict[str, Any], other: dict[str, Any]) -> Iterator[str]:
    """The labels of the form's fields in which two texts differ."""
    for name, field in form.fields.items():
        if one.get(name) != other.get(name):
            yield str(field.label)
    for name, formset in form.formsets.items():
        if _said(one.get(name)) != _said(other.get(name)):
            yield str(capfirst(formset.model._meta.verbose_name_plural))


def _said(rows: list[dict[str, Any]] | None) -> list[dict[str, Any]]:
    left_out = ("pk", "sort_order")
    return [{name: row[name] for name in row if name not in left_out} for row in rows or []]
