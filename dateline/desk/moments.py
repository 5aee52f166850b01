"""Dates with times at the desk: on the newsroom's clock, which is named beside them."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from wagtail.admin.forms.models import register_form_field_override
from wagtail.admin.widgets import AdminDateTimeInput

from dateline.lib.moments import NoSuchTimeError, TwoSuchTimesError, moment

_SHOWN = "%Y-%m-%d %H:%M"


class MomentInput(AdminDateTimeInput):
    """Wagtail's box, with the newsroom's zone behind it, that leaves alone what is typed."""

    template_name = "desk/moment.html"

    @classmethod
    def instead_of(cls, widget: AdminDateTimeInput) -> MomentInput:
        """A box in the same place that does the same."""
        return cls(widget.attrs, js_overlay_parent_selector=widget.js_overlay_parent_selector)

    def get_config(self) -> dict[str, Any]:
        # The picker would cut off seconds and offsets when it is left.
        return {**super().get_config(), "validateOnBlur": False}

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, value, attrs)
        context["widget"]["zone"] = settings.TIME_ZONE
        return context


class MomentField(forms.DateTimeField):
    """A time on the newsroom's clock, or with its offset from UTC: `2026-10-25 02:30+01:00`.

    A time the clocks leave out, or show twice, is not guessed at.
    """

    widget = MomentInput

    def to_python(self, value: Any) -> datetime | None:
        if isinstance(value, str) and (local := self._without_zone(value.strip())):
            return on_the_newsrooms_clock(local)
        typed: datetime | None = super().to_python(value)
        return typed

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, datetime) and timezone.is_aware(value):
            return written(value)
        return super().prepare_value(value)

    def _without_zone(self, text: str) -> datetime | None:
        try:
            typed = datetime.fromisoformat(text)
        except ValueError:
            return None
        # A bare date is left to Django's own formats.
        return typed if typed.tzinfo is None and ":" in text else None


def on_the_newsrooms_clock(local: datetime, *, first_of_two: bool = False) -> datetime:
    """The moment, or a ValidationError that says what can be written instead."""
    try:
        return moment(local, ZoneInfo(settings.TIME_ZONE))
    except NoSuchTimeError as refusal:
        raise ValidationError(
            gettext(
                "%(time)s does not exist: the clocks are put forward over it. "
                "The next moment is %(next)s."
            )
            % {"time": f"{local:%H:%M}", "next": f"{refusal.following:{_SHOWN}}"}
        ) from None
    except TwoSuchTimesError as refusal:
        if first_of_two:
            return refusal.first
        raise ValidationError(
            gettext(
                "%(time)s comes twice, as the clocks are put back. "
                "Write %(first)s for the first, %(second)s for the second."
            )
            % {
                "time": f"{local:%H:%M}",
                "first": with_offset(refusal.first),
                "second": with_offset(refusal.second),
            }
        ) from None


def written(at: datetime) -> str:
    """A moment as it can be typed again: on the newsroom's clock, with the offset if needed."""
    local = timezone.localtime(at).replace(microsecond=0)
    try:
        moment(local.replace(tzinfo=None), ZoneInfo(settings.TIME_ZONE))
    except TwoSuchTimesError:
        return with_offset(local)
    return local.replace(tzinfo=None).isoformat(" ", "seconds" if local.second else "minutes")


def named(at: datetime) -> str:
    """A moment in words, with the newsroom's zone: `26 November 2026, 10:00 (Europe/Vienna)`."""
    local = timezone.localtime(at, ZoneInfo(settings.TIME_ZONE))
    return f"{date_format(local, 'DATETIME_FORMAT')} ({settings.TIME_ZONE})"


def with_offset(at: datetime) -> str:
    """`2026-10-25 02:30+01:00`."""
    return at.isoformat(" ", "seconds" if at.second else "minutes")


def register() -> None:
    """Make this the field of every moment in the desk's forms."""
    register_form_field_override(
        models.DateTimeField, override={"form_class": MomentField, "widget": MomentInput}
    )
