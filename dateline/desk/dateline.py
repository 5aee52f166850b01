"""The dateline, composed from where and when: offered in its box, and the writer may change it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from babel.dates import format_date
from django import forms

from dateline.lib import languages
from dateline.vocabularies.snapshot import TermInfo

MOST = 8


def composed(offices: Iterable[TermInfo], day: date, language: str) -> list[str]:
    """ "VIENNA, 18 July 2022" for the places of these offices, in the story's language."""
    on = format_date(day, "long", locale=languages.babel_locale(language))
    cities = (office.place.partition(",")[0].strip() for office in offices)
    return [f"{city.upper()}, {on}" for city in dict.fromkeys(filter(None, cities))][:MOST]


class DatelineInput(forms.TextInput):
    """A box that offers texts as one types; browsers without such lists show a box."""

    template_name = "desk/dateline.html"

    def __init__(self, offered: list[str], attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.offered = offered

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["attrs"]["list"] = f"offered-{name}"
        context["offered"] = self.offered
        return context
