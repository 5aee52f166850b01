"""Notes to stories. One that is addressed to somebody asks for something: an assignment."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.utils import get_latest_str

from dateline.stories.models import Story

LONGEST = 2000


class Note(models.Model):
    """A remark of somebody's; with `person` an assignment, until `done_at`. No reader sees it."""

    story = models.ForeignKey(Story, on_delete=models.CASCADE, related_name="notes")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    at = models.DateTimeField(default=timezone.now)
    text = models.TextField(_("note"), max_length=LONGEST)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("for"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="assignments",
        help_text=_("Who is asked to do it, and is told by e-mail. Empty: a note for everybody."),
    )
    due = models.DateTimeField(_("until"), null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("at", "pk")
        indexes = [
            models.Index(
                fields=["person", "due"],
                condition=models.Q(done_at__isnull=True),
                name="desk_note_open",
            )
        ]

    def __str__(self) -> str:
        return f"{self.by}, {self.at:%Y-%m-%d %H:%M}"

    @property
    def headline(self) -> str:
        """The story's, as it is being written."""
        return str(get_latest_str(self.story))

    @property
    def is_open(self) -> bool:
        """Whether somebody is still asked to do it."""
        return self.person_id is not None and self.done_at is None

    @property
    def is_late(self) -> bool:
        """Whether it should have been done by now."""
        return self.is_open and self.due is not None and self.due < timezone.now()
