"""How to cite a story."""

from __future__ import annotations

from babel.dates import format_date
from django.conf import settings
from django.utils.translation import gettext

from dateline.lib import languages, newsroom
from dateline.stories.models import Story


def cite(story: Story) -> str:
    """Publisher, headline, date and permanent address, in the story's language."""
    room, language = settings.NEWSROOM, story.language
    published = format_date(story.published_on, "long", locale=languages.babel_locale(language))
    return gettext("%(publisher)s: “%(headline)s”, %(date)s, %(address)s") % {
        "publisher": newsroom.say(room.organisation or room.name, language),
        "headline": story.headline.rstrip("."),
        "date": published,
        "address": f"{settings.ORIGIN}/n/{story.number}",
    }
