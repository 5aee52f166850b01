from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WebsiteConfig(AppConfig):
    name = "dateline.website"
    label = "website"

    def ready(self) -> None:
        from dateline.archive import endings
        from dateline.stories import ports
        from dateline.website import responses
        from dateline.website.views import embed, story

        ports.preview = story.preview
        ports.page = responses.page
        endings.register(
            endings.Ending(
                "html",
                embed.MEDIA_TYPE,
                _("List to embed"),
                embed.embed,
                about=_("for an iframe on another site"),
            )
        )
