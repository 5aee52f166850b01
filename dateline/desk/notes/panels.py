"""The desk's first page: what I am asked to do."""

from __future__ import annotations

from typing import Any

from django.db.models import F
from wagtail.admin.ui.components import Component

from dateline.desk.notes.models import Note
from dateline.people import rights
from dateline.stories.models import Story

SHOWN = 10


class Assigned(Component):
    """What others, or I myself, asked me to do with stories I may see; what is late comes first."""

    name = "assigned"
    order = 97
    template_name = "desk/notes/assigned.html"

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        user = parent_context["request"].user
        mine = Note.objects.filter(person=user, done_at=None)
        seen = rights.visible(Story.objects.filter(notes__in=mine), user)
        asked = mine.filter(story__in=seen.values("pk")).select_related("story", "by")
        asked = asked.select_related("story__latest_revision", "story__locale")
        found = list(asked.order_by(F("due").asc(nulls_last=True), "at")[: SHOWN + 1])
        return {"notes": found[:SHOWN], "more": len(found) > SHOWN}
