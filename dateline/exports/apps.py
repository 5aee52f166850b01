from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ExportsConfig(AppConfig):
    name = "dateline.exports"
    label = "exports"
    verbose_name = "Exports"

    def ready(self) -> None:
        from dateline.archive import endings
        from dateline.exports import respond
        from dateline.formats.csv.write import CONTENT_TYPE

        endings.register(endings.Ending("csv", CONTENT_TYPE, _("Table (CSV)"), respond.csv))
