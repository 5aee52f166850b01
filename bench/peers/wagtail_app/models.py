"""A story as a site built on Wagtail would index it."""

from __future__ import annotations

from django.db import models
from modelsearch import index


class Term(models.Model):
    """An office or a topic."""

    facet = models.CharField(max_length=10)
    value = models.CharField(max_length=10)

    class Meta:
        app_label = "wagtail_app"

    def __str__(self) -> str:
        return f"{self.facet} {self.value}"


class Story(index.Indexed, models.Model):
    """A story with what is searched, completed and filtered."""

    instant = models.BigIntegerField(db_index=True)
    year = models.SmallIntegerField(db_index=True)
    language = models.CharField(max_length=10, db_index=True)
    genre = models.CharField(max_length=10, db_index=True)
    offices = models.ManyToManyField(Term, related_name="+")
    topics = models.ManyToManyField(Term, related_name="+")
    headline = models.TextField()
    summary = models.TextField()
    body = models.TextField()

    search_fields = [
        index.SearchField("headline", boost=4),
        index.SearchField("summary", boost=2),
        index.SearchField("body"),
        index.AutocompleteField("headline"),
        index.AutocompleteField("summary"),
        index.AutocompleteField("body"),
        *(index.FilterField(name) for name in ("id", "instant", "year", "language", "genre")),
        index.FilterField("offices"),
        index.FilterField("topics"),
    ]

    class Meta:
        app_label = "wagtail_app"

    def __str__(self) -> str:
        return self.headline
