"""What a person may do with a story: by role, in the offices the story stands under.

Every door of the desk and of the writing API asks here. A story stands under the offices of its
stored text and of its newest draft: any of them in a person's hands lets that person see and write
it; to make something of it public, or to take it away, all must be.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet, TextChoices
from django.utils.translation import gettext_lazy as _

from dateline.people.models import Membership, Role
from dateline.stories.models import Story
from dateline.vocabularies import snapshot


class Action(TextChoices):
    """What can be done with a story at the desk."""

    SEE = "see", _("see drafts")
    WRITE = "write", _("write and edit")
    SUBMIT = "submit", _("submit for review")
    TRANSLATE = "translate", _("translate")
    APPROVE = "approve", _("approve or send back")
    PUBLISH = "publish", _("publish and schedule")
    CORRECT = "correct", _("correct")
    WITHDRAW = "withdraw", _("unpublish, retract, kill, withdraw as out of date")
    SHARE = "share", _("show embargoed stories ahead")
    DELETE = "delete", _("delete drafts")


_WRITING = (Action.SEE, Action.WRITE, Action.SUBMIT, Action.TRANSLATE)
_EDITING = (*_WRITING, Action.APPROVE, Action.PUBLISH, Action.CORRECT)
_LEADING = (*_EDITING, Action.WITHDRAW, Action.SHARE, Action.DELETE)

ALLOWED: dict[Role, frozenset[Action]] = {
    Role.CONTRIBUTOR: frozenset(_WRITING),
    Role.EDITOR: frozenset(_EDITING),
    Role.CHIEF_EDITOR: frozenset(_LEADING),
    Role.ADMINISTRATOR: frozenset(_LEADING),
}
"""Which role may do what; the administrator does it everywhere, and keeps terms and people."""

OF_ANY = frozenset({Action.SEE, Action.WRITE, Action.SUBMIT, Action.TRANSLATE})
"""What one of a story's offices suffices for; for all else every one must be the person's."""


def is_administrator(user: Any) -> bool:
    """Whether a person keeps the newsroom: its terms, people and settings."""
    held = {role for role, _office in _held(user)}
    return bool(user.is_active and (user.is_superuser or Role.ADMINISTRATOR in held))


def administrators() -> QuerySet[Any]:
    """The people who keep the newsroom."""
    people = get_user_model().objects.filter(is_active=True)
    keeping = Membership.objects.filter(role=Role.ADMINISTRATOR).values("user")
    return people.filter(Q(pk__in=keeping) | Q(is_superuser=True))


def offices(user: Any, action: Action) -> frozenset[int] | None:
    """The keys of the offices a person may do this in, those below included; None: everywhere."""
    if not user.is_active:
        return frozenset()
    if user.is_superuser:
        return None
    able = roles(action)
    held = [office for role, office in _held(user) if role in able]
    families = snapshot.current().families["office"]
    found: set[int] = set()
    for office in held:
        if office is None:
            return None
        found |= families.get(office, frozenset((office,)))
    return frozenset(found)


def seat(user: Any, action: Action) -> int | None:
    """The key of the one office a person may do this in by name; None where it is not one."""
    able = roles(action)
    held = {office for role, office in _held(user) if role in able}
    return held.pop() if len(held) == 1 and not user.is_superuser else None


def roles(action: Action) -> list[Role]:
    """The roles that may do this."""
    return [role for role, allowed in ALLOWED.items() if action in allowed]


def may(user: Any, action: Action, story: Story) -> bool:
    """Whether a person may do this with a story as it stands now."""
    return _may(user, action, story, standing(story))


def _may(user: Any, action: Action, story: Story, own: frozenset[int]) -> bool:
    mine = offices(user, action)
    if mine is None:
        return True
    if not own:
        return bool(mine) and story_is_by(story, user)
    return not mine.isdisjoint(own) if action in OF_ANY else mine.issuperset(own)


def require(user: Any, action: Action, story: Story) -> None:
    """Raise PermissionDenied, with a sentence for the person, unless they may."""
    if not may(user, action, story):
        raise PermissionDenied(
            _("Your role does not let you do this with stories of this office: %(action)s.")
            % {"action": action.label}
        )


def visible(stories: QuerySet[Story], user: Any) -> QuerySet[Story]:
    """Those of the stories that the desk may show to a person."""
    mine = offices(user, Action.SEE)
    if mine is None:
        return stories
    if not mine:
        return stories.none()
    of_mine = Story.offices.through.objects.filter(office_id__in=mine).values("story_id")
    lone = ~Q(pk__in=Story.offices.through.objects.values("story_id")) & Q(
        latest_revision__user=user
    )
    return stories.filter(Q(pk__in=of_mine) | lone)


def those_who(action: Action, story: Story) -> QuerySet[Any]:
    """The active people who may do this with a story."""
    people = get_user_model().objects.filter(is_active=True)
    able = Q(is_superuser=True) | Q(memberships__role__in=roles(action))
    own, found = standing(story), []
    for user in people.filter(able).distinct().prefetch_related("memberships"):
        user.__dict__[_KEPT] = [(held.role, held.office_id) for held in user.memberships.all()]
        if _may(user, action, story, own):
            found.append(user.pk)
    return people.filter(pk__in=found)


def standing(story: Story) -> frozenset[int]:
    """The offices a story stands under: its stored text's and its newest draft's."""
    links = Story.offices.through.objects.filter(story_id=story.pk)
    stored = _keys(links.values_list("office_id", flat=True)) if story.pk else set()
    draft = story.latest_revision
    return frozenset(stored | (_keys(draft.content.get("offices", ())) if draft else set()))


def story_is_by(story: Story, user: Any) -> bool:
    """Whether a story that no office has yet was written by this person."""
    draft = story.latest_revision
    return draft is None or draft.user_id == user.pk


def _keys(values: Iterable[Any]) -> set[int]:
    return {int(value) for value in values}


def _held(user: Any) -> list[tuple[str, int | None]]:
    """(role, office) of each membership; read once for an object, which lives for a request."""
    if user.pk is None:
        return []
    if (kept := user.__dict__.get(_KEPT)) is None:
        kept = list(Membership.objects.filter(user=user).values_list("role", "office_id"))
        user.__dict__[_KEPT] = kept
    return list(kept)


_KEPT = "_memberships_held"
