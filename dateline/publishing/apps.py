from django.apps import AppConfig


class PublishingConfig(AppConfig):
    name = "dateline.publishing"
    label = "publishing"
    verbose_name = "Publishing"

    def ready(self) -> None:
        from dateline.publishing import deletions, desk_verbs, vocabulary_changes
        from dateline.stories import ports

        ports.desk = desk_verbs.DeskVerbs()
        deletions.connect()
        vocabulary_changes.connect()
