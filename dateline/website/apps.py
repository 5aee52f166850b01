from django.apps import AppConfig


class WebsiteConfig(AppConfig):
    name = "dateline.website"
    label = "website"

    def ready(self) -> None:
        from dateline.stories import ports
        from dateline.website.views import story

        ports.preview = story.preview
