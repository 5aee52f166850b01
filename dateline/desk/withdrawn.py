"""What the desk says of a story taken back, and of its texts in other languages."""

from __future__ import annotations

from typing import Any

from dateline.people import rights
from dateline.people.rights import Action
from dateline.publishing import visibility
from dateline.stories.models import Story


def others(story: Story, user: Any) -> list[Story]:
    """The texts in other languages that readers can read, or will when a moment has come.

    Those not public yet are only named to who may see them.
    """
    texts = story.get_translations().select_related("locale").order_by("locale__language_code")
    return [
        text
        for text in texts
        if visibility.is_text(text)
        or (visibility.is_ahead(text) and rights.may(user, Action.SEE, text))
    ]
