"""On the desk's first page: the translations whose source was changed since."""

from __future__ import annotations

from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from dateline.desk.workflow.panels import Stories
from dateline.people import rights
from dateline.people.rights import Action
from dateline.publishing.models import Version
from dateline.publishing.releases import TOLD
from dateline.stories.models import State, Story


class ToTranslate(Stories):
    """Translations I may bring up to date, the one whose source changed last first."""

    name = "to-translate"
    order = 125
    heading = _("Translations to bring up to date")
    when_label = _("Source changed")

    def find(self, stories: QuerySet[Story], user: Any) -> Any:
        told = Version.objects.filter(story=OuterRef("translated_from"), kind__in=TOLD)
        newest = told.order_by("-number")
        behind = stories.filter(
            _within(rights.offices(user, Action.TRANSLATE)),
            translated_from__state=State.PUBLISHED,
            state__in=(State.DRAFT, State.PUBLISHED),
        ).annotate(
            newest=Subquery(newest.values("number")[:1]), when=Subquery(newest.values("at")[:1])
        )
        return behind.filter(newest__gt=F("translated_version")).order_by("-when", "pk")


def _within(offices: frozenset[int] | None) -> Q:
    if offices is None:
        return Q()
    links = Story.offices.through.objects.filter(office_id__in=offices)
    return Q(pk__in=links.values("story_id"))
