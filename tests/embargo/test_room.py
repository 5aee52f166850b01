"""A story shown ahead: to whom, after what, and without a trace elsewhere."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from build import draft, office
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import EmailMessage
from django.test import Client
from django.utils import timezone
from leaks.newsroom import document, picture
from playwright.sync_api import Browser, expect
from wagtail.models import ModelLogEntry

from dateline.embargo import courier, tidying
from dateline.embargo.models import Access, Reader
from dateline.people.models import Membership, Role
from dateline.publishing import verbs
from dateline.stories.models import Story, StoryDocument, StoryPicture

pytestmark = pytest.mark.django_db(transaction=True)
LINK = re.compile(r"/embargo/[0-9a-f]{48}\b")
ZONE = settings.TIME_ZONE
OWN = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def embargoed(archive_file: Path, tmp_path: Path, settings: Any) -> Story:
    settings.MEDIA_ROOT = tmp_path / "media"
    story = draft("Treaty signed", summary="Two states signed.", body="<p>It was signed.</p>")
    story.embargoed_until = timezone.now() + timedelta(days=1)
    story.offices.set([office("vienna", "Vienna")])
    story.pictures.add(StoryPicture(picture=picture("hall", "The hall"), caption="The hall"))
    story.documents.add(StoryDocument(document=document("treaty", "The treaty"), title="Treaty"))
    places = (story.pictures.get().picture_id, story.documents.get().document_id)
    story.body += '<figure data-picture="{}"></figure><p><a data-document="{}">All</a></p>'.format(
        *places
    )
    story.save()
    verbs.publish(story)
    return Story.objects.get(pk=story.pk)


@pytest.fixture
def desk(embargoed: Story) -> Client:
    person = get_user_model().objects.create_user("chief")
    Membership.objects.create(user=person, role=Role.CHIEF_EDITOR, office=embargoed.offices.get())
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def link(desk: Client, embargoed: Story, mailoutbox: list[Any]) -> str:
    """What an invited reader finds in their mail."""
    given = {"name": "Ada Byron", "organisation": "The Wire", "email": "ada@example.org"}
    address = f"/desk/embargo/{embargoed.pk}/"
    answer = desk.post(address, {**given, "language": "en", "invite": "1"})
    assert answer.status_code == 302
    letter = mailoutbox[-1]
    assert letter.to == ["ada@example.org"]
    assert "Treaty" not in letter.subject + letter.body
    found = LINK.search(letter.body)
    assert found
    return found[0]


def text(answer: Any) -> str:
    return b"".join(answer).decode() if answer.streaming else answer.content.decode()


def read(pdf: bytes) -> str:
    """What a PDF says, where it says it."""
    command = ["pdftotext", "-layout", "-", "-"]
    done = subprocess.run(command, input=pdf, capture_output=True, check=True)
    return done.stdout.decode()


def accept(client: Client, link: str) -> None:
    assert client.post(link, {"accept": "yes"}, headers=OWN).status_code == 303


def test_nothing_is_read_before_the_terms_are_accepted(client: Client, link: str) -> None:
    page = client.get(link)
    assert page.status_code == 200
    assert "Ada Byron, The Wire" in text(page)
    assert "Treaty" not in text(page)
    files = (f"{link}/pictures/1.webp", f"{link}/documents/1/treaty.txt", f"{link}/story.pdf")
    assert {client.get(path).status_code for path in files} == {404}
    assert client.post(link, {"accept": "yes"}).status_code == 422, "sent by another site"
    assert client.post(link, {}, headers=OWN).status_code == 422
    reader = Reader.objects.get()
    assert reader.accepted_at is None
    accept(client, link)
    reader.refresh_from_db()
    assert reader.accepted_terms
    assert reader.accepted_terms in text(page)


def test_a_newsroom_has_terms_of_its_own(client: Client, link: str, settings: Any) -> None:
    own = {"en": "Not a word & not a <hint>."}
    settings.NEWSROOM = replace(settings.NEWSROOM, embargo_terms=own)
    page = text(client.get(link))
    assert "Not a word &amp; not a &lt;hint&gt;." in page
    assert ZONE in page
    accept(client, link)
    assert Reader.objects.get().accepted_terms.endswith(own["en"])


def test_who_opened_what_is_forgotten_in_time(client: Client, link: str) -> None:
    accept(client, link)
    Access.objects.update(at=timezone.now() - timedelta(days=366))
    client.get(link)
    tidying.tidy()
    assert [access.what for access in Access.objects.all()] == ["story"]
    assert Reader.objects.get().accepted_at


def test_the_reader_sees_the_story_its_files_and_a_pdf_with_their_name(
    client: Client, link: str, embargoed: Story
) -> None:
    accept(client, link)
    page = text(client.get(link))
    for words in ("Treaty signed", "Two states signed.", "It was signed.", "Ada Byron", ZONE):
        assert words in page
    [image] = re.findall(r'<img src="([^"]+)"', page)
    assert client.get(image)["Content-Type"] == "image/webp"
    [paper] = set(re.findall(r'href="([^"]+/treaty[^"]*)"', page))
    assert page.count(paper) == 2, "in the text and in the list"
    assert text(client.get(paper)) == "The treaty"
    printed = read(client.get(f"{link}/story.pdf").content)
    for words in ("Two states signed.", "It was signed.", "Under embargo until", "For Ada Byron"):
        assert words in printed
    upwards = "".join(reversed(printed.splitlines()))
    assert "AdaByron,TheWire" in upwards.replace(" ", ""), "the watermark, which runs upwards"
    seen = [access.what for access in reversed(Access.objects.all())]
    document_ = embargoed.documents.get().document.filename
    number = embargoed.pictures.get().picture_id
    assert seen == ["accepted", "story", f"picture {number}", f"document {document_}", "PDF"]


@pytest.mark.browser
def test_a_browser_gets_in_without_script(
    link: str, live_server: Any, chromium: Browser, embargoed: Story
) -> None:
    page = chromium.new_context(java_script_enabled=False).new_page()
    page.goto(live_server.url + link)
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Read the story").click()
    expect(page.get_by_role("heading", name="Treaty signed")).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert page.evaluate("document.images[0].naturalWidth") == 600
    page.context.close()


def test_a_newer_draft_is_not_shown(client: Client, link: str, embargoed: Story) -> None:
    embargoed.headline = "Treaty in doubt"
    embargoed.save_revision()
    accept(client, link)
    assert "Treaty signed" in text(client.get(link))
    assert "doubt" not in text(client.get(link))


def test_nobody_keeps_an_answer_or_learns_of_the_link(client: Client, link: str) -> None:
    accept(client, link)
    for path in (link, f"{link}/story.pdf"):
        answer = client.get(path)
        assert answer["Cache-Control"] == "private, no-store"
        assert answer["X-Robots-Tag"] == "noindex"
        assert answer["Referrer-Policy"] == "same-origin"
        assert not answer.has_header("ETag")


ENDS = {
    "revoked": lambda reader: Reader.objects.update(revoked_at=timezone.now()),
    "expired": lambda reader: Reader.objects.update(expires_at=timezone.now()),
    "unpublished": lambda reader: verbs.unpublish(reader.story),
    "killed": lambda reader: verbs.kill(reader.story, "No."),
    "renewed": lambda reader: Reader.objects.update(digest="0" * 64),
}


@pytest.mark.parametrize("end", ENDS)
def test_a_link_that_has_ended_is_like_one_that_never_was(
    client: Client, link: str, end: str
) -> None:
    accept(client, link)
    ENDS[end](Reader.objects.select_related("story").get())
    never = f"/embargo/{'0' * 48}"
    for rest in ("", "/story.pdf"):
        ended, unknown = client.get(link + rest), client.get(never + rest)
        assert ended.status_code == unknown.status_code == 404
        assert text(ended).replace(link, never) == text(unknown)
        assert set(ended.headers) == set(unknown.headers)


def test_the_link_becomes_the_public_page(
    client: Client, link: str, embargoed: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    accept(client, link)
    now = timezone.now
    monkeypatch.setattr(timezone, "now", lambda: now() + timedelta(days=2))
    answer = client.get(link)
    assert (answer.status_code, answer["Location"]) == (302, embargoed.get_absolute_url())
    assert answer["Cache-Control"] == "private, no-store"


def test_the_desk_invites_renews_and_ends_and_the_log_has_it(
    desk: Client, client: Client, link: str, embargoed: Story, mailoutbox: list[Any]
) -> None:
    address, reader = f"/desk/embargo/{embargoed.pk}/", Reader.objects.get()
    page = text(desk.get(address))
    assert "Ada Byron, The Wire" in page
    assert link.removeprefix("/embargo/") not in page
    desk.post(address, {"renew": str(reader.pk)})
    found = LINK.search(mailoutbox[-1].body)
    assert found
    assert client.get(link).status_code == 404
    assert client.get(found[0]).status_code == 200
    desk.post(address, {"revoke": str(reader.pk)})
    assert client.get(found[0]).status_code == 404
    logged = [entry.action.rpartition(".")[2] for entry in ModelLogEntry.objects.order_by("pk")]
    assert [name for name in logged if name in ("invite", "renew", "revoke")] == [
        "invite",
        "renew",
        "revoke",
    ]


def moved(story: Story, by: timedelta) -> None:
    story.embargoed_until += by  # type: ignore[operator]
    story.save_revision().publish()


CHANGES: dict[str, Callable[[Story], Any]] = {
    "the embargo was moved": lambda story: moved(story, timedelta(days=1)),
    "was withdrawn": verbs.unpublish,
    "withdrawn": lambda story: verbs.kill(story, "No."),
}


@pytest.mark.parametrize("said", CHANGES)
def test_readers_are_told_once_when_the_embargo_is_moved_or_called_off(
    link: str, embargoed: Story, mailoutbox: list[Any], said: str
) -> None:
    assert not courier.carry()
    mailoutbox.clear()
    CHANGES[said](embargoed)
    courier.carry()
    courier.carry()
    [letter] = mailoutbox
    assert (letter.to, said in letter.subject) == (["ada@example.org"], True)
    assert "Treaty" not in letter.subject + letter.body


def test_nobody_is_told_that_an_embargo_has_ended(
    link: str, embargoed: Story, mailoutbox: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    mailoutbox.clear()
    now = timezone.now
    monkeypatch.setattr(timezone, "now", lambda: now() + timedelta(days=2))
    assert not courier.carry()
    verbs.retract(embargoed, "No.")
    assert not courier.carry()
    assert mailoutbox == []


def test_a_letter_that_was_not_sent_is_told(
    desk: Client, link: str, embargoed: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: Any, **_: Any) -> int:
        raise ConnectionRefusedError("no mail server")

    monkeypatch.setattr(EmailMessage, "send", refuse)
    address, reader = f"/desk/embargo/{embargoed.pk}/", Reader.objects.get()
    said = text(desk.post(address, {"renew": str(reader.pk)}, follow=True))
    assert "the letter was not sent: no mail server" in said


def test_only_those_who_may_share_open_the_page(client: Client, embargoed: Story) -> None:
    for role, there, status in (
        (Role.EDITOR, embargoed.offices.get(), 302),
        (Role.CHIEF_EDITOR, office("tirana"), 404),
    ):
        person = get_user_model().objects.create_user(f"{role}")
        Membership.objects.create(user=person, role=role, office=there)
        client.force_login(person)
        assert client.get(f"/desk/embargo/{embargoed.pk}/").status_code == status


def test_another_storys_files_are_not_behind_this_link(client: Client, link: str) -> None:
    other = draft("Other")
    other.pictures.add(StoryPicture(picture=picture("other", "Other"), caption="x"))
    other.save()
    accept(client, link)
    key = other.pictures.get().picture_id
    assert client.get(f"{link}/pictures/{key}.webp").status_code == 404
