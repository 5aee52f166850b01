"""Every address of the desk, and who may pass it. What is not named here is closed to everyone.

A door is asked before Wagtail's view is, whatever the view itself checks: stock views of snippets
ask for a permission on the model and never about the story (wagtail issue 13314). A door answers
with nothing when the person may pass; raises Http404 for a story they may not know of, and
PermissionDenied for one they see and may not do this with.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from dateline.desk import library
from dateline.people import rights
from dateline.people.rights import Action
from dateline.stories.models import Picture, Story

Given = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Door:
    """What is asked of who comes to an address; `because` says why that suffices."""

    ask: Callable[[HttpRequest, Given], None]
    because: str


def _open(request: HttpRequest, given: Given) -> None:
    """Everybody: the view shows nothing of anybody's work, or filters by itself."""


def _keepers(request: HttpRequest, given: Given) -> None:
    if not rights.is_administrator(request.user):
        raise PermissionDenied(_("Only administrators can open this page."))


def _closed(request: HttpRequest, given: Given) -> None:
    raise Http404


def check(user: Any, story: Story, action: Action) -> None:
    """The one question about a story: 404 where it must not be known, 403 where it may."""
    if not rights.may(user, Action.SEE, story):
        raise Http404
    rights.require(user, action, story)


def _story(
    request: HttpRequest, given: Given, *, read: Action = Action.SEE, write: Action = Action.WRITE
) -> None:
    story = Story.objects.select_related("latest_revision").filter(pk=_key(given["pk"])).first()
    if story is None:
        raise Http404
    check(request.user, story, read if request.method in ("GET", "HEAD") else write)


def _key(value: Any) -> int:
    text = str(value)
    if not text.isdecimal() or len(text) > 18:
        raise Http404
    return int(text)


def _library(request: HttpRequest, given: Given) -> None:
    """A picture or document, by whichever name the address gives its key; lists filter."""
    space = (request.resolver_match.view_name if request.resolver_match else "").partition(":")[0]
    model: Any = Picture if space.startswith("wagtailimages") else library.Document
    names = {"image_id", "document_id", "doc_id", "pk"} & set(given)
    keys = [given[name] for name in names] + request.GET.getlist("id")
    for key in keys:
        item = model.objects.filter(pk=_key(key)).first() if str(key).isdecimal() else None
        if item is not None and not library.may_see(request.user, item):
            raise Http404


Doors = dict[str, Door]

BUTTONS: dict[str, Action] = {
    "action-publish": Action.PUBLISH,
    "action-submit": Action.SUBMIT,
    "action-restart-workflow": Action.SUBMIT,
    "action-cancel-workflow": Action.SUBMIT,
    "action-workflow-action": Action.APPROVE,
}
"""What the buttons of a story's form do besides saving it."""


def _form(request: HttpRequest, given: Given) -> None:
    _story(request, given)
    for button, action in BUTTONS.items():
        if button in request.POST:
            _story(request, given, write=action)


def _new(request: HttpRequest, given: Given) -> None:
    """A new story: somewhere one may write. Whose offices it takes, the form checks."""
    wanted = [action for button, action in BUTTONS.items() if button in request.POST]
    for action in (Action.WRITE, *wanted):
        mine = rights.offices(request.user, action)
        if mine is not None and not mine:
            raise PermissionDenied(_("Your role does not let you write stories."))


def _generic(request: HttpRequest, given: Given) -> None:
    """Addresses that name a model: stories are checked, other models are for administrators."""
    app, model = given["app_label"], given["model_name"]
    if (app, model) != ("stories", "story"):
        try:
            apps.get_model(app, model)
        except LookupError as error:
            raise Http404 from error
        return _keepers(request, given)
    key = given.get("object_id", given.get("pk"))
    if key is not None:
        _story(request, {"pk": key})
    return None


def _bulk(request: HttpRequest, given: Given) -> None:
    """Each of the stories named; those one may not know of are as if they were not there."""
    if (given["app_label"], given["model_name"]) != ("stories", "story"):
        return
    for key in request.GET.getlist("id"):
        if key != "all":
            _story(request, {"pk": key}, read=Action.DELETE, write=Action.DELETE)


def _translators(request: HttpRequest, given: Given) -> None:
    """Who may translate somewhere; the view lists what they may."""
    mine = rights.offices(request.user, Action.TRANSLATE)
    if mine is not None and not mine:
        raise PermissionDenied(_("Your role does not let you translate stories."))


def _translating(request: HttpRequest, given: Given) -> None:
    if (given["app_label"], given["model_name"]) != ("stories", "story"):
        raise Http404
    _story(request, given, read=Action.TRANSLATE, write=Action.TRANSLATE)


def _for(action: Action) -> Callable[[HttpRequest, Given], None]:
    """The same right for looking at a page and for sending it."""
    return partial(_story, read=action, write=action)


def _all(space: str, names: str, ask: Callable[[HttpRequest, Given], None], because: str) -> Doors:
    return {f"{space}:{name}" if space else name: Door(ask, because) for name in names.split()}


_ABOUT = "asks about the story"
_OWN = "lists only what the person may see"
_KEPT = "for administrators"
_NOBODYS = "shows nothing of anybody's work"
_NO_PAGES = "a newsroom has no tree of pages"
_SHOWN = "press contacts, which readers are shown"
_LIBRARY = "asks whether the person may know of the picture or document"
_STORY = "wagtailsnippets_stories_story"
_CHOOSER = "choose choose_results chosen chosen_multiple create"
_VOCABULARIES = ("office", "topic", "genre")
_TERM = "index index_results add edit delete history history_results usage"

SIGN_IN = (
    "account_login account_logout account_inactive account_reauthenticate mfa_index "
    "mfa_authenticate mfa_reauthenticate mfa_activate_totp mfa_deactivate_totp "
    "mfa_view_recovery_codes mfa_generate_recovery_codes mfa_download_recovery_codes "
    "mfa_list_webauthn mfa_add_webauthn mfa_reauthenticate_webauthn mfa_remove_webauthn "
    "mfa_edit_webauthn usersessions_list socialaccount_login_error "
    "socialaccount_login_cancelled openid_connect_login openid_connect_callback"
)

DOORS: Doors = {
    # Stories
    **_all(_STORY, "list list_results", _open, _OWN),
    **_all(_STORY, "add preview_on_add", _new, "asks whether the person writes; the form, where"),
    **_all(_STORY, "edit revisions_revert", _form, _ABOUT),
    **_all(_STORY, "lock unlock", _story, _ABOUT),
    **_all(_STORY, "delete", _for(Action.DELETE), _ABOUT),
    **_all(_STORY, "unpublish out-of-date retract kill", _for(Action.WITHDRAW), _ABOUT),
    **_all("", "embargo_readers", _for(Action.SHARE), _ABOUT),
    **_all("", "desk_notes", _for(Action.SEE), _ABOUT),
    **_all(_STORY, "correct", _for(Action.CORRECT), _ABOUT),
    **_all(_STORY, "update minor", _for(Action.PUBLISH), _ABOUT),
    **_all(_STORY, "revisions_unschedule", _for(Action.PUBLISH), _ABOUT),
    **_all(_STORY, "confirm_workflow_cancellation", _for(Action.SUBMIT), _ABOUT),
    **_all(_STORY, "workflow_action collect_workflow_action_data", _for(Action.APPROVE), _ABOUT),
    **_all(
        _STORY,
        "usage history history_results preview_on_edit revisions_view revisions_compare "
        "workflow_history workflow_history_detail workflow_preview",
        _for(Action.SEE),
        _ABOUT,
    ),
    **_all("wagtailsnippetchoosers_stories_story", _CHOOSER, _closed, "stories go by number"),
    **_all("", "desk_all_translations desk_all_translations_results", _translators, _OWN),
    **_all("", "desk_translations", _story, _ABOUT),
    **_all("", "desk_together", _for(Action.SEE), "asks about each of the story's languages"),
    **_all("", "desk_translate desk_translation_file", _for(Action.TRANSLATE), _ABOUT),
    **_all("simple_translation", "submit_snippet_translation", _translating, _ABOUT),
    **_all("simple_translation", "submit_page_translation", _closed, _NO_PAGES),
    **_all("", "wagtail_bulk_action", _bulk, _ABOUT),
    **_all("wagtailadmin_editing_sessions", "ping", _generic, _ABOUT),
    **_all("wagtailadmin_editing_sessions", "release", _open, "ends one's own session only"),
    **_all("", "wagtailadmin_home desk_planning", _open, _OWN),
    **_all("", "desk_calendar_address", _open, "one's own address only"),
    # The library
    **_all("", "desk_media wagtaildocs_serve", _open, _LIBRARY),
    **_all("wagtailadmin_api:documents", "listing detail find", _keepers, _KEPT),
    **_all("wagtailadmin_api:images", "listing detail find", _keepers, _KEPT),
    **_all(
        "wagtaildocs",
        "index index_results add edit delete add_multiple edit_multiple "
        "create_multiple_from_uploaded_document delete_multiple delete_upload_multiple",
        _library,
        _LIBRARY,
    ),
    **_all(
        "wagtailimages",
        "index index_results edit delete add "
        "add_multiple edit_multiple create_multiple_from_uploaded_image delete_multiple "
        "delete_upload_multiple",
        _library,
        _LIBRARY,
    ),
    **_all("wagtailimages", "url_generator url_generator_output preview", _keepers, _KEPT),
    **_all("wagtaildocs_chooser", _CHOOSER, _library, _LIBRARY),
    **_all("wagtailimages_chooser", f"{_CHOOSER} select_format", _library, _LIBRARY),
    **_all("wagtaildocs", "document_usage", _keepers, "names stories of every office"),
    **_all("wagtailimages", "image_usage", _keepers, "names stories of every office"),
    **_all("wagtailembeds", "chooser chooser_upload", _open, _NOBODYS),
    **_all("contact", "index index_results add edit delete history history_results", _open, _SHOWN),
    **_all("contact", "usage", _keepers, "names stories of every office"),
    # What keeps the newsroom
    **{
        name: door
        for space in (*_VOCABULARIES, "wagtailusers_users", "wagtailusers_groups", "membership")
        for name, door in _all(space, _TERM, _keepers, _KEPT).items()
    },
    **_all("wagtailusers_users", "copy", _closed, "a copy would take memberships along"),
    **_all("webhooks", f"{_TERM} inspect", _keepers, _KEPT),
    **_all("", "webhooks_rotate webhooks_replay alerts_overview alerts_switch", _keepers, _KEPT),
    **_all("wagtailadmin_collections", "index add edit delete set_privacy", _keepers, _KEPT),
    **_all(
        "wagtailadmin_workflows",
        "index index_results add enable disable edit usage usage_results add_task "
        "select_task_type task_index task_index_results edit_task disable_task enable_task "
        "task_chooser task_chooser_results task_chooser_create task_chosen",
        _keepers,
        _KEPT,
    ),
    **_all("wagtailadmin_workflows", "remove", _closed, _NO_PAGES),
    **_all(
        "",
        "wagtailadmin_choose_page wagtailadmin_choose_page_child wagtailadmin_choose_page_search "
        "wagtailadmin_choose_page_chosen_multiple",
        _closed,
        _NO_PAGES,
    ),
    **_all(
        "wagtailadmin_reports",
        "locked_pages locked_pages_results workflow workflow_results workflow_tasks "
        "workflow_tasks_results site_history site_history_results",
        _keepers,
        _KEPT,
    ),
    **_all(
        "",
        "desk_audit desk_log desk_log_results desk_api_tokens desk_person_sign_in",
        _keepers,
        _KEPT,
    ),
    **_all("", "desk_over_time desk_over_time_act", _keepers, _KEPT),
    # One's own sign-in
    **_all("", SIGN_IN, _open, "shows and changes only one's own sign-in"),
    # Without content
    **_all("wagtailsnippets", "index", _open, _NOBODYS),
    **_all(
        "",
        "wagtailadmin_account wagtailadmin_logout wagtailadmin_dismissibles "
        "wagtailadmin_sprite wagtailadmin_login wagtailadmin_password_reset "
        "wagtailadmin_password_reset_done wagtailadmin_password_reset_confirm "
        "wagtailadmin_password_reset_complete wagtailadmin_javascript_catalog "
        "wagtailadmin_tag_autocomplete wagtailadmin_tag_model_autocomplete "
        "wagtailadmin_choose_page_external_link wagtailadmin_choose_page_email_link "
        "wagtailadmin_choose_page_phone_link wagtailadmin_choose_page_anchor_link "
        "wagtailadmin_block_preview "
        "default",
        _open,
        _NOBODYS,
    ),
}
"""View name → its door. `default` answers 404 to what no other address takes."""
