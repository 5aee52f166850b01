from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EmbargoConfig(AppConfig):
    name = "dateline.embargo"
    label = "embargo"
    verbose_name = _("Embargo room")
    default_auto_field = "django.db.models.BigAutoField"
