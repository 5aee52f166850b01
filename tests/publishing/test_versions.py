"""A version is what the public saw."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from build import draft, genre, office, published, topic
from django.contrib.auth import get_user_model
from django.core.files.base import ContentFile
from django.utils import timezone
from PIL import Image
from wagtail.documents.models import Document

from dateline.publishing import verbs, versions
from dateline.publishing.models import Version
from dateline.stories.models import Contact, Picture, Story, StoryDocument, StoryPicture

pytestmark = pytest.mark.django_db


def one_pixel() -> bytes:
    file = BytesIO()
    Image.new("RGB", (1, 1)).save(file, "PNG")
    return file.getvalue()


def last(story: Story) -> tuple[Version, dict[str, Any]]:
    version = story.versions.order_by("number").last()
    assert version is not None
    return version, versions.read(version)


def test_a_version_holds_the_whole_public_text() -> None:
    vienna, media, news = office("vienna"), topic("media"), genre("news")
    contact = Contact.objects.create(name="Ada")
    other = published("Court opened")
    story = draft(
        "Court opens",
        offices=(vienna,),
        topics=(media,),
        genre=news,
        summary="Lead",
        body="<p>Text</p>",
        dateline="VIENNA",
        byline="Ada",
        location="Vienna",
        translation_note="Unofficial",
    )
    picture = Picture.objects.create(
        title="p", description="A court", file=ContentFile(one_pixel(), "p.png")
    )
    document = Document.objects.create(title="Report", file=ContentFile(b"x", "r.pdf"))
    story.pictures.add(StoryPicture(picture=picture, caption="Court"))
    story.documents.add(StoryDocument(document=document))
    story.contacts.add(contact)
    story.related.add(other)
    verbs.publish(story)
    _, said = last(story)
    assert said == {
        "headline": "Court opens",
        "summary": "Lead",
        "body": "<p>Text</p>",
        "dateline": "VIENNA",
        "notes_to_editors": "",
        "boilerplate": False,
        "byline": "Ada",
        "location": "Vienna",
        "translation_note": "Unofficial",
        "published_on": "2024-03-15",
        "published_at": None,
        "genre": news.pk,
        "offices": [vienna.pk],
        "topics": [media.pk],
        "pictures": [{"picture": picture.pk, "caption": "Court", "alt": "A court"}],
        "documents": [{"document": document.pk, "title": "Report"}],
        "contacts": [contact.pk],
        "related": [other.pk],
        "visible_from": "2024-03-15T00:00:00+01:00",
        "expires": None,
    }


def test_versions_count_up_and_stay_as_they_were() -> None:
    story = published("Court opens")
    story.headline = "Court opens doors"
    verbs.publish(story)
    said = [versions.read(version)["headline"] for version in story.versions.order_by("number")]
    assert said == ["Court opens", "Court opens doors"]
    assert [version.number for version in story.versions.order_by("number")] == [1, 2]


def test_a_draft_leaves_no_version() -> None:
    story = published("Court opens")
    story.headline = "Court opens doors"
    story.save_revision()
    assert story.versions.count() == 1


def test_a_scheduled_text_is_no_version_until_it_is_public() -> None:
    story = draft("Court opens")
    verbs.schedule(story, timezone.now() + timedelta(days=1))
    assert not story.versions.exists()


def test_a_withdrawal_records_the_public_text_not_the_draft() -> None:
    story = published("Court opens")
    story.headline = "A draft nobody saw"
    story.save_revision()
    verbs.kill(Story.objects.get(pk=story.pk), "It was not so.")
    version, said = last(story)
    assert (version.note, said["headline"]) == ("It was not so.", "Court opens")


def test_who_and_when() -> None:
    officer = get_user_model().objects.create_user("officer")
    before = timezone.now()
    story = draft("Court opens")
    verbs.publish(story, user=officer)
    version, _ = last(story)
    assert version.by == officer
    assert before <= version.at <= timezone.now()
    officer.delete()
    assert last(story)[0].by is None


def test_a_published_date_is_recorded_as_it_was_then() -> None:
    story = published("Court opens", published=date(2016, 3, 14))
    story.given_date = date(2016, 3, 15)
    verbs.publish(story)
    dates = [
        versions.read(version)["published_on"] for version in story.versions.order_by("number")
    ]
    assert dates == ["2016-03-14", "2016-03-15"]


def test_a_deleted_story_takes_its_versions_along() -> None:
    story = published("Court opens")
    verbs.delete(story)
    assert not Version.objects.exists()
