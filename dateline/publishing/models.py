"""What publishing leaves behind: versions, the outbox, and what is still to come."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from dateline.stories.models import Story


class Kind(models.TextChoices):
    """What a version is to its readers."""

    PUBLICATION = "publication", _("published")
    UPDATE = "update", _("updated")
    CORRECTION = "correction", _("corrected")
    MINOR = "minor", _("minor edit")
    OUT_OF_DATE = "out_of_date", _("withdrawn as out of date")
    RETRACTION = "retraction", _("retracted")
    KILL = "kill", _("killed")
    UNPUBLICATION = "unpublication", _("unpublished")


class Version(models.Model):
    """What the public saw from `at` on, written by the verbs and never changed.

    `content` is the public text as JSON (`dateline.publishing.versions`). `note` is public where
    the kind carries one: what was corrected, why a story was retracted or killed.
    """

    story = models.ForeignKey(Story, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=16, choices=Kind.choices)
    at = models.DateTimeField()
    note = models.TextField(blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL
    )
    content = models.BinaryField()

    class Meta:
        ordering = ("story", "number")
        constraints = [
            models.UniqueConstraint(fields=["story", "number"], name="version_number_unique")
        ]
        # Lists ask for corrections, feeds for withdrawals: without these, every version's row,
        # text and all, is read.
        indexes = [
            models.Index(fields=["story", "kind"], name="version_story_kind"),
            models.Index(fields=["kind", "at"], name="version_kind_at"),
        ]

    def __str__(self) -> str:
        return f"{self.story_id} v{self.number}"


class Subject(models.TextChoices):
    """What a change in the outbox is about."""

    STORY = "story"
    VOCABULARY = "vocabulary"


class Change(models.Model):
    """One row of the outbox: something readers of the store must look at again.

    `sequence` rises in commit order (see `outbox.append`). A row says which story, never what it
    looks like: whoever reads it reads the story's present state. `withdraws` marks a change that
    took something from the public, so that an index not yet caught up can subtract it.
    """

    sequence = models.BigAutoField(primary_key=True)
    subject = models.CharField(max_length=12, choices=Subject.choices)
    story_id = models.BigIntegerField(null=True)
    withdraws = models.BooleanField(default=False)
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(
                fields=["sequence"],
                condition=models.Q(withdraws=True),
                name="change_withdraws",
            ),
            models.Index(fields=["subject", "sequence"], name="change_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.sequence} {self.subject} {self.story_id or ''}"


class Due(models.Model):
    """A published story whose moment has not come: a future date or an embargo.

    The worker turns it into a change in the outbox when it is due.
    """

    story = models.OneToOneField(Story, primary_key=True, on_delete=models.CASCADE)
    at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.story_id} at {self.at:%Y-%m-%d %H:%M:%S}"


class Counter(models.Model):
    """The last story number drawn. Numbers are never reused, not even after a deletion."""

    last_number = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.last_number)


class Heartbeat(models.Model):
    """When a background task last ran: what readiness and the administrator look at."""

    name = models.CharField(max_length=40, primary_key=True)
    at = models.DateTimeField()
    lateness = models.FloatField(null=True)
    """Seconds by which the last round that did something missed the moment of its latest task."""

    def __str__(self) -> str:
        return f"{self.name} {self.at:%Y-%m-%d %H:%M:%S}"


class Datestamp(models.Model):
    """When a text that has ever been public last changed for the public; it outlives the text.

    Written with the outbox, so a moment that comes (an embargo's end) counts as a change.
    """

    story_id = models.BigIntegerField(primary_key=True)
    number = models.PositiveIntegerField()
    language = models.CharField(max_length=100)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["at", "story_id"], name="datestamp_at")]

    def __str__(self) -> str:
        return f"{self.number} {self.language} {self.at:%Y-%m-%d %H:%M:%S}"


class Cursor(models.Model):
    """How far one of the outbox's readers has come that work once for all machines."""

    name = models.CharField(max_length=40, primary_key=True)
    sequence = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name} at {self.sequence}"


class OutsideLink(models.Model):
    """An address of another site that a text links to, and how it answered when last asked.

    `answer` is an HTTP status, or a word of `dateline.publishing.link_courier` where there is none.
    """

    url = models.CharField(max_length=2000, unique=True)
    due = models.BooleanField(default=True)
    asked_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=16, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["id"], condition=models.Q(due=True), name="outside_link_due")
        ]

    def __str__(self) -> str:
        return f"{self.url} {self.answer}".rstrip()
