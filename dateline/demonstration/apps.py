from django.apps import AppConfig


class DemonstrationConfig(AppConfig):
    name = "dateline.demonstration"
    label = "demonstration"
