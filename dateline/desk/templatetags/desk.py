"""What the desk's templates say about the newsroom."""

from typing import Any

from django import template
from django.conf import settings
from django.utils.translation import get_language

from dateline.lib import languages, newsroom
from dateline.people import rights
from dateline.people.rights import Action

register = template.Library()
register.filter("endonym", languages.endonym)


@register.simple_tag
def newsroom_name() -> str:
    """The newsroom's name in the desk's language."""
    return newsroom.say(settings.NEWSROOM.name, get_language() or "en")


@register.simple_tag
def writes(user: Any) -> bool:
    """Whether this person writes stories in any office."""
    mine = rights.offices(user, Action.WRITE)
    return mine is None or bool(mine)
