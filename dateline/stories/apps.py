from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.db.models.signals import post_migrate


class StoriesConfig(AppConfig):
    name = "dateline.stories"
    label = "stories"
    verbose_name = "Stories"

    def ready(self) -> None:
        post_migrate.connect(_create_locales, dispatch_uid="stories.locales")


def _create_locales(using: str, **_: Any) -> None:
    """Every language stories may be written in has its row, as the settings say."""
    from wagtail.models import Locale

    for tag in settings.NEWSROOM.languages:
        Locale.all_objects.using(using).get_or_create(language_code=tag)
