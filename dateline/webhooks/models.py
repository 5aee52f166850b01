"""Machines that are told of changes, and what each was told."""

from __future__ import annotations

import uuid
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from dateline.lib import fetch


def check_address(address: str) -> None:
    """Refuse what could never be sent to; where its name leads is checked at each sending."""
    try:
        fetch.check(address)
    except fetch.FetchError as error:
        message = _("Nothing can be sent there: %(reason)s.") % {"reason": error}
        raise ValidationError(message) from error


class Endpoint(models.Model):
    """An address that wants to be told, and of which list.

    `generation` counts the changes of its secret, which is derived and stored nowhere
    (`dateline.webhooks.secrets`).
    """

    name = models.CharField(_("name"), max_length=120)
    url = models.URLField(
        _("address"),
        max_length=500,
        validators=[check_address],
        help_text=_("Where messages are sent to. It must be reachable on the public Internet."),
    )
    listing = models.CharField(
        _("list"),
        max_length=2000,
        help_text=_("The address of a list of this site, filters included: /en/news?topic=…"),
    )
    active = models.BooleanField(_("active"), default=True)
    generation = models.PositiveIntegerField(default=1, editable=False)
    rotated_at = models.DateTimeField(null=True, editable=False)
    stopped = models.CharField(_("why it was stopped"), max_length=300, blank=True, editable=False)

    class Meta:
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
        ordering = ("name", "pk")

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Somebody who sets it to work again has seen why it was stopped."""
        if self.active:
            self.stopped = ""
        super().save(*args, **kwargs)


class State(models.TextChoices):
    """What became of a message."""

    WAITING = "waiting", _("waiting")
    DELIVERED = "delivered", _("delivered")
    DEAD = "dead", _("given up")


class Message(models.Model):
    """One event for one endpoint. `content` are the very bytes that are sent and signed."""

    endpoint = models.ForeignKey(Endpoint, on_delete=models.CASCADE, related_name="messages")
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sequence = models.BigIntegerField()
    story_id = models.BigIntegerField()
    kind = models.CharField(_("event"), max_length=30)
    content = models.TextField()
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.WAITING
    )
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    created_at = models.DateTimeField(_("created"))
    due = models.DateTimeField(_("next attempt"))
    delivered_at = models.DateTimeField(_("delivered"), null=True)
    answer = models.CharField(_("last answer"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ("pk",)
        constraints = [
            # A round killed after it wrote and before it moved on writes nothing twice.
            models.UniqueConstraint(
                fields=["endpoint", "sequence", "story_id"], name="webhook_message_once"
            )
        ]
        indexes = [
            models.Index(fields=["endpoint", "story_id"], name="webhook_message_story"),
            models.Index(
                fields=["endpoint", "id"],
                condition=models.Q(state="waiting"),
                name="webhook_message_waiting",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"

    @property
    def name(self) -> str:
        """The id on the wire: the same in every attempt, so that receivers can drop repeats."""
        return f"msg_{self.key.hex}"
