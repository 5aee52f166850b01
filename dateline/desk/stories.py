"""Stories at the desk: their list, form and pages under one name."""

from __future__ import annotations

from typing import Any

from django.urls import path
from django.utils.translation import gettext_lazy as _
from wagtail.snippets.views.snippets import SnippetViewSet

from dateline.desk import story_views
from dateline.desk.story_form import FORM
from dateline.desk.story_list import StoryIndexView
from dateline.desk.verb_views import VERBS, VerbView
from dateline.stories.models import Story


class StoryViewSet(SnippetViewSet):
    """Wagtail's snippet pages, with those replaced that would pass a verb by."""

    model = Story
    icon = "doc-full"
    menu_label = _("Stories")
    menu_order = 100
    add_to_admin_menu = True
    url_prefix = "stories"
    list_per_page = 50
    edit_handler = FORM
    # Wagtail's copy page would save onto the original.
    copy_view_enabled = False

    index_view_class = StoryIndexView
    add_view_class = story_views.StoryCreateView
    edit_view_class = story_views.StoryEditView
    revisions_revert_view_class = story_views.StoryRevertView
    delete_view_class = story_views.StoryDeleteView
    unpublish_view_class = story_views.StoryUnpublishView
    preview_on_add_view_class = story_views.StoryPreviewOnCreate
    workflow_action_view_class = story_views.StoryWorkflowAction

    def get_urlpatterns(self) -> list[Any]:
        return [
            *super().get_urlpatterns(),
            *(
                path(
                    f"{verb.name}/<int:pk>/",
                    self.construct_view(VerbView, verb=verb),
                    name=verb.name,
                )
                for verb in VERBS
            ),
        ]
