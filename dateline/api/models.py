"""What the API keeps: tokens for writing, and the answers to requests that may be sent twice."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Scope(models.TextChoices):
    """What a token may be used for; its owner must have the right at the desk as well."""

    CREATE = "create", _("create drafts")
    UPDATE = "update", _("read and change drafts")
    PUBLISH = "publish", _("publish and schedule")
    CORRECT = "correct", _("publish corrections")
    UNPUBLISH = "unpublish", _("unpublish")
    RETRACT = "retract", _("retract")
    KILL = "kill", _("kill")


class Token(models.Model):
    """A key for writing. The secret is shown once, when it is made; only its hash is kept."""

    name = models.CharField(_("name"), max_length=100)
    prefix = models.CharField(_("prefix"), max_length=12, unique=True)
    digest = models.CharField(max_length=64)
    scopes = models.CharField(_("scopes"), max_length=120)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("owner"),
        on_delete=models.CASCADE,
        related_name="writing_tokens",
    )
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    @property
    def is_usable(self) -> bool:
        """Whether it still opens anything: neither revoked nor expired, its owner still active."""
        expired = self.expires_at is not None and self.expires_at <= timezone.now()
        return self.revoked_at is None and not expired and bool(self.owner.is_active)

    def has(self, scope: Scope) -> bool:
        """Whether it may be used for this."""
        return scope in self.scopes.split()


class KeptAnswer(models.Model):
    """A request with an `Idempotency-Key`, and once it was carried out its answer.

    A row without a status is a request being worked on. The answer is written in the transaction
    of the change it answers: there is a change with its answer, or neither.
    """

    token = models.ForeignKey(Token, on_delete=models.CASCADE)
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)
    claim = models.UUIDField()
    at = models.DateTimeField(db_index=True)
    status = models.PositiveSmallIntegerField(null=True)
    headers = models.JSONField(default=dict)
    content = models.BinaryField(default=b"")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["token", "key"], name="kept_answer_key")]

    def __str__(self) -> str:
        return f"{self.key} {self.status or 'in progress'}"
