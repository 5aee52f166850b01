"""What Django is asked about stories, answered by the memberships.

Wagtail's buttons ask `user.has_perm("stories.publish_story")`. No group holds that permission:
what a person may do with a story depends on its offices.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest

from dateline.desk.rights.story_policy import MEANT, StoryPolicy
from dateline.stories.models import Story

_BUTTONS = {"action-publish": "publish", "action-unpublish": "publish"}


class Memberships(BaseBackend):
    """Permissions of stories: the person has them if there is an office where they may."""

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        action = perm.removeprefix("stories.").removesuffix("_story")
        if perm != f"stories.{action}_story" or action not in MEANT or not user_obj.is_active:
            return False
        policy = StoryPolicy(Story)
        if isinstance(obj, Story):
            return policy.user_has_permission_for_instance(user_obj, action, obj)
        return policy.user_has_permission(user_obj, action)


def fit_buttons(items: list[Any], request: HttpRequest, context: dict[str, Any]) -> None:
    """Take away the buttons that would be refused for this story (Wagtail asks for any story)."""
    story = context.get("instance")
    if story is None:
        return
    policy = StoryPolicy(Story)
    items[:] = [
        item
        for item in items
        if item.name not in _BUTTONS
        or policy.user_has_permission_for_instance(request.user, _BUTTONS[item.name], story)
    ]
