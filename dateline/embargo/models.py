"""Who may read what ahead, and what they did with it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dateline.stories.models import Story


class Reader(models.Model):
    """A journalist with a link of their own. The link is not kept, only its digest."""

    story = models.ForeignKey(Story, on_delete=models.CASCADE, related_name="embargo_readers")
    name = models.CharField(_("name"), max_length=200)
    organisation = models.CharField(_("organisation"), max_length=200, blank=True)
    email = models.EmailField(_("e-mail"))
    language = models.CharField(_("language"), max_length=35)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    invited_at = models.DateTimeField(default=timezone.now)
    told_until = models.DateTimeField(null=True, editable=False)
    """The end of the embargo that the reader was told last; none: told that there is nothing."""
    expires_at = models.DateTimeField(_("link expires"), null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, editable=False)
    accepted_at = models.DateTimeField(null=True, editable=False)
    accepted_terms = models.TextField(blank=True, editable=False)

    class Meta:
        ordering = ("-invited_at", "-pk")
        verbose_name = _("reader ahead")
        verbose_name_plural = _("readers ahead")

    def __str__(self) -> str:
        return f"{self.name}, {self.organisation}" if self.organisation else self.name

    @property
    def is_valid(self) -> bool:
        """Whether the link opens anything, apart from what the story's state allows."""
        expired = self.expires_at is not None and self.expires_at <= timezone.now()
        return self.revoked_at is None and not expired


class Access(models.Model):
    """One request for something in the room."""

    reader = models.ForeignKey(Reader, on_delete=models.CASCADE, related_name="accesses")
    at = models.DateTimeField(default=timezone.now, db_index=True)
    what = models.CharField(max_length=300)
    client = models.CharField(max_length=50)
    agent = models.CharField(max_length=300)

    class Meta:
        ordering = ("-at", "-pk")

    def __str__(self) -> str:
        return f"{self.what} at {self.at:%Y-%m-%d %H:%M:%S}"
