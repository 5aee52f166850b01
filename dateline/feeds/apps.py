from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FeedsConfig(AppConfig):
    name = "dateline.feeds"
    label = "feeds"
    verbose_name = "Feeds"

    def ready(self) -> None:
        from dateline.archive import endings
        from dateline.feeds import respond
        from dateline.formats import atom, jsonfeed, rss

        endings.register(
            endings.Ending("atom", atom.CONTENT_TYPE, _("Atom feed"), respond.atom, feed=True)
        )
        endings.register(
            endings.Ending("rss", rss.CONTENT_TYPE, _("RSS feed"), respond.rss, feed=True)
        )
        endings.register(
            endings.Ending(
                "json", jsonfeed.CONTENT_TYPE, _("JSON Feed"), respond.json_feed, feed=True
            )
        )
