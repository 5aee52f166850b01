"""What readers fill in, read and checked."""

from __future__ import annotations

from functools import lru_cache
from typing import Any
from zoneinfo import available_timezones

from babel.dates import get_day_names
from django import forms
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from dateline.alerts.membership import When
from dateline.alerts.models import Frequency
from dateline.lib import languages

CHOICES = 3
"""How many languages can be named, in order of preference."""


@lru_cache(maxsize=1)
def zones() -> list[str]:
    """The time zones of places, as people know them, and UTC."""
    areas = ("Africa/", "America/", "Antarctica/", "Arctic/", "Asia/", "Atlantic/", "Australia/",
             "Europe/", "Indian/", "Pacific/")  # fmt: skip
    return [*sorted(name for name in available_timezones() if name.startswith(areas)), "UTC"]


def zone_choices() -> list[tuple[str, str]]:
    """The newsroom's own zone is among them whatever it is called."""
    named = dict.fromkeys((*zones(), settings.TIME_ZONE))
    return [(name, name.replace("_", " ")) for name in named]


def weekdays() -> list[tuple[int, str]]:
    """The days of the week in the page's language, Monday being 0."""
    names = get_day_names("wide", locale=languages.babel_locale(get_language() or "en"))
    return [(day, str(names[day])) for day in range(7)]


def hours() -> list[tuple[int, str]]:
    """The hours of the day."""
    return [(hour, f"{hour:02}:00") for hour in range(24)]


def tongues() -> list[tuple[str, str]]:
    """The languages stories are written in."""
    return [(tag, languages.endonym(tag)) for tag in settings.NEWSROOM.languages]


class ChoiceForm(forms.Form):
    """How often, when, and in which languages."""

    frequency = forms.ChoiceField(choices=Frequency.choices)
    hour = forms.TypedChoiceField(coerce=int, choices=hours, required=False, empty_value="8")
    weekday = forms.TypedChoiceField(coerce=int, choices=weekdays, required=False, empty_value="0")
    language1 = forms.ChoiceField(choices=tongues)
    language2 = forms.ChoiceField(choices=tongues, required=False)
    language3 = forms.ChoiceField(choices=tongues, required=False)

    @property
    def when(self) -> When:
        """What was chosen, once the form is valid."""
        given = self.cleaned_data
        return When(given["frequency"], int(given["hour"]), int(given["weekday"]))

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages that were chosen, each once, the one liked best first."""
        given = (self.cleaned_data[f"language{place}"] for place in range(1, CHOICES + 1))
        return tuple(dict.fromkeys(filter(None, given)))


class ZoneForm(forms.Form):
    """By which clock, and in which language the mails' own words are."""

    zone = forms.ChoiceField(choices=zone_choices)
    language = forms.ChoiceField(choices=tongues)


class AddressForm(forms.Form):
    """An address to write to. `website` is shown to nobody: what fills it in is a program."""

    email = forms.EmailField(
        max_length=254,
        error_messages={
            "required": _("Please give an e-mail address."),
            "invalid": _("This does not look like an e-mail address: name@example.org"),
        },
    )
    website = forms.CharField(required=False)

    @property
    def is_trapped(self) -> bool:
        """Whether a program filled it in."""
        return bool(self.data.get("website"))


class FollowForm(AddressForm, ChoiceForm):
    """The whole wish to follow a list."""

    zone = forms.ChoiceField(choices=zone_choices)


def shown(chosen: dict[str, Any]) -> dict[str, Any]:
    """All that the selects of a form offer, and what is chosen in them."""
    return {
        "frequencies": [(value, label) for value, label in Frequency.choices],
        "hours": hours(),
        "weekdays": weekdays(),
        "tongues": tongues(),
        "zones": zone_choices(),
        "places": [(place, chosen.get(f"language{place}", "")) for place in range(1, CHOICES + 1)],
        "chosen": chosen,
    }
