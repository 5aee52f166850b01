"""When each text last changed for the public."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from build import draft, published
from django.utils import timezone

from dateline.publishing import schedule, verbs
from dateline.publishing.models import Change, Datestamp
from dateline.stories.models import Story

pytestmark = pytest.mark.django_db


def _at(story: Story) -> datetime | None:
    return Datestamp.objects.filter(story_id=story.pk).values_list("at", flat=True).first()


def _last_change(pk: int) -> datetime:
    return Change.objects.filter(story_id=pk).latest("sequence").at


def test_every_change_for_the_public_is_dated() -> None:
    story = published("A story")
    first = _at(story)
    assert first == _last_change(story.pk)
    for verb in (
        lambda: verbs.correct(story, "It was Monday"),
        lambda: verbs.unpublish(story),
        lambda: verbs.publish(story),
        lambda: verbs.retract(story, "It was not so"),
        lambda: verbs.kill(story, "Must not be used"),
    ):
        before = _at(story)
        verb()
        assert _at(story) == _last_change(story.pk)
        assert before is not None
        assert _at(story) > before  # type: ignore[operator]


def test_a_deleted_story_keeps_its_date() -> None:
    story = published("A story")
    pk = story.pk
    story.delete()
    assert Datestamp.objects.get(story_id=pk).at == _last_change(pk)


def test_what_is_not_public_has_no_date_until_its_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    never = draft("Never")
    embargoed = draft("Embargoed")
    embargoed.embargoed_until = timezone.now() + timedelta(hours=1)
    verbs.publish(embargoed)
    deleted = draft("Deleted under embargo")
    deleted.embargoed_until = timezone.now() + timedelta(hours=1)
    verbs.publish(deleted)
    deleted.delete()
    never.delete()
    assert not Datestamp.objects.exists()

    later: Any = timezone.now() + timedelta(hours=2)
    monkeypatch.setattr(timezone, "now", lambda: later)
    schedule.run()
    assert [stamp.story_id for stamp in Datestamp.objects.all()] == [embargoed.pk]
    assert _at(embargoed) == later
