"""What stories share changes on every public page that shows it, so followers are told."""

import pytest
from build import draft, published
from django.core.files.base import ContentFile
from wagtail.documents.models import Document
from wagtail.images.tests.utils import get_test_image_file

from dateline.publishing import outbox
from dateline.stories.models import Contact, Picture, Story

pytestmark = pytest.mark.django_db


def _told(before: int) -> list[int | None]:
    return [change.story_id for change in outbox.after(before, 100)]


@pytest.fixture
def stories() -> tuple[Story, Story]:
    return published("Shown"), draft("Not yet")


def test_a_contacts_new_number_is_told(stories: tuple[Story, Story]) -> None:
    contact = Contact.objects.create(name="Press desk")
    for story in stories:
        story.contacts.add(contact)
        story.save()
    before = outbox.head()
    contact.phone = "+43 1 514 36 0"
    contact.save()
    assert _told(before) == [stories[0].pk]
    before = outbox.head()
    contact.delete()
    assert _told(before) == [stories[0].pk]


def test_a_pictures_text_and_a_documents_new_file_are_told(stories: tuple[Story, Story]) -> None:
    picture = Picture.objects.create(title="Talks", file=get_test_image_file())
    paper = Document.objects.create(title="Report", file=ContentFile(b"one", name="report.txt"))
    for story in stories:
        story.pictures.create(picture=picture)
        story.documents.create(document=paper)
        story.save()
    before = outbox.head()
    picture.description = "Two delegations at a round table"
    picture.save()
    assert _told(before) == [stories[0].pk]
    before = outbox.head()
    paper.file = ContentFile(b"two", name="report.txt")
    paper.save()
    assert _told(before) == [stories[0].pk]


def test_what_no_story_shows_is_not_told() -> None:
    before = outbox.head()
    Contact.objects.create(name="Nobody yet").save()
    assert _told(before) == []
