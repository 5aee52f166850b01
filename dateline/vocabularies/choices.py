"""Choices that follow the newsroom's settings instead of the migrations."""

from django.conf import settings


def content_languages() -> list[tuple[str, str]]:
    """(tag, endonym) of every language stories may be written in."""
    return list(settings.WAGTAIL_CONTENT_LANGUAGES)
