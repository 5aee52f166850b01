"""The verbs: what each does to a story, its versions and the outbox."""

import pytest
from build import draft, published

from dateline.publishing import verbs, visibility
from dateline.publishing.models import Change, Kind
from dateline.stories.models import State, Story

pytestmark = pytest.mark.django_db


def test_publishing_numbers_dates_records_and_announces() -> None:
    story = verbs.publish(draft("Court opens"))
    kept = Story.objects.get(pk=story.pk)
    assert (kept.state, kept.live, kept.number, kept.slug) == (
        State.PUBLISHED,
        True,
        1,
        "court-opens",
    )
    assert [version.kind for version in kept.versions.all()] == [Kind.PUBLICATION]
    assert [change.story_id for change in Change.objects.all()] == [kept.pk]
    assert list(visibility.listed(Story.objects.all())) == [kept]


def test_a_draft_of_a_published_story_changes_nothing_public() -> None:
    story = published("Court opens")
    story.headline = "Court opens doors"
    story.save_revision()
    assert Story.objects.get(pk=story.pk).headline == "Court opens"
