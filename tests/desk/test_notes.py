"""Notes and assignments: who is told, who may read, what is late."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from build import draft, office
from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone
from webform import filled

from dateline.desk.notes.models import Note
from dateline.people.models import Membership, Role
from dateline.stories.models import Story

pytestmark = pytest.mark.django_db


@pytest.fixture
def story(db: None) -> Story:
    return draft("Court opens", offices=(office("vienna", "Vienna"),))


def member(name: str, slug: str, role: Role = Role.CONTRIBUTOR) -> Any:
    person = get_user_model().objects.create_user(name, f"{name}@example.org", "a long pass phrase")
    place = story_office if (story_office := _office(slug)) else None
    Membership.objects.create(user=person, role=role, office=place)
    return person


def _office(slug: str) -> Any:
    from dateline.vocabularies.models import Office

    return Office.objects.filter(slug=slug).first() or office(slug)


def page(client: Client, story: Story) -> str:
    return client.get(f"/desk/notes/{story.pk}/").content.decode()


def write(client: Client, story: Story, **given: Any) -> str:
    address = f"/desk/notes/{story.pk}/"
    answer = client.post(address, filled(client, address, **given), follow=True)
    return answer.content.decode()


def signed_in(person: Any) -> Client:
    client = Client()
    client.force_login(person)
    return client


def test_somebody_is_asked_told_and_says_that_it_is_done(
    desk: Client, story: Story, mailoutbox: list[Any]
) -> None:
    anna = member("anna", "vienna")
    write(desk, story, text="Please add <the clerk>.", person=anna.pk, due="2035-06-01 12:00")
    [letter] = mailoutbox
    assert letter.to == ["anna@example.org"]
    assert letter.subject == "For you: Court opens"
    assert "Please add <the clerk>." in letter.body
    hers = signed_in(anna)
    home = hers.get("/desk/").content.decode()
    assert "Assigned to me" in home
    assert "Please add &lt;the clerk&gt;." in home
    assert "1 note" in hers.get(f"/desk/stories/edit/{story.pk}/").content.decode()
    note = Note.objects.get()
    hers.post(f"/desk/notes/{story.pk}/", {"done": note.pk})
    assert "Assigned to me" not in hers.get("/desk/").content.decode()
    assert hers.post(f"/desk/notes/{story.pk}/", {"done": note.pk}).status_code == 404


def test_what_is_late_says_so(desk: Client, officer: Any, story: Story) -> None:
    late = timezone.now() - timedelta(hours=1)
    Note.objects.create(story=story, by=officer, text="Call them", person=officer, due=late)
    assert "late" in desk.get("/desk/").content.decode().partition("Assigned to me")[2][:2000]


def test_only_who_works_on_the_story_is_asked_and_reads(
    desk: Client, story: Story, mailoutbox: list[Any]
) -> None:
    yusuf = member("yusuf", "tunis", Role.CHIEF_EDITOR)
    assert "valid choice" in write(desk, story, text="For you", person=yusuf.pk)
    assert "Who is to do it" in write(desk, story, text="Soon", due="2035-06-01 12:00")
    write(desk, story, text="Between us")
    assert mailoutbox == []
    theirs = signed_in(yusuf)
    assert theirs.get(f"/desk/notes/{story.pk}/").status_code == 404
    assert theirs.post(f"/desk/notes/{story.pk}/", {"text": "Me too"}).status_code == 404
    assert [note.text for note in Note.objects.all()] == ["Between us"]


def test_an_assignment_ends_to_be_seen_when_the_story_changes_hands(
    desk: Client, story: Story
) -> None:
    anna = member("anna", "vienna")
    write(desk, story, text="Please add the clerk", person=anna.pk)
    story.offices.set([_office("tunis")])
    story.save()
    assert "Please add" not in signed_in(anna).get("/desk/").content.decode()


def test_people_who_leave_leave_their_notes(desk: Client, story: Story) -> None:
    anna = member("anna", "vienna")
    write(signed_in(anna), story, text="Checked")
    anna.delete()
    assert "Somebody" in page(desk, story)
    assert "Checked" in page(desk, story)
