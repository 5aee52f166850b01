"""The desk's first page: what waits for me, what comes today, what is late."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.db.models import F, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Cast, Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.components import Component
from wagtail.coreutils import get_locales_display_names
from wagtail.models import Revision, TaskState, WorkflowState

from dateline.desk import story_list
from dateline.desk.workflow import review
from dateline.people import rights
from dateline.publishing import schedule
from dateline.publishing.models import Heartbeat
from dateline.stories.models import State, Story

SHOWN = 10
LOOKED_AT = 500
"""Of the newest drafts, those among which a person's own are looked for."""
PATIENCE = timedelta(seconds=60)
"""How late something due may be before everybody at the desk is told."""


class Stories(Component):
    """Some of the stories a person may see: at most SHOWN, in a number of queries of its own."""

    template_name = "desk/workflow/stories.html"
    heading: Any = ""
    when_label: Any = _("When")
    hides_when_empty = True

    def find(self, stories: QuerySet[Story], user: Any) -> Any:
        """Of these, the panel's, each with `when`."""
        raise NotImplementedError

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        user = parent_context["request"].user
        mine = rights.visible(Story.objects.all(), user)
        found = list(self.find(story_list.rows(mine), user)[: SHOWN + 1])
        languages = get_locales_display_names()
        for story in found:
            story.state_label = story_list.state_label(story)
            story.language_name = languages[story.locale_id]
        return {
            "stories": found[:SHOWN],
            "more": len(found) > SHOWN,
            "heading": self.heading,
            "when_label": self.when_label,
            "name": self.name,
            "hidden": self.hides_when_empty and not found,
        }


class AwaitingMe(Stories):
    """Drafts that I may approve and did not submit myself."""

    name = "awaiting"
    order = 100
    heading = _("Awaiting me")
    when_label = _("Submitted")
    hides_when_empty = False

    def find(self, stories: QuerySet[Story], user: Any) -> Any:
        states = review.awaiting(user).exclude(workflow_state__requested_by=user)
        keys = states.annotate(key=Cast("revision__object_id", IntegerField())).values("key")
        waiting = stories.filter(pk__in=keys)
        return waiting.annotate(when=F("latest_revision__created_at")).order_by("when")


class SentBack(Stories):
    """What I submitted and was asked to change."""

    name = "sent-back"
    order = 95
    heading = _("Sent back to me")
    when_label = _("Sent back")

    def find(self, stories: QuerySet[Story], user: Any) -> Any:
        states = WorkflowState.objects.filter(
            base_content_type=Story.get_base_content_type(),
            status=WorkflowState.STATUS_NEEDS_CHANGES,
            requested_by=user,
        )
        keys = states.annotate(key=Cast("object_id", IntegerField())).values("key")
        back = stories.filter(pk__in=keys)
        return back.annotate(when=Subquery(_refusals().values("finished_at")[:1])).order_by("-when")


def _refusals() -> QuerySet[TaskState]:
    """Of a story that was sent back, when."""
    refused: QuerySet[TaskState] = TaskState.objects.filter(
        workflow_state__object_id=OuterRef("key"),
        workflow_state__base_content_type=Story.get_base_content_type(),
        status=TaskState.STATUS_REJECTED,
    )
    return refused.order_by("-finished_at")


class Late(Stories):
    """What should have been published and was not."""

    name = "late"
    order = 90
    heading = _("Late")
    when_label = _("Was due")

    def find(self, stories: QuerySet[Story], user: Any) -> Any:
        drafts = story_list.scheduled().filter(approved_go_live_at__lt=timezone.now() - PATIENCE)
        late = stories.filter(pk__in=story_list.keys(drafts))
        return late.annotate(when=F("approved_for")).order_by("when")


class Today(Stories):
    """What is published today by itself."""

    name = "today"
    order = 110
    heading = _("Coming today")
    when_label = _("Goes live")

    def find(self, stories: QuerySet[Story], user: Any) -> Any:
        drafts = story_list.scheduled().filter(
            approved_go_live_at__gte=timezone.now(), approved_go_live_at__lt=_tomorrow()
        )
        coming = stories.filter(pk__in=story_list.keys(drafts)) | _hidden(stories).filter(
            embargoed_until=None, due__at__lt=_tomorrow()
        )
        return coming.annotate(when=Coalesce("approved_for", "visible_from")).order_by("when")


class Embargoed(Stories):
    """Published and not yet public, apart from what comes today without having been embargoed."""

    name = "embargoed"
    order = 120
    heading = _("Embargoed")
    when_label = _("Until")

    def find(self, stories: QuerySet[Story], user: Any) -> Any:
        hidden = _hidden(stories).exclude(embargoed_until=None, due__at__lt=_tomorrow())
        return hidden.annotate(when=F("visible_from")).order_by("when")


def _hidden(stories: QuerySet[Story]) -> QuerySet[Story]:
    """Published, prepared or embargoed, and not public before their moment."""
    return stories.filter(due__at__gt=timezone.now(), state=State.PUBLISHED)


def _tomorrow() -> datetime:
    """The end of the newsroom's day."""
    day = timezone.localdate() + timedelta(days=1)
    return datetime.combine(day, time.min, timezone.get_default_timezone())


class Latest(Stories):
    """The stories saved at the desk last, whoever saved them."""

    name = "latest"
    order = 250
    heading = _("Latest work")
    when_label = _("Last saved")
    hides_when_empty = False

    def find(self, stories: QuerySet[Story], user: Any) -> Any:
        newest = Revision.objects.filter(base_content_type=Story.get_base_content_type()).order_by(
            "-created_at", "-pk"
        )[:LOOKED_AT]
        saved = stories.filter(pk__in=story_list.keys(newest), latest_revision__isnull=False)
        return saved.annotate(when=F("latest_revision__created_at")).order_by("-when")


class Schedule(Component):
    """When the worker publishes next, how punctual it was, and an alarm when a moment is missed."""

    name = "schedule"
    order = 80
    template_name = "desk/workflow/schedule.html"

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        now, coming = timezone.now(), schedule.next_moment()
        last = Heartbeat.objects.filter(name=schedule.NAME).first()
        return {
            "missed": coming is not None and coming < now - PATIENCE,
            "coming": timezone.localtime(coming) if coming else None,
            "last": last,
            "zone": settings.TIME_ZONE,
            "now": timezone.localtime(now),
        }


PANELS = (Schedule, Late, SentBack, AwaitingMe, Today, Embargoed, Latest)
