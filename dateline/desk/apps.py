from typing import Any

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate


class DeskConfig(AppConfig):
    name = "dateline.desk"
    label = "desk"
    verbose_name = "Desk"

    def ready(self) -> None:
        # Django announces only applications with models, so the desk listens to the stories'.
        stories = apps.get_app_config("stories")
        post_migrate.connect(_create_groups, sender=stories, dispatch_uid="desk.groups")


def _create_groups(using: str, **_: Any) -> None:
    from dateline.desk import groups

    groups.create(using)
