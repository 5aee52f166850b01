from django.apps import AppConfig


class ImportingConfig(AppConfig):
    name = "dateline.importing"
    label = "importing"
