"""On the desk's first page: the translations whose source was changed since."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from dateline.desk.translations import progress
from dateline.desk.workflow.panels import Stories
from dateline.stories.models import Story


class ToTranslate(Stories):
    """Translations I may bring up to date, the one whose source changed last first."""

    name = "to-translate"
    order = 125
    heading = _("Translations to bring up to date")
    when_label = _("Source changed")

    def find(self, stories: QuerySet[Story], user: Any) -> Any:
        return progress.behind(progress.translatable(stories, user))

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        with progress.uncompiled():
            context = super().get_context_data(parent_context)
        return context | {
            "all": reverse("desk_all_translations"),
            "all_label": _("All translations"),
        }
