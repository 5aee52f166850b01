"""What the desk says of a story taken back, and of its texts in other languages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from dateline.lib import languages
from dateline.people import rights
from dateline.people.rights import Action
from dateline.publishing import visibility
from dateline.publishing.models import Version
from dateline.publishing.releases import ENDS
from dateline.stories.models import State, Story

_OWN: dict[str, Promise] = {
    State.OUT_OF_DATE: _("This story was marked as out of date on %(date)s."),
    State.RETRACTED: _("This story was retracted on %(date)s."),
    State.KILLED: _("This story was killed on %(date)s."),
}
_OF_THE_ORIGINAL: dict[str, Promise] = {
    State.OUT_OF_DATE: _("The original (%(language)s) was marked as out of date on %(date)s."),
    State.RETRACTED: _("The original (%(language)s) was retracted on %(date)s."),
    State.KILLED: _("The original (%(language)s) was killed on %(date)s."),
}


@dataclass(frozen=True, slots=True)
class Ending:
    """That a text was taken back, and the note its readers are shown."""

    said: str
    note: str
    language: str


def endings(story: Story, original: Story, user: Any) -> Iterator[Ending]:
    """That a story was taken back; of a translation also that its original was.

    Of an original the person may not see, only what every reader is told.
    """
    if ending := _ending(story, _OWN):
        yield ending
    if original.pk == story.pk or not (rights.may(user, Action.SEE, original) or _told(original)):
        return
    if ending := _ending(original, _OF_THE_ORIGINAL):
        yield ending


def _ending(story: Story, words: dict[str, Promise]) -> Ending | None:
    if story.state not in ENDS:
        return None
    notices = Version.objects.filter(story=story, kind=ENDS[State(story.state)])
    notice = notices.order_by("-number").first()
    if notice is None:
        return None
    date = date_format(timezone.localtime(notice.at), "DATE_FORMAT")
    name = languages.endonym(story.language)
    said = str(words[story.state]) % {"date": date, "language": name}
    return Ending(said, notice.note, story.language)


def _told(story: Story) -> bool:
    same = Story.objects.filter(pk=story.pk)
    return visibility.readable(same).exists() or visibility.killed(same).exists()


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
