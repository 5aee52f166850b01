"""Who follows which list by e-mail, what was sent to whom, and what is still to be sent."""

from __future__ import annotations

import secrets
import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


def new_key() -> str:
    """A secret that makes links valid; drawing another one ends them all."""
    return secrets.token_hex(16)


class Frequency(models.TextChoices):
    """How often a subscriber wants to hear of a list."""

    AT_ONCE = "at-once", _("at once")
    DAILY = "daily", _("once a day")
    WEEKLY = "weekly", _("once a week")


class Question(models.Model):
    """A query that somebody follows, kept once however many do.

    `text` is canonical, with the ids of terms in place of their slugs (`alerts.questions`).
    """

    language = models.CharField(max_length=35)
    text = models.TextField()
    digest = models.CharField(max_length=32, unique=True)

    def __str__(self) -> str:
        return f"{self.language} {self.text}"


class Key(models.Model):
    """What a story must have for a question to find it (`archive.candidates`)."""

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="keys")
    key = models.CharField(max_length=80)

    class Meta:
        indexes = [models.Index(fields=["key", "question"], name="alerts_key_question")]

    def __str__(self) -> str:
        return self.key


class Standing(models.TextChoices):
    """Whether a subscriber is written to."""

    ACTIVE = "active", _("active")
    PAUSED = "paused", _("paused")
    BOUNCED = "bounced", _("bounced")


class Subscriber(models.Model):
    """An address whose owner has confirmed that news may be sent there.

    `wording` names the version of the text that was agreed to, `confirmed_at` says when.
    """

    address = models.EmailField(max_length=254)
    folded = models.CharField(max_length=254, unique=True)
    key = models.CharField(max_length=32, default=new_key)
    language = models.CharField(max_length=35)
    zone = models.CharField(max_length=64)
    standing = models.CharField(max_length=8, choices=Standing.choices, default=Standing.ACTIVE)
    confirmed_at = models.DateTimeField()
    wording = models.CharField(max_length=16)
    failures = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"subscriber {self.pk}"  # an address must not get into a log by accident


class Subscription(models.Model):
    """A list that a subscriber follows. `languages`: by preference, with commas between."""

    subscriber = models.ForeignKey(
        Subscriber, on_delete=models.CASCADE, related_name="subscriptions"
    )
    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="subscriptions")
    languages = models.CharField(max_length=120)
    frequency = models.CharField(max_length=8, choices=Frequency.choices)
    hour = models.PositiveSmallIntegerField(default=8)
    weekday = models.PositiveSmallIntegerField(default=0)
    confirmed_at = models.DateTimeField()
    wording = models.CharField(max_length=16)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subscriber", "question"], name="alerts_subscription_once"
            )
        ]

    def __str__(self) -> str:
        return f"subscription {self.pk}"


class Request(models.Model):
    """A wish to follow a list that nobody has confirmed yet; forgotten after some days.

    `client` is a keyed digest of where it came from: enough to count by, and no address.
    """

    address = models.EmailField(max_length=254)
    folded = models.CharField(max_length=254, db_index=True)
    key = models.CharField(max_length=32, default=new_key)
    client = models.CharField(max_length=32)
    made_at = models.DateTimeField(db_index=True)
    language = models.CharField(max_length=35)
    zone = models.CharField(max_length=64)
    text = models.TextField()
    languages = models.CharField(max_length=120)
    frequency = models.CharField(max_length=8, choices=Frequency.choices)
    hour = models.PositiveSmallIntegerField()
    weekday = models.PositiveSmallIntegerField()
    wording = models.CharField(max_length=16)

    class Meta:
        indexes = [models.Index(fields=["client", "made_at"], name="alerts_request_client")]

    def __str__(self) -> str:
        return f"request {self.pk}"


class Announced(models.Model):
    """A text that has been news once: whatever is done to it later, it is not again."""

    story_id = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.story_id} at {self.at:%Y-%m-%d %H:%M:%S}"


class Purpose(models.TextChoices):
    """What a mail is for."""

    CONFIRMATION = "confirm", _("confirmation")
    LINK = "link", _("link")
    STORIES = "stories", _("stories")
    CORRECTION = "correct", _("correction")


class MailState(models.TextChoices):
    """Where a mail is on its way. `sending`: the mail server may have it already."""

    WAITING = "waiting", _("waiting")
    SENDING = "sending", _("being sent")
    SENT = "sent", _("sent")
    FAILED = "failed", _("failed")
    DROPPED = "dropped", _("dropped")


class Mail(models.Model):
    """One mail to one address. `key` makes its Message-ID, the same however often it is tried."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    purpose = models.CharField(max_length=8, choices=Purpose.choices)
    subscriber = models.ForeignKey(
        Subscriber, null=True, on_delete=models.CASCADE, related_name="mails"
    )
    request = models.ForeignKey(Request, null=True, on_delete=models.CASCADE, related_name="mails")
    state = models.CharField(max_length=8, choices=MailState.choices, default=MailState.WAITING)
    due = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    repeated = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("alert")
        verbose_name_plural = _("alerts")
        indexes = [
            models.Index(
                fields=["due", "id"],
                condition=models.Q(state="waiting"),
                name="alerts_mail_waiting",
            ),
            models.Index(
                fields=["id"], condition=models.Q(state="sending"), name="alerts_mail_sending"
            ),
            models.Index(fields=["state", "sent_at"], name="alerts_mail_sent"),
        ]

    def __str__(self) -> str:
        return f"mail {self.pk}"


class Delivery(models.Model):
    """That a story is, or was, for a subscriber: once for its release, and once a correction.

    `sequence` is 0 for the story itself and the version's number for what corrects it. `version` is
    the one that was sent, known when the mail is made. Waiting until it is `due`, then in a mail.
    """

    subscriber = models.ForeignKey(Subscriber, on_delete=models.CASCADE, related_name="deliveries")
    subscription = models.ForeignKey(
        Subscription, null=True, on_delete=models.SET_NULL, related_name="deliveries"
    )
    number = models.PositiveIntegerField()
    story_id = models.BigIntegerField()
    sequence = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(null=True)
    due = models.DateTimeField()
    waiting = models.BooleanField(default=True)
    dropped = models.BooleanField(default=False)
    mail = models.ForeignKey(Mail, null=True, on_delete=models.SET_NULL, related_name="deliveries")

    class Meta:
        verbose_name_plural = "deliveries"
        constraints = [
            models.UniqueConstraint(
                fields=["subscriber", "number", "sequence"], name="alerts_delivery_once"
            )
        ]
        indexes = [
            models.Index(
                fields=["due"], condition=models.Q(waiting=True), name="alerts_delivery_waiting"
            ),
            models.Index(fields=["story_id"], name="alerts_delivery_story"),
        ]

    def __str__(self) -> str:
        return f"story {self.number} for subscriber {self.subscriber_id}"


class Control(models.Model):
    """The administrator's stop: while `stopped`, nothing is sent and everything is kept."""

    stopped = models.BooleanField(default=False)
    since = models.DateTimeField(null=True)

    class Meta:
        permissions = [("run_alerts", _("Can see and stop the sending of alerts"))]

    def __str__(self) -> str:
        return "stopped" if self.stopped else "sending"
