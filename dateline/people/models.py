"""Who works in the newsroom, in which role, and where."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from dateline.vocabularies.models import Office


class Role(models.TextChoices):
    """What a person does; each role may do all that the ones before it may (see `rights`)."""

    CONTRIBUTOR = "contributor", _("contributor")
    EDITOR = "editor", _("editor")
    CHIEF_EDITOR = "chief_editor", _("chief editor")
    ADMINISTRATOR = "administrator", _("administrator")


class Membership(models.Model):
    """A person's role in an office and all offices below it; without an office: everywhere."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        on_delete=models.CASCADE,
        related_name="memberships",
    )
    role = models.CharField(_("role"), max_length=16, choices=Role.choices)
    office = models.ForeignKey(
        Office,
        verbose_name=_("office"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="memberships",
        help_text=_("Counts for the offices below it as well. Empty: everywhere."),
    )

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        ordering = ("user", "role", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "office", "role"], name="membership_once_an_office"
            ),
            models.UniqueConstraint(
                fields=["user", "role"],
                condition=Q(office__isnull=True),
                name="membership_once_everywhere",
            ),
            models.CheckConstraint(
                condition=~Q(role=Role.ADMINISTRATOR) | Q(office__isnull=True),
                name="membership_administrators_are_everywhere",
            ),
        ]

    def __str__(self) -> str:
        where = str(self.office) if self.office_id else _("everywhere")
        return f"{self.get_role_display()}, {where}"
