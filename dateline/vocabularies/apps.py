from django.apps import AppConfig


class VocabulariesConfig(AppConfig):
    name = "dateline.vocabularies"
    label = "vocabularies"
    verbose_name = "Vocabularies"
