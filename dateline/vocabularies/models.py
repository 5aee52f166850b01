"""The three vocabularies stories are filed under: offices, topics and genres.

A term has one slug for all languages, so that a listing keeps its address when its language is
switched. Its names are rows: one per language, and one more for every name it had before. A closed
office is a state (`closed`), never a part of its name.

Terms have a history: names and slugs they had before, dates of opening and closing, successors.
What was one thing under two terms is merged: the one term stays as a row, since old texts name it,
and means the other from then on (`merged_into`); readers never see it again.
"""

from __future__ import annotations

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel

from dateline.vocabularies.choices import content_languages


class Term(ClusterableModel):
    """What every vocabulary term has. Hierarchy and successors are on the terms that have them."""

    facet: ClassVar[str]

    slug = models.SlugField(
        _("slug"),
        max_length=120,
        unique=True,
        help_text=_("Stands in addresses. The ones it had before go on leading to it."),
    )
    former_slugs = models.JSONField(default=list, blank=True, editable=False)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        current = [row for row in self.names.all() if row.valid_until is None]
        english = [row.name for row in current if row.language == "en"]
        return str((english or [row.name for row in current] or [self.slug])[0])


class Name(models.Model):
    """A term's name in one language; with `valid_until` it is a former name, kept for search."""

    language = models.CharField(_("language"), max_length=12, choices=content_languages)
    name = models.CharField(_("name"), max_length=255)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_until = models.DateField(
        _("valid until"),
        null=True,
        blank=True,
        help_text=_("Set for a former name; leave empty for today's name."),
    )

    class Meta:
        abstract = True
        ordering = ("language", "-valid_until", "pk")

    def __str__(self) -> str:
        return self.name


class About(models.Model):
    """A sentence or two in one language about what a term stands for."""

    language = models.CharField(_("language"), max_length=12, choices=content_languages)
    text = models.TextField(_("text"))

    class Meta:
        abstract = True
        ordering = ("language",)

    def __str__(self) -> str:
        return self.text


class NestedTerm(Term):
    """A term that may be part of another one, and may have been succeeded by others."""

    parent = models.ForeignKey(
        "self",
        verbose_name=_("part of"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="children",
    )
    successors = models.ManyToManyField(
        "self",
        verbose_name=_("succeeded by"),
        symmetrical=False,
        blank=True,
        related_name="predecessors",
    )
    merged_into = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="merged",
    )
    opened_on = models.DateField(_("opened on"), null=True, blank=True)
    closed = models.BooleanField(_("closed"), default=False)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)

    class Meta:
        abstract = True

    def clean(self) -> None:
        """Refuse a term that would be its own ancestor, or open with a closing date."""
        super().clean()
        if self.closed_on and not self.closed:
            raise ValidationError({"closed": _("What has a closing date is closed.")})
        seen = {self.pk}
        above = self.parent
        while above is not None:
            if above.pk in seen:
                raise ValidationError({"parent": _("A term cannot be part of itself.")})
            seen.add(above.pk)
            above = above.parent


class Office(NestedTerm):
    """Where we are: a headquarters, an institution, a field operation."""

    facet = "office"

    place = models.CharField(_("place"), max_length=200, blank=True, help_text=_("City, country"))

    class Meta:
        verbose_name = _("office")
        verbose_name_plural = _("offices")
        ordering = ("slug",)


class Topic(NestedTerm):
    """What we do: a field of work."""

    facet = "topic"

    class Meta:
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        ordering = ("slug",)


class Genre(Term):
    """The kind of text: press release, statement, report (IPTC's genre; label "Content type")."""

    facet = "genre"

    class Meta:
        verbose_name = _("content type")
        verbose_name_plural = _("content types")
        ordering = ("slug",)


class OfficeName(Name):
    term = ParentalKey(Office, on_delete=models.CASCADE, related_name="names")


class TopicName(Name):
    term = ParentalKey(Topic, on_delete=models.CASCADE, related_name="names")


class GenreName(Name):
    term = ParentalKey(Genre, on_delete=models.CASCADE, related_name="names")


class OfficeAbout(About):
    term = ParentalKey(Office, on_delete=models.CASCADE, related_name="abouts")


class TopicAbout(About):
    term = ParentalKey(Topic, on_delete=models.CASCADE, related_name="abouts")


TERMS: tuple[type[Office] | type[Topic] | type[Genre], ...] = (Office, Topic, Genre)
"""The vocabularies, in the order of the listing's fields."""


class Stamp(models.Model):
    """One row, drawn anew with every change, by which a process knows that its copy is stale."""

    value = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.value)
