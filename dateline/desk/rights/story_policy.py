"""What Wagtail asks about stories, answered by `dateline.people.rights`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import QuerySet
from wagtail.permission_policies import ModelPermissionPolicy

from dateline.people import rights
from dateline.people.rights import Action
from dateline.stories.models import Story

MEANT: dict[str, Action] = {
    "view": Action.SEE,
    "add": Action.WRITE,
    "change": Action.WRITE,
    "lock": Action.WRITE,
    "unlock": Action.APPROVE,
    "publish": Action.PUBLISH,
    "delete": Action.DELETE,
}
"""Wagtail's names for what can be done with a model, and ours."""


class StoryPolicy(ModelPermissionPolicy):
    """Roles in offices instead of permissions that count everywhere."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        """Whether there is an office where the person may; views ask about stories besides."""
        mine = rights.offices(user, MEANT[action]) if action in MEANT else frozenset()
        return mine is None or bool(mine)

    def user_has_any_permission(self, user: Any, actions: Iterable[str]) -> bool:
        return any(self.user_has_permission(user, action) for action in actions)

    def user_has_permission_for_instance(self, user: Any, action: str, instance: Story) -> bool:
        return action in MEANT and rights.may(user, MEANT[action], instance)

    def user_has_any_permission_for_instance(
        self, user: Any, actions: Iterable[str], instance: Story
    ) -> bool:
        return any(
            self.user_has_permission_for_instance(user, action, instance) for action in actions
        )

    def instances_user_has_any_permission_for(
        self, user: Any, actions: Iterable[str]
    ) -> QuerySet[Story]:
        return rights.visible(Story.objects.all(), user)

    def users_with_any_permission(self, actions: Iterable[str]) -> QuerySet[Any]:
        people = get_user_model().objects.filter(is_active=True)
        asked = [user.pk for user in people if self.user_has_any_permission(user, actions)]
        return people.filter(pk__in=asked)
