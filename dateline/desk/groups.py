"""One of Wagtail's groups for each role, holding what Wagtail asks for apart from stories.

What a person may do with a story is asked of `dateline.people.rights` alone. The groups are made
once, and what an administrator changes in them afterwards stays changed; who is in them follows
from the memberships.
"""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from wagtail.models import Collection, GroupApprovalTask, GroupCollectionPermission
from wagtail.snippets.models import create_extra_permissions

from dateline.people.models import Membership, Role

NAMES: dict[Role, str] = {
    Role.CONTRIBUTOR: "Contributors",
    Role.EDITOR: "Editors",
    Role.CHIEF_EDITOR: "Chief editors",
    Role.ADMINISTRATOR: "Administrators",
}

_APPS = (
    *("stories", "vocabularies", "webhooks", "alerts", "auth", "desk", "people"),
    "simple_translation",
    *("wagtailadmin", "wagtailcore", "wagtailimages", "wagtaildocs"),
)
_WRITING = (
    "wagtailadmin.access_admin",
    "simple_translation.submit_translation",
    *(f"stories.{verb}_contact" for verb in ("add", "change")),
)
_LEADING = (*_WRITING, "stories.delete_contact")
_KEEPING = (
    *_LEADING,
    *(
        f"vocabularies.{verb}_{term}"
        for term in ("office", "topic", "genre")
        for verb in ("add", "change", "delete")
    ),
    *(f"webhooks.{verb}_endpoint" for verb in ("add", "change", "delete", "view")),
    "alerts.run_alerts",
    *(f"people.{verb}_membership" for verb in ("add", "change", "delete")),
    *(f"desk.{verb}_review" for verb in ("add", "change", "delete")),
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

_HELD: dict[Role, tuple[tuple[str, ...], tuple[str, ...]]] = {
    Role.CONTRIBUTOR: (_WRITING, _MEDIA),
    Role.EDITOR: (_WRITING, _MEDIA),
    Role.CHIEF_EDITOR: (_LEADING, _MEDIA),
    Role.ADMINISTRATOR: (_KEEPING, (*_MEDIA, *_COLLECTIONS)),
}
"""What each role may do besides stories: everywhere, and in the library's collections."""


def create(using: str = "default") -> None:
    """Make the groups that do not exist yet, with their permissions."""
    if Group.objects.using(using).filter(name=NAMES[Role.ADMINISTRATOR]).exists():
        return
    # This runs before the applications listed behind the desk have been given theirs.
    for label in _APPS:
        create_permissions(apps.get_app_config(label), verbosity=0, using=using)
    create_extra_permissions(apps.get_app_config("wagtailsnippets"), using=using)
    with transaction.atomic(using=using):
        _remove_wagtails_groups(using)
        for role, (everywhere, in_collections) in _HELD.items():
            _group(NAMES[role], everywhere, in_collections, using)


def follow(user: Any) -> None:
    """Put a person into the groups of the roles they have, and take them out of the others."""
    held = set(Membership.objects.filter(user=user).values_list("role", flat=True))
    groups = {group.name: group for group in Group.objects.filter(name__in=NAMES.values())}
    for role, name in NAMES.items():
        if name in groups:
            (user.groups.add if role in held else user.groups.remove)(groups[name])


def _group(
    name: str, everywhere: tuple[str, ...], in_collections: tuple[str, ...], using: str
) -> None:
    group, _ = Group.objects.using(using).get_or_create(name=name)
    group.permissions.add(*(_permission(path, using) for path in everywhere))
    # A flushed database has lost the one Wagtail's migrations made.
    root = Collection.get_first_root_node() or Collection.add_root(name="Root")
    for path in in_collections:
        GroupCollectionPermission.objects.using(using).get_or_create(
            group=group, collection=root, permission=_permission(path, using)
        )


def _permission(path: str, using: str) -> Permission:
    label, codename = path.split(".")
    return Permission.objects.using(using).get(content_type__app_label=label, codename=codename)


def _remove_wagtails_groups(using: str) -> None:
    """Wagtail's empty groups, and its approval task, which asks groups and not offices."""
    unused = Group.objects.using(using).filter(name__in=_WAGTAILS, user__isnull=True)
    GroupApprovalTask.objects.using(using).filter(groups__in=unused).delete()
    unused.delete()
