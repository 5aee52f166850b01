"""Whose pictures and documents: what belongs to a draft is as secret as the draft.

Seen by everybody at the desk is what a public story shows, what an administrator has put into a
collection, and what came without a person (an import). All else is seen by who uploaded it, by who
may see a story that uses it, and, while no story does, by who works in an office of theirs.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from wagtail.documents import get_document_model
from wagtail.models import Collection
from wagtail.permission_policies.collections import CollectionOwnershipPermissionPolicy
from wagtail.permissions import register_permission_policy

from dateline.people import rights
from dateline.people.models import Membership
from dateline.people.rights import Action
from dateline.publishing import visibility
from dateline.stories.models import Picture, Story, StoryDocument, StoryPicture
from dateline.vocabularies import snapshot

Document = get_document_model()


class LibraryPolicy(CollectionOwnershipPermissionPolicy):
    """Wagtail's rights by collection, for what a person may see at all."""

    def user_has_any_permission_for_instance(self, user: Any, actions: Any, instance: Any) -> bool:
        allowed = super().user_has_any_permission_for_instance(user, actions, instance)
        return bool(allowed and may_see(user, instance))

    def instances_user_has_any_permission_for(self, user: Any, actions: Any) -> QuerySet[Any]:
        return visible(super().instances_user_has_any_permission_for(user, actions), user)


def register() -> None:
    """Before any view asks; Wagtail registers its own for the same models, which counts less."""
    for model, named in ((Picture, "wagtailimages.Image"), (Document, "wagtaildocs.Document")):
        policy = LibraryPolicy(model, auth_model=named, owner_field_name="uploaded_by_user")
        register_permission_policy(model, policy, exact_class=True)


def may_see(user: Any, item: Any) -> bool:
    """Whether a picture or document may be known to a person."""
    return bool(visible(type(item)._default_manager.filter(pk=item.pk), user).exists())


def visible(items: QuerySet[Any], user: Any) -> QuerySet[Any]:
    """Those of the pictures or documents that a person may know of."""
    mine = rights.offices(user, Action.SEE)
    if mine is None:
        return items
    uses, name = (
        (StoryPicture, "picture") if items.model is Picture else (StoryDocument, "document")
    )
    stories = Story.objects.all()
    shown = Q(story__in=rights.visible(stories, user).values("pk")) | Q(
        story__in=visibility.readable(stories).values("pk")
    )
    used = uses._default_manager
    root = Collection.get_first_root_node()
    return items.filter(
        Q(uploaded_by_user=user)
        | Q(uploaded_by_user=None)
        | ~Q(collection=root)
        | Q(pk__in=used.filter(shown).values(name))
        | (~Q(pk__in=used.values(name)) & Q(uploaded_by_user__in=_colleagues(mine)))
    )


def _colleagues(mine: frozenset[int]) -> list[int]:
    """The people with a role in an office of these, or in one that these are part of."""
    families = snapshot.current().families["office"]
    held = Membership.objects.exclude(office=None).values_list("user", "office")
    return [user for user, office in held if mine & families.get(office, frozenset((office,)))]
