"""What of a story goes into the index, and which stories do."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from build import draft, genre, office, published, topic
from django.utils import timezone

from dateline.archive import document
from dateline.archive.engines.base import Document
from dateline.publishing import verbs
from dateline.stories.models import Story

pytestmark = pytest.mark.django_db
VIENNA = ZoneInfo("Europe/Vienna")


def _one(story: Story) -> Document:
    (found,) = document.documents([story.pk])
    return found


def test_a_document_holds_text_and_direct_terms() -> None:
    above = office("vienna")
    below = office("press", parent=above)
    law, kind = topic("law"), genre("statement")
    story = published(
        "Court opens",
        language="fr",
        summary="A lead",
        body="<p>One &amp; two</p><p>three<br>four</p>",
        offices=(below,),
        topics=(law,),
        genre=kind,
    )
    found = _one(story)
    assert (found.id, found.number, found.language) == (story.pk, story.number, "fr")
    assert (found.headline, found.summary) == ("Court opens", "A lead")
    assert found.body.split() == ["One", "&", "two", "three", "four"]
    assert found.facets == {
        "language": ("fr",),
        "genre": (str(kind.pk),),
        "office": (str(below.pk),),
        "topic": (str(law.pk),),
    }


def test_a_date_without_a_time_is_its_days_start_in_the_newsrooms_zone() -> None:
    dated = _one(published("Dated", published=date(2024, 7, 1)))
    timed = _one(published("Timed", published=datetime(2024, 1, 1, 14, 30)))  # noqa: DTZ001 - desk time
    assert dated.instant == datetime(2024, 7, 1, tzinfo=VIENNA).timestamp()
    assert timed.instant == datetime(2024, 1, 1, 14, 30, tzinfo=VIENNA).timestamp()


def test_expiry_is_part_of_the_document_and_ends_it() -> None:
    ends = timezone.now() + timedelta(hours=1)
    story = published("Ends soon", expire_at=ends)
    assert _one(story).expires == int(ends.timestamp())
    later = list(document.documents([story.pk], at=ends + timedelta(seconds=1)))
    assert later == []


def test_only_what_may_be_listed_becomes_a_document(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(document, "BATCH", 2)  # so that a whole batch is not public
    tomorrow = timezone.now() + timedelta(days=1)
    draft("Draft")
    draft("Another draft")
    public = [published(f"Public {n}") for n in range(3)]
    published("Future", published=date(2190, 1, 1))
    published("Embargoed", embargoed_until=tomorrow)
    verbs.unpublish(published("Unpublished"))
    verbs.retract(published("Retracted"), "An error")
    verbs.kill(published("Killed"), "Must not be used")
    verbs.delete(published("Deleted"))
    assert [found.id for found in document.every_document()] == [story.pk for story in public]
    later = document.every_document(tomorrow + timedelta(seconds=1))
    assert "Embargoed" in [found.headline for found in later]


def test_a_draft_of_a_published_story_stays_out() -> None:
    story = published("Court opens")
    story.headline = "Court opens doors"
    story.save_revision()
    assert _one(story).headline == "Court opens"
