"""Telling readers when what they were told of an embargo no longer holds."""

from __future__ import annotations

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from dateline.embargo import letters
from dateline.embargo.models import Reader
from dateline.publishing import visibility
from dateline.stories.models import State


def carry() -> bool:
    """Tell one reader whose embargo was moved or called off; True when more wait.

    What was told is noted before the letter is sent: one lost with a dead mail server is shown by
    the room itself, and nobody gets the same letter twice.
    """
    reader = _waiting().select_related("story").first()
    if reader is None:
        return False
    ahead = visibility.is_ahead(reader.story)
    reader.told_until = reader.story.visible_from if ahead else None
    reader.save(update_fields=["told_until"])
    letters.write(reader, "moved" if ahead else "called-off", {})
    return _waiting().exists()


def _waiting() -> QuerySet[Reader]:
    """Those with a link that opens the room, or did until the story was withdrawn.

    An embargo that ended by the clock is no news: the link leads to the public page by then.
    """
    now = timezone.now()
    moved = Q(story__state=State.PUBLISHED, story__visible_from__gt=now) & ~Q(
        told_until=F("story__visible_from")
    )
    called_off = Q(told_until__gt=now) & ~Q(story__state=State.PUBLISHED)
    valid = Reader.objects.filter(revoked_at=None).exclude(expires_at__lte=now)
    return valid.filter(moved | called_off).order_by("pk")
