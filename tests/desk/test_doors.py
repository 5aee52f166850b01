"""Every door of the desk, tried by an editor of another office.

The addresses are those the URL resolver knows, Wagtail's among them: one that has no door fails
here, and is closed to everyone until it has one.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from build import draft, office
from desk.rights_tables import NO_TREE, SETTLED, doors_table, rights_table, routes
from django.contrib.auth import get_user_model
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.urls import NoReverseMatch, reverse
from wagtail.documents.models import Document
from wagtail.models import Revision, TaskState, WorkflowState

from dateline.desk.rights.doors import DOORS
from dateline.people.models import Membership, Role
from dateline.stories.models import Contact, Story, StoryDocument, StoryPicture

pytestmark = pytest.mark.django_db

SECRET = "Zyxwvut"
"""Stands in every text of the draft that nobody of another office may see."""

ANYWHERE = ("listing", "detail", "find")


def test_every_address_has_a_door_and_every_door_an_address() -> None:
    names = {name for name, _ in routes()}
    closed = {name for name in names if NO_TREE.match(name) or SETTLED.match(name)}
    assert names - closed - set(DOORS) == set()
    assert set(DOORS) - names == set()


def test_the_page_about_rights_says_the_same() -> None:
    page = (Path(__file__).parents[2] / "docs" / "rights.md").read_text()
    assert rights_table() in page
    assert doors_table() in page


@pytest.fixture
def theirs(db: None, picture: Any) -> Story:
    """A draft of another office, in review, with every part it can have."""
    vienna = office("vienna")
    story = draft(
        f"{SECRET} headline",
        offices=(vienna,),
        summary=f"{SECRET} summary",
        body=f"<p>{SECRET} body</p>",
        byline=SECRET,
    )
    StoryPicture.objects.create(story=story, picture=picture, caption=f"{SECRET} caption")
    document = Document.objects.create(
        title=f"{SECRET} document", file=ContentFile(SECRET.encode(), "paper.txt")
    )
    StoryDocument.objects.create(story=story, document=document)
    writer = get_user_model().objects.create_user("writer")
    Membership.objects.create(user=writer, role=Role.EDITOR, office=vienna)
    for item in (picture, document):
        item.title, item.uploaded_by_user = f"{SECRET} title", writer
        item.save()
    story.refresh_from_db()
    story.save_revision(user=writer, log_action=True)
    story.refresh_from_db()
    story.get_workflow().start(story, writer)
    return Story.objects.get(pk=story.pk)


@pytest.fixture
def stranger(theirs: Story) -> Client:
    """The browser of a chief editor of another office."""
    person = get_user_model().objects.create_user("stranger")
    Membership.objects.create(user=person, role=Role.CHIEF_EDITOR, office=office("tirana"))
    client = Client(raise_request_exception=False)  # some of Wagtail's views fall over strange ids
    client.force_login(person)
    return client


def addresses(story: Story) -> Iterator[tuple[str, str]]:
    """(view name, address) of every door, leading to this story wherever it can."""
    revision = story.latest_revision
    task = TaskState.objects.get(revision=revision)
    values = {
        "pk": story.pk,
        "revision_id": revision.pk,
        "revision_id_a": "earliest",
        "revision_id_b": revision.pk,
        "task_state_id": task.pk,
        "task_id": task.task_id,
        "workflow_state_id": WorkflowState.objects.get().pk,
        "action_name": "approve",
        "app_label": "stories",
        "model_name": "story",
        "object_id": str(story.pk),
        "session_id": 1,
        "action": "delete",
        "app_name": "stories",
        "path": "x.png",
        "filter_spec": "original",
        "uidb64": "MQ",
        "token": "x",
    }
    for name, wanted in routes():
        if name not in DOORS or name == "default":  # which takes what no other does
            continue
        given = {key: values.get(key, story.pk) for key in wanted}
        try:
            yield name, reverse(name, kwargs=given)
        except NoReverseMatch:
            yield name, reverse(name, args=[story.pk, "x"])


def read(answer: Any) -> str:
    """All that an answer says."""
    body = b"".join(answer) if answer.streaming else answer.content
    return body.decode(errors="replace")


def stored() -> dict[str, Any]:
    """All that a stranger must not change, as it stands in the database."""
    with connection.cursor() as cursor:
        found = {}
        for model in (Story, Revision, TaskState, WorkflowState, Membership, Contact, Document):
            cursor.execute(f'SELECT * FROM "{model._meta.db_table}" ORDER BY 1')  # noqa: S608
            found[model.__name__] = cursor.fetchall()
    return found


FALL_OVER = {
    "wagtailadmin_choose_page_external_link",
    "wagtailimages:delete_multiple",
    "wagtaildocs:delete_multiple",
}
"""Views of Wagtail's that fail on a form nobody fills in like this."""

FORM = {
    "headline": "Taken over",
    "note": "Taken over",
    "comment": "Taken over",
    "next": "/desk/",
    "locales": "2",
    **{f"action-{name}": "1" for name in ("publish", "submit", "unlock", "cancel-workflow")},
}


def test_nobody_of_another_office_gets_through(stranger: Client, theirs: Story) -> None:
    before = stored()
    tried = 0
    for name, address in addresses(theirs):
        for answer in (
            stranger.get(address, {"id": theirs.pk, "q": "headline", "search": "headline"}),
            stranger.post(f"{address}?id={theirs.pk}", FORM),
            stranger.get(address, headers={"X-Requested-With": "XMLHttpRequest"}),
        ):
            tried += 1
            if name in ("wagtailadmin_logout",):
                stranger.force_login(get_user_model().objects.get(username="stranger"))
            assert SECRET not in read(answer), (name, address)
            assert answer.status_code < 500 or name in FALL_OVER, (name, address)
            if name.startswith("wagtailsnippets_stories_story:") and f"/{theirs.pk}/" in address:
                assert answer.status_code == 404, (name, address)
    assert stored() == before
    assert tried > 400


def test_what_the_guard_lets_pass_the_office_itself_can_open(theirs: Story) -> None:
    """The same doors open for an editor of the story's office, so that the trial is one."""
    client = Client()
    client.force_login(get_user_model().objects.get(username="writer"))
    opened = [
        name
        for name, address in addresses(theirs)
        if name != "wagtailadmin_logout" and SECRET in read(client.get(address))
    ]
    space = "wagtailsnippets_stories_story"
    assert {f"{space}:{name}" for name in ("list", "edit", "history", "revisions_view")} <= {
        *opened
    }
