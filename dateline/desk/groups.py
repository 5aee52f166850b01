"""The two groups a newsroom starts with: press officers and administrators.

They are made once. What an administrator changes in them afterwards stays changed.
"""

from __future__ import annotations

from django.apps import apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from wagtail.models import Collection, GroupApprovalTask, GroupCollectionPermission
from wagtail.snippets.models import create_extra_permissions

PRESS_OFFICERS = "Press officers"
ADMINISTRATORS = "Administrators"

_APPS = (
    *("stories", "vocabularies", "webhooks", "alerts", "auth", "simple_translation"),
    *("wagtailadmin", "wagtailcore", "wagtailimages", "wagtaildocs"),
)
_WRITING = (
    "wagtailadmin.access_admin",
    "simple_translation.submit_translation",
    *(f"stories.{verb}_story" for verb in ("add", "change", "delete", "publish", "lock", "unlock")),
    *(f"stories.{verb}_contact" for verb in ("add", "change", "delete")),
)
_KEEPING = (
    *(
        f"vocabularies.{verb}_{term}"
        for term in ("office", "topic", "genre")
        for verb in ("add", "change", "delete")
    ),
    *(f"webhooks.{verb}_endpoint" for verb in ("add", "change", "delete", "view")),
    "alerts.run_alerts",
    *(f"auth.{verb}_{kind}" for kind in ("user", "group") for verb in ("add", "change", "delete")),
    *(
        f"wagtailcore.{verb}_{kind}"
        for kind in ("workflow", "task")
        for verb in ("add", "change", "delete")
    ),
)
_MEDIA = (
    *(f"wagtailimages.{verb}_image" for verb in ("add", "change", "choose")),
    *(f"wagtaildocs.{verb}_document" for verb in ("add", "change", "choose")),
)
_COLLECTIONS = tuple(f"wagtailcore.{verb}_collection" for verb in ("add", "change", "delete"))
_WAGTAILS = ("Editors", "Moderators")
"""Groups Wagtail makes for a tree of pages, of which a newsroom has none."""


def create(using: str = "default") -> None:
    """Make the groups that do not exist yet, with their permissions."""
    if Group.objects.using(using).filter(name=ADMINISTRATORS).exists():
        return
    # This runs before the applications listed behind the desk have been given theirs.
    for label in _APPS:
        create_permissions(apps.get_app_config(label), verbosity=0, using=using)
    create_extra_permissions(apps.get_app_config("wagtailsnippets"), using=using)
    with transaction.atomic(using=using):
        _group(PRESS_OFFICERS, _WRITING, _MEDIA, using)
        keepers = _group(ADMINISTRATORS, (*_WRITING, *_KEEPING), (*_MEDIA, *_COLLECTIONS), using)
        _replace_wagtails_groups(keepers, using)


def _group(
    name: str, everywhere: tuple[str, ...], in_collections: tuple[str, ...], using: str
) -> Group:
    group, _ = Group.objects.using(using).get_or_create(name=name)
    group.permissions.add(*(_permission(path, using) for path in everywhere))
    # A flushed database has lost the one Wagtail's migrations made.
    root = Collection.get_first_root_node() or Collection.add_root(name="Root")
    for path in in_collections:
        GroupCollectionPermission.objects.using(using).get_or_create(
            group=group, collection=root, permission=_permission(path, using)
        )
    return group


def _permission(path: str, using: str) -> Permission:
    label, codename = path.split(".")
    return Permission.objects.using(using).get(content_type__app_label=label, codename=codename)


def _replace_wagtails_groups(keepers: Group, using: str) -> None:
    """Give Wagtail's approval task to the administrators and drop its empty groups."""
    unused = Group.objects.using(using).filter(name__in=_WAGTAILS, user__isnull=True)
    for task in GroupApprovalTask.objects.using(using).filter(groups__in=unused).distinct():
        task.groups.add(keepers)
    unused.delete()
