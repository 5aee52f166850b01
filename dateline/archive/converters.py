"""What stands in addresses: languages and numbers. Every exit's `urls` imports this module."""

from __future__ import annotations

from django.conf import settings
from django.urls import register_converter


class LanguageConverter:
    """The first part of an address: one of the newsroom's languages, as settings spell it."""

    regex = r"[a-z]{2,3}(?:-[A-Za-z0-9]{1,8})*"

    def to_python(self, value: str) -> str:
        if value not in settings.NEWSROOM.languages:
            raise ValueError(value)
        return value

    def to_url(self, value: str) -> str:
        return value


class NumberConverter:
    """A story's number or a file's id: no leading zero, so that each has one address."""

    regex = r"[1-9][0-9]{0,8}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)


register_converter(LanguageConverter, "language")
register_converter(NumberConverter, "number")
