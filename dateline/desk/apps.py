from typing import Any

from django.apps import AppConfig, apps
from django.db.models.signals import post_delete, post_migrate, post_save


class DeskConfig(AppConfig):
    name = "dateline.desk"
    label = "desk"
    verbose_name = "Desk"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        post_migrate.connect(_create, sender=self, dispatch_uid="desk.create")
        from dateline.desk.audit import recording
        from dateline.desk.drafts import models as drafts
        from dateline.desk.workflow import letters

        letters.listen()
        recording.listen()
        drafts.listen()
        membership = apps.get_model("people", "Membership")
        for signal in (post_save, post_delete):
            signal.connect(_follow_membership, sender=membership, dispatch_uid="desk.membership")


def _create(using: str, **_: Any) -> None:
    from dateline.desk import groups
    from dateline.desk.workflow import review

    groups.create(using)
    review.create(using)


def _follow_membership(instance: Any, **_: Any) -> None:
    from dateline.desk import groups

    groups.follow(instance.user)
