from django.apps import AppConfig


class OperationsConfig(AppConfig):
    name = "dateline.operations"
    label = "operations"
