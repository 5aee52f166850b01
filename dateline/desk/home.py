"""The desk's first page: what was written last, and what waits for approval."""

from __future__ import annotations

from typing import Any

from django.db.models import F
from django.utils.translation import gettext
from wagtail.admin.ui.components import Component
from wagtail.admin.views.home import (
    LockedPagesPanel,
    RecentEditsPanel,
    WorkflowObjectsToModeratePanel,
)
from wagtail.coreutils import get_locales_display_names

from dateline.desk import story_list
from dateline.people import rights
from dateline.stories.models import Story

SHOWN = 10


class LatestStories(Component):
    """The stories saved at the desk last, whoever saved them."""

    name = "latest"
    order = 250
    template_name = "desk/latest.html"

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        saved = rights.visible(
            Story.objects.filter(latest_revision__isnull=False), parent_context["request"].user
        )
        stories = list(
            story_list.rows(saved)
            .annotate(saved_at=F("latest_revision__created_at"))
            .order_by("-saved_at")[:SHOWN]
        )
        languages = get_locales_display_names()
        for story in stories:
            story.state_label = story_list.state_label(story)
            story.language_name = languages[story.locale_id]
        return {"stories": stories, "heading": gettext("Latest work")}


PAGES = RecentEditsPanel | LockedPagesPanel
ANYBODYS = WorkflowObjectsToModeratePanel
"""It lists what a group may review, whichever office it is of."""


def arrange(panels: list[Any]) -> None:
    """Replace what is about pages by what is about stories."""
    panels[:] = [panel for panel in panels if not isinstance(panel, PAGES | ANYBODYS)]
    panels.append(LatestStories())
