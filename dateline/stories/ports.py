"""What a story needs from layers above it or from cached look-ups.

Stories lie below publishing, so the verbs are handed in from above when the site starts
(`dateline.publishing.apps`): imports keep pointing one way.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any, Protocol

from django.core.signals import setting_changed
from django.db.models.signals import post_delete, post_save
from django.utils import timezone
from wagtail.models import Locale


class Desk(Protocol):
    """The verbs behind Wagtail's buttons."""

    def publish(self, story: Any, revision: Any, user: Any, **options: Any) -> Any: ...
    def unpublish(self, story: Any, *args: Any, **options: Any) -> Any: ...


desk: Desk | None = None
"""Set by `dateline.publishing`."""

preview: Callable[[Any, Any], Any] | None = None
"""(story, request) → response: the public page of a draft. Set by `dateline.website`."""

page: Callable[..., Any] | None = None
"""(request, template, language, context, keys=) → response: a page of another exit in the site's
frame. Set by `dateline.website`."""


@lru_cache(maxsize=1)
def _languages() -> dict[int, str]:
    return dict(Locale.all_objects.values_list("pk", "language_code"))


def language_of(locale_id: int | None) -> str | None:
    """The language tag behind a Locale's key, without a query for each story."""
    return _languages().get(locale_id) if locale_id is not None else None


def _forget(**_: Any) -> None:
    _languages.cache_clear()


for _signal in (post_save, post_delete):
    _signal.connect(_forget, sender=Locale, dispatch_uid="stories.ports.languages")
setting_changed.connect(_forget, dispatch_uid="stories.ports.settings")


def day_start(day: date) -> datetime:
    """The first moment of a day in the newsroom's time zone."""
    return datetime.combine(day, time.min, timezone.get_default_timezone())
