"""What Wagtail's admin is told about this newsroom's desk."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.auth import require_admin_access
from wagtail.admin.menu import MenuItem
from wagtail.admin.search import SearchArea
from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet

from dateline.desk import body, home, library, moments
from dateline.desk.audit import export, recording
from dateline.desk.audit.page import Log
from dateline.desk.bulk import DeleteDrafts
from dateline.desk.contacts import ContactViewSet
from dateline.desk.notes import views as notes
from dateline.desk.over_time import views as over_time
from dateline.desk.planning import views as planning
from dateline.desk.rights import backend
from dateline.desk.rights.memberships import MembershipViewSet
from dateline.desk.rights.story_policy import StoryPolicy
from dateline.desk.signin import people as signing_in
from dateline.desk.stories import StoryViewSet
from dateline.desk.translations import together
from dateline.desk.translations import views as translations
from dateline.desk.translations.listing import Translations
from dateline.desk.vocabulary import VocabularyGroup
from dateline.people import rights
from dateline.people.rights import Action
from dateline.stories.models import Story

PAGES_ONLY = {"explorer", "locked-pages", "aging-pages", "page-types-usage", "editor-guide"}
"""Entries for a tree of pages, or for the world outside."""

SETTLED = {"sites", "locales", "redirects", "search-terms", "promoted-search-results"}
"""Settings that come from the newsroom's file instead of from the desk."""

LATE = 1000
"""An order behind Wagtail's own hooks, so that ours have the last word."""


moments.register()  # before any form is made
register_permission_policy(Story, StoryPolicy(Story))  # before the snippet takes the usual one
library.register()
register_snippet(StoryViewSet)
hooks.register("register_bulk_action", DeleteDrafts, order=LATE)
hooks.register("construct_snippet_action_menu", backend.fit_buttons, order=LATE)
hooks.register("register_user_listing_buttons", signing_in.button)
for _entry in (signing_in.factors_entry, signing_in.sessions_entry):
    hooks.register("register_account_menu_item", _entry)


@hooks.register("register_admin_viewset")  # type: ignore[untyped-decorator]
def register_viewsets() -> list[Any]:
    return [VocabularyGroup(), ContactViewSet(), MembershipViewSet()]


@hooks.register("register_admin_urls")  # type: ignore[untyped-decorator]
def register_urls() -> list[Any]:
    return [
        path("planning/", planning.month, name="desk_planning"),
        path("reports/audit.<str:ending>", require_admin_access(export.export), name="desk_audit"),
        path("reports/log/", Log.as_view(), name="desk_log"),
        path("reports/log/results/", Log.as_view(results_only=True), name="desk_log_results"),
        path("translations/", Translations.as_view(), name="desk_all_translations"),
        path(
            "translations/results/",
            Translations.as_view(results_only=True),
            name="desk_all_translations_results",
        ),
        path("translations/<int:pk>/", translations.overview, name="desk_translations"),
        path(
            "translations/<int:pk>/<str:language>/file.<str:ending>",
            translations.file,
            name="desk_translation_file",
        ),
        path(
            "translations/<int:pk>/<str:language>/",
            translations.side_by_side,
            name="desk_translate",
        ),
        path("translations/<int:pk>/together/<str:name>/", together.together, name="desk_together"),
        path("notes/<int:pk>/", notes.notes, name="desk_notes"),
        path("over-time/<str:facet>/<int:pk>/", over_time.overview, name="desk_over_time"),
        path(
            "over-time/<str:facet>/<int:pk>/<str:name>/", over_time.act, name="desk_over_time_act"
        ),
        path("planning/address/", planning.address, name="desk_calendar_address"),
    ]


@hooks.register("register_admin_menu_item")  # type: ignore[untyped-decorator]
def register_planning() -> Any:
    return MenuItem(
        _("Planning"), reverse("desk_planning"), name="planning", icon_name="calendar", order=150
    )


class TranslationsItem(MenuItem):
    """For those who may translate somewhere."""

    def is_shown(self, request: HttpRequest) -> bool:
        mine = rights.offices(request.user, Action.TRANSLATE)
        return mine is None or bool(mine)


@hooks.register("register_admin_menu_item")  # type: ignore[untyped-decorator]
def register_translations() -> Any:
    address = reverse("desk_all_translations")
    name, icon = "translations", "globe"
    return TranslationsItem(_("Translations"), address, name=name, icon_name=icon, order=160)


class LogItem(MenuItem):
    """Wagtail offers its report to who may edit pages, of which there are none."""

    def is_shown(self, request: HttpRequest) -> bool:
        return rights.is_administrator(request.user)


@hooks.register("register_reports_menu_item", order=LATE)  # type: ignore[untyped-decorator]
def register_log() -> Any:
    return LogItem(Log.page_title, reverse("desk_log"), name="desk-log", icon_name="history")


@hooks.register("register_log_actions")  # type: ignore[untyped-decorator]
def register_log_actions(actions: Any) -> None:
    recording.register(actions, {kind.log: kind.button for kind in over_time.KINDS})


@hooks.register("register_rich_text_features", order=LATE)  # type: ignore[untyped-decorator]
def register_features(features: Any) -> None:
    body.register_links(features)
    body.register_parts(features)


@hooks.register("construct_main_menu")  # type: ignore[untyped-decorator]
@hooks.register("construct_settings_menu")  # type: ignore[untyped-decorator]
@hooks.register("construct_reports_menu")  # type: ignore[untyped-decorator]
@hooks.register("construct_help_menu")  # type: ignore[untyped-decorator]
def hide_what_a_newsroom_lacks(request: HttpRequest, items: list[Any]) -> None:
    hidden = PAGES_ONLY | SETTLED
    items[:] = [
        item
        for item in items
        if item.name not in hidden and not item.name.startswith("whats-new-in-wagtail")
    ]


@hooks.register("insert_global_admin_css")  # type: ignore[untyped-decorator]
def stylesheet() -> str:
    return format_html('<link rel="stylesheet" href="{}">', static("desk/desk.css"))


@hooks.register("construct_homepage_panels")  # type: ignore[untyped-decorator]
def arrange_home(request: HttpRequest, panels: list[Any]) -> None:
    home.arrange(panels)


class StorySearch(SearchArea):
    """The search box of the menu looks for stories."""

    def is_shown(self, request: HttpRequest) -> bool:
        return bool(StoryPolicy(Story).user_has_permission(request.user, "change"))


@hooks.register("register_admin_search_area")  # type: ignore[untyped-decorator]
def search_stories() -> SearchArea:
    url = reverse(Story.snippet_viewset.get_url_name("list"))
    return StorySearch(_("Stories"), url, name="stories", icon_name="doc-full", order=1)


@hooks.register("construct_search")  # type: ignore[untyped-decorator]
def hide_page_search(request: HttpRequest, areas: list[Any]) -> None:
    areas[:] = [area for area in areas if area.name != "pages"]
