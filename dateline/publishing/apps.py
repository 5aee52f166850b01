from django.apps import AppConfig


class PublishingConfig(AppConfig):
    name = "dateline.publishing"
    label = "publishing"
    verbose_name = "Publishing"

    def ready(self) -> None:
        from dateline.publishing import (
            deletions,
            desk_verbs,
            links,
            shared_changes,
            vocabulary_changes,
        )
        from dateline.stories import ports

        ports.desk = desk_verbs.DeskVerbs()
        deletions.connect()
        links.connect()
        shared_changes.connect()
        vocabulary_changes.connect()
