"""What the desk's templates say about the newsroom."""

from django import template
from django.conf import settings
from django.utils.translation import get_language

from dateline.lib import newsroom

register = template.Library()


@register.simple_tag
def newsroom_name() -> str:
    """The newsroom's name in the desk's language."""
    return newsroom.say(settings.NEWSROOM.name, get_language() or "en")
