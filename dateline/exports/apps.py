from django.apps import AppConfig


class ExportsConfig(AppConfig):
    name = "dateline.exports"
    label = "exports"
