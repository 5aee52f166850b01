from django.apps import AppConfig


class ExportsConfig(AppConfig):
    name = "dateline.exports"
    label = "exports"
    verbose_name = "Exports"

    def ready(self) -> None:
        from dateline.exports import respond, stories

        respond.register()
        stories.register()
