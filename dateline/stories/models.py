"""A story: one language's text of one release, with its parts.

The texts of one release share `translation_key` from the first draft and `number` from the first
publication. Fields that readers see are edited through Wagtail's drafts; the fields listed in
`OWN` belong to the story itself, are written by the verbs of `dateline.publishing` alone, and
survive whichever draft is published or restored.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Self

from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from modelcluster.models import ClusterableModel
from wagtail.documents.models import Document
from wagtail.fields import RichTextField
from wagtail.locks import BaseLock
from wagtail.models import (
    DraftStateMixin,
    LockableMixin,
    Orderable,
    PreviewableMixin,
    Revision,
    RevisionMixin,
    TranslatableMixin,
    WorkflowMixin,
)

from dateline.lib import slugs
from dateline.stories import ports
from dateline.stories.media import Picture, Rendition
from dateline.vocabularies.models import Genre, Office, Topic

__all__ = [
    "Contact",
    "Picture",
    "Rendition",
    "State",
    "Story",
    "StoryDocument",
    "StoryPicture",
]


class State(models.TextChoices):
    """Where a story is in its life. `scheduled` is a draft with an approved time, not a state."""

    DRAFT = "draft", _("draft")
    PUBLISHED = "published", _("published")
    UNPUBLISHED = "unpublished", _("unpublished")
    OUT_OF_DATE = "out_of_date", _("out of date")
    RETRACTED = "retracted", _("retracted")
    KILLED = "killed", _("killed")


class Contact(models.Model):
    """Whom a journalist calls: a function or a person, with the number for the night."""

    name = models.CharField(_("name"), max_length=200)
    role = models.CharField(_("role"), max_length=200, blank=True)
    office = models.ForeignKey(
        Office, verbose_name=_("office"), null=True, blank=True, on_delete=models.SET_NULL
    )
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("telephone"), max_length=60, blank=True)
    out_of_hours_phone = models.CharField(_("out-of-hours telephone"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("press contact")
        verbose_name_plural = _("press contacts")
        ordering = ("name", "pk")

    def __str__(self) -> str:
        return f"{self.name}, {self.role}" if self.role else self.name


class Story(
    WorkflowMixin,
    DraftStateMixin,
    LockableMixin,
    RevisionMixin,
    PreviewableMixin,
    TranslatableMixin,
    ClusterableModel,
):
    """One language's text of one release."""

    OWN = (
        "state",
        "number",
        "slug",
        "published_on",
        "published_at",
        "updated_at",
        "visible_from",
        "source",
        "external_id",
        "source_url",
        "source_fingerprint",
    )
    PUBLICATION = ("live_revision_id", "last_published_at", "expired")
    """Wagtail's own record of what is public, which its drafts would otherwise carry along."""

    default_exclude_fields_in_copy = [
        *OWN,
        *("live", "live_revision", "latest_revision", "has_unpublished_changes", "expired"),
        *("first_published_at", "last_published_at", "go_live_at", "expire_at"),
        *("locked", "locked_at", "locked_by"),
        *("translated_from", "translated_version"),
    ]
    """A copy, so a new translation, is a draft of its own with none of its source's history."""

    # A story begins as a draft; the mixin's default would make it public without a verb.
    live = models.BooleanField(_("live"), default=False, editable=False)

    # --- written by the verbs -------------------------------------------------------------
    state = models.CharField(
        _("state"), max_length=12, choices=State.choices, default=State.DRAFT, editable=False
    )
    number = models.PositiveIntegerField(_("number"), null=True, editable=False)
    slug = models.CharField(_("slug"), max_length=80, blank=True, editable=False)
    published_on = models.DateField(_("publishing date"), null=True, editable=False)
    published_at = models.DateTimeField(_("published at"), null=True, editable=False)
    updated_at = models.DateTimeField(_("last updated"), null=True, editable=False)
    visible_from = models.DateTimeField(_("public from"), null=True, editable=False)

    # --- where an imported story came from ------------------------------------------------
    source = models.CharField(_("source"), max_length=80, blank=True, editable=False)
    external_id = models.CharField(_("external id"), max_length=255, blank=True, editable=False)
    source_url = models.URLField(_("source address"), max_length=1000, blank=True, editable=False)
    source_fingerprint = models.CharField(max_length=32, blank=True, editable=False)

    # --- what the desk edits --------------------------------------------------------------
    headline = models.CharField(_("headline"), max_length=500)
    summary = models.TextField(
        _("summary"), blank=True, help_text=_("The lead: what lists and feeds show.")
    )
    body = RichTextField(
        _("body"),
        blank=True,
        features=[
            *("h2", "h3", "bold", "italic", "ol", "ul", "hr", "link", "blockquote"),
            *("h4", "superscript", "subscript", "picture", "table", "document"),
        ],
    )
    notes_to_editors = RichTextField(
        _("notes to editors"),
        blank=True,
        features=["bold", "italic", "ol", "ul", "link"],
        help_text=_("Public, behind the text: background, sources, practical matters."),
    )
    boilerplate = models.BooleanField(
        _("close with the text about the office"),
        default=False,
        help_text=_("What its offices are, in this language, as their pages say it."),
    )
    dateline = models.CharField(
        _("dateline"), max_length=300, blank=True, help_text=_("VIENNA, 18 July 2022")
    )
    byline = models.CharField(_("byline"), max_length=300, blank=True)
    location = models.CharField(_("location"), max_length=200, blank=True)
    translation_note = models.CharField(
        _("translation note"),
        max_length=300,
        blank=True,
        help_text=_("Shown above a translation, for instance “Unofficial translation”."),
    )
    translated_from = models.ForeignKey(
        "self",
        verbose_name=_("translated from"),
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="renderings",
    )
    translated_version = models.PositiveIntegerField(
        _("version translated"), null=True, blank=True, editable=False
    )
    given_date = models.DateField(
        _("publishing date"),
        null=True,
        blank=True,
        help_text=_("Leave empty for the moment of publishing."),
    )
    given_time = models.TimeField(
        _("publishing time"),
        null=True,
        blank=True,
        help_text=_("In the newsroom's time zone. Leave empty for a date without a time."),
    )
    embargoed_until = models.DateTimeField(_("embargoed until"), null=True, blank=True)
    genre = models.ForeignKey(
        Genre,
        verbose_name=_("content type"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="stories",
    )
    offices = ParentalManyToManyField(
        Office, verbose_name=_("offices"), blank=True, related_name="stories"
    )
    topics = ParentalManyToManyField(
        Topic, verbose_name=_("topics"), blank=True, related_name="stories"
    )
    contacts = ParentalManyToManyField(
        Contact, verbose_name=_("press contacts"), blank=True, related_name="stories"
    )
    related = ParentalManyToManyField(
        "self", verbose_name=_("related stories"), blank=True, symmetrical=False
    )

    class Meta(TranslatableMixin.Meta):
        verbose_name = _("story")
        verbose_name_plural = _("stories")
        unique_together = [("translation_key", "locale")]
        ordering = ("-published_on", "-number")
        constraints = [
            models.UniqueConstraint(
                fields=["number", "locale"], name="story_number_language_unique"
            ),
            models.UniqueConstraint(
                fields=["source", "external_id"],
                condition=~Q(source=""),
                name="story_source_external_id_unique",
            ),
            models.CheckConstraint(
                condition=Q(state=State.PUBLISHED, live=True)
                | (~Q(state=State.PUBLISHED) & Q(live=False)),
                name="story_live_is_published",
            ),
            models.CheckConstraint(
                condition=Q(state=State.DRAFT)
                | Q(number__isnull=False, published_on__isnull=False, visible_from__isnull=False),
                name="story_once_public_is_numbered_and_dated",
            ),
        ]
        indexes = [
            models.Index(
                F("published_on").desc(), F("number").desc(), name="story_published_number"
            ),
            models.Index(
                fields=["expire_at"],
                condition=Q(state=State.PUBLISHED, expire_at__isnull=False),
                name="story_expires",
            ),
        ]

    def __str__(self) -> str:
        return self.headline

    # --- what the story says of itself ------------------------------------------------------
    @property
    def language(self) -> str:
        """The text's language as a BCP 47 tag."""
        return ports.language_of(self.locale_id) or self.locale.language_code

    @property
    def instant(self) -> datetime | None:
        """When it was published, for sorting: a date without a time is that day's start."""
        if self.published_at is not None or self.published_on is None:
            return self.published_at
        return ports.day_start(self.published_on)

    @property
    def published(self) -> date | datetime | None:
        """The publishing date as readers see it: with a time only if one is known."""
        if self.published_at is not None:
            return timezone.localtime(self.published_at)
        return self.published_on

    def get_absolute_url(self) -> str:
        """The story's own path; "" before its first publication."""
        if self.number is None:
            return ""
        return f"/{self.language}/news/{self.number}/{self.slug or slugs.slug(self.headline)}"

    # --- how Wagtail's desk reaches the verbs -------------------------------------------------
    def publish(self, revision: Revision, user: Any = None, **options: Any) -> Any:
        """Every publish button, workflow and schedule of Wagtail ends here: one verb for all."""
        return _desk().publish(self, revision, user, **options)

    def unpublish(self, *args: Any, **options: Any) -> Any:
        """Every unpublish button and expiry of Wagtail ends here."""
        return _desk().unpublish(self, *args, **options)

    @classmethod
    def from_serializable_data(cls, data: dict[str, Any], *args: Any, **options: Any) -> Any:
        """A draft as saved; a genre, picture or document deleted since is left out of it."""
        return super().from_serializable_data(_without_deleted(data), *args, **options)

    def with_content_json(self, content: dict[str, Any]) -> Self:
        """A draft as a story: the draft's text, with everything the verbs own kept as it is now."""
        story: Self = super().with_content_json(content)
        for name in (*self.OWN, *self.PUBLICATION):
            setattr(story, name, getattr(self, name))
        return story

    def get_lock(self) -> Any:
        """A killed story is final: nobody edits it, whatever their rights."""
        return KilledLock(self) if self.state == State.KILLED else super().get_lock()

    # --- preview: the public page itself --------------------------------------------------------
    def serve_preview(self, request: Any, mode_name: str) -> Any:
        """The public page of this draft, rendered by the website."""
        if ports.preview is None:  # pragma: no cover - a wiring mistake, not a state
            raise ImproperlyConfigured("dateline.website is not installed")
        return ports.preview(self, request)


def _without_deleted(data: dict[str, Any]) -> dict[str, Any]:
    data = dict(data)
    if data.get("genre") and not Genre.objects.filter(pk=data["genre"]).exists():
        data["genre"] = None
    for rows, name, model in (
        ("pictures", "picture", Picture),
        ("documents", "document", Document),
    ):
        used = {row[name] for row in data.get(rows, ())}
        if used:
            there = set(model.objects.filter(pk__in=used).values_list("pk", flat=True))
            data[rows] = [row for row in data[rows] if row[name] in there]
    return data


def _desk() -> ports.Desk:
    if ports.desk is None:  # pragma: no cover - a wiring mistake, not a state
        raise ImproperlyConfigured("dateline.publishing is not installed")
    return ports.desk


class KilledLock(BaseLock):
    """Why the desk shows a killed story and lets nobody change it."""

    def for_user(self, user: Any) -> bool:
        return True

    def get_message(self, user: Any) -> str:
        return gettext("This story was killed. It must not be used and cannot be edited.")

    def get_locked_by(self, user: Any) -> str:
        return gettext("Killed")

    def get_description(self, user: Any) -> str:
        return self.get_message(user)


class StoryPicture(Orderable):
    """A picture of a story, with what is said of it there."""

    story = ParentalKey(Story, on_delete=models.CASCADE, related_name="pictures")
    picture = models.ForeignKey(Picture, verbose_name=_("picture"), on_delete=models.PROTECT)
    caption = models.CharField(_("caption"), max_length=500, blank=True)
    alternative_text = models.CharField(
        _("alternative text"),
        max_length=500,
        blank=True,
        help_text=_("In the story's language. Empty: the library's text."),
    )
    decorative = models.BooleanField(
        _("decorative"),
        default=False,
        help_text=_("It shows nothing that matters to the story: screen readers pass over it."),
    )

    class Meta(Orderable.Meta):
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")

    def __str__(self) -> str:
        return self.caption or str(self.picture)

    def clean(self) -> None:
        """Raises ValidationError for a picture said to show nothing, and then what it shows."""
        if self.decorative and self.alternative_text:
            said = _("A decorative picture has no alternative text: leave one of the two out.")
            raise ValidationError({"alternative_text": said})

    @property
    def alt(self) -> str:
        """What a screen reader says instead of the picture; "" for one it passes over."""
        return "" if self.decorative else self.alternative_text or self.picture.description


class StoryDocument(Orderable):
    """A document attached to a story."""

    story = ParentalKey(Story, on_delete=models.CASCADE, related_name="documents")
    document = models.ForeignKey(Document, verbose_name=_("document"), on_delete=models.PROTECT)
    title = models.CharField(_("title"), max_length=255, blank=True)

    class Meta(Orderable.Meta):
        verbose_name = _("document")
        verbose_name_plural = _("documents")

    def __str__(self) -> str:
        return self.title or str(self.document)
