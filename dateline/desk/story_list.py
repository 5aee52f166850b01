"""The list of stories: newest first, in a number of queries that does not depend on the rows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import django_filters
from django import forms
from django.conf import settings
from django.db.models import CharField, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, LocaleColumn, StatusTagColumn, TitleColumn
from wagtail.models import Revision, TaskState
from wagtail.snippets.views.snippets import IndexView

from dateline.archive import search
from dateline.archive.engines.base import EngineError
from dateline.archive.query import LONGEST_KEYWORDS, Query
from dateline.desk import terms
from dateline.desk.drafts import models as drafts
from dateline.people import rights
from dateline.stories.models import State, Story
from dateline.vocabularies import snapshot

SCHEDULED = "scheduled"
MOST_WORDS = 50
FEW = 2_000
"""Stories found by words, of which the keys are kept."""
REVIEWED = {
    TaskState.STATUS_IN_PROGRESS: _("in review"),
    TaskState.STATUS_APPROVED: _("approved"),
    TaskState.STATUS_REJECTED: _("changes requested"),
}


def state_label(story: Story) -> str:
    """A story's state in words; needs the annotations of `rows`."""
    if (
        story.state == State.PUBLISHED
        and story.visible_from
        and story.visible_from > timezone.now()
    ):
        return gettext("hidden until %(date)s") % {"date": _moment(story.visible_from)}
    if story.approved_for:
        return gettext("scheduled for %(date)s") % {"date": _moment(story.approved_for)}
    if story.review and (story.state != State.PUBLISHED or story.has_unpublished_changes):
        return str(REVIEWED[story.review])
    if story.state == State.PUBLISHED and story.has_unpublished_changes:
        return gettext("published, with a newer draft")
    return str(story.get_state_display())


def _in_the_archive(words: str) -> list[int]:
    """The newest public stories with these words anywhere in their texts, in any language.

    Without an index the headlines alone are searched: the desk goes on while readers wait.
    """
    tags = tuple(settings.NEWSROOM.languages)
    query = Query(tags[0], words, selections=(("language", tags),), size=FEW)
    try:
        return search.find(query, timezone.now(), snapshot.current(), counted=False).ids
    except EngineError:
        return []


def _moment(at: Any) -> str:
    return date_format(timezone.localtime(at), "SHORT_DATETIME_FORMAT")


def published_label(story: Story) -> str:
    """The publishing date as readers see it."""
    published = story.published
    if published is None:
        return ""
    return date_format(published, "DATETIME_FORMAT" if story.published_at else "DATE_FORMAT")


def headline_label(story: Story) -> str:
    """The newest headline, also where only a draft has it."""
    return story.draft_headline or story.headline


def rows(stories: QuerySet[Story]) -> QuerySet[Story]:
    """Stories with what a row shows and without what it does not."""
    revisions = scheduled().filter(object_id=OuterRef("key"))
    annotated: QuerySet[Story] = (
        stories.defer("body", "summary")
        .annotate(key=Cast("pk", CharField()), draft_headline=F("latest_revision__object_str"))
        .annotate(approved_for=Subquery(revisions.values("approved_go_live_at")[:1]))
        .annotate(review=Subquery(_reviews().values("status")[:1]))
    )
    return annotated


def where(stories: Iterable[Story]) -> dict[int, str]:
    """Key of each of the stories → the names of its offices."""
    offices = terms.labels("office")
    found: dict[int, list[str]] = {story.pk: [] for story in stories}
    links = Story.offices.through.objects.filter(story__in=list(found))
    for story, office in links.values_list("story_id", "office_id"):
        found[story].append(offices.get(office, ""))
    return {story: ", ".join(sorted(names)) for story, names in found.items()}


def scheduled() -> QuerySet[Revision]:
    """The drafts with an approved time, which are few: what is asked of them starts from here."""
    revisions: QuerySet[Revision] = Revision.objects.filter(
        base_content_type=Story.get_base_content_type(), approved_go_live_at__isnull=False
    )
    return revisions


def keys(revisions: QuerySet[Revision]) -> list[int]:
    """The stories that revisions are of."""
    return [int(key) for key in revisions.values_list("object_id", flat=True)]


def _reviews() -> QuerySet[TaskState]:
    """The last review of a story's newest draft: what was approved is approved until it changes."""
    states: QuerySet[TaskState] = TaskState.objects.filter(
        revision=OuterRef("latest_revision"), status__in=REVIEWED
    )
    return states.order_by("-pk")


class StateFilter(django_filters.ChoiceFilter):
    """A state, or `scheduled`: a draft with an approved time."""

    def filter(self, stories: QuerySet[Story], value: str) -> QuerySet[Story]:
        if value == SCHEDULED:
            return stories.filter(pk__in=keys(scheduled()))
        return stories.filter(state=value) if value else stories


class StoryFilters(WagtailFilterSet):
    """Language comes from Wagtail, by its name for it: locale."""

    state = StateFilter(
        label=_("State"),
        empty_label=_("All"),
        choices=[*State.choices, (SCHEDULED, _("scheduled"))],
        widget=forms.RadioSelect,
    )
    genre = django_filters.ChoiceFilter(field_name="genre_id", widget=forms.RadioSelect)
    office = django_filters.ChoiceFilter(field_name="offices", widget=forms.RadioSelect)

    class Meta:
        model = Story
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["locale"].label = _("Language")
        for facet in ("genre", "office"):
            filter_ = self.filters[facet]
            filter_.extra["choices"] = terms.choices(facet)
            filter_.extra["empty_label"] = _("All")
            filter_.label = capfirst(Story._meta.get_field(FIELDS[facet]).verbose_name)


FIELDS = {"genre": "genre", "office": "offices"}


class StoryIndexView(IndexView):
    """Newest first: drafts not yet dated, then by publishing date.

    Rows carry no buttons: all that can be done with a story is on its own page, and Wagtail's
    would cost queries for every row.
    """

    filterset_class = StoryFilters
    is_searchable = True
    default_ordering = "-published_on"
    list_export: list[str] = []

    @cached_property
    def columns(self) -> list[Column]:
        language = LocaleColumn(label=gettext("Language"), sort_key=None)
        state = StatusTagColumn(
            "state",
            label=gettext("State"),
            accessor=state_label,
            primary=lambda story: story.state == State.PUBLISHED,
        )
        return [
            TitleColumn(
                "headline", label=gettext("Headline"), accessor=headline_label, get_url=self._url
            ),
            Column("number", label=gettext("Number"), sort_key="number"),
            language,
            state,
            Column(
                "published",
                label=gettext("Publishing date"),
                accessor=published_label,
                sort_key="published_on",
            ),
            Column("genre", label=self._field("genre"), accessor=lambda story: story.genre_label),
            Column("offices", label=self._field("offices"), accessor=lambda story: story.where),
        ]

    def _field(self, name: str) -> str:
        return str(capfirst(Story._meta.get_field(name).verbose_name))

    def _url(self, story: Story) -> str:
        return reverse(self.edit_url_name, args=[story.pk])

    def get_base_queryset(self) -> QuerySet[Story]:
        # Keys alone: sorting whole rows, and asking about the drafts of each, would cost far more.
        return rights.visible(Story.objects.all(), self.request.user).only("pk")

    def order_queryset(self, queryset: QuerySet[Story]) -> QuerySet[Story]:
        name = self.ordering.lstrip("-")
        if self.ordering.startswith("-"):
            return queryset.order_by(F(name).desc(nulls_first=True), "-number", "-pk")
        return queryset.order_by(F(name).asc(nulls_last=True), "number", "pk")

    def search_queryset(self, queryset: QuerySet[Story]) -> QuerySet[Story]:
        # Databases take no endless questions, and readers may not type more either.
        asked = self.search_query[:LONGEST_KEYWORDS]
        words = asked.split()[:MOST_WORDS]
        if not words:
            return queryset
        numbered = Q()
        if len(words) == 1 and words[0].isdecimal() and len(words[0]) < 10:
            numbered = Q(number=words[0])
        # Apart and not joined: drafts are few, and the archive's headlines are read alone.
        headline = Q()
        for word in words:
            headline &= Q(headline__icontains=word)
        read = Q(pk__in=_in_the_archive(asked))
        drafted = Q(pk__in=drafts.found(" ".join(words)).values("pk"))
        found = queryset.filter(numbered | headline | read | drafted)
        # Once, and not again for the count and the page; of very many the database keeps the list.
        keys = list(found.order_by().values_list("pk", flat=True)[: FEW + 1])
        return queryset.filter(pk__in=keys) if len(keys) <= FEW else found

    def get_table(self, object_list: Iterable[Story], **kwargs: Any) -> Any:
        """The page's rows, and the terms of all of them at once."""
        order = [story.pk for story in object_list]
        found = {story.pk: story for story in rows(Story.objects.filter(pk__in=order))}
        stories = [found[pk] for pk in order if pk in found]
        genres, offices = terms.labels("genre"), where(stories)
        for story in stories:
            story.genre_label = genres.get(story.genre_id, "")
            story.where = offices[story.pk]
        return super().get_table(stories, **kwargs)
