"""A press officer's and an administrator's day, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from build import draft, genre, office, topic
from desk.totp import code
from django.core.files.base import ContentFile
from playwright.sync_api import Browser, Page, expect
from wagtail.documents.models import Document
from wagtail.images.tests.utils import get_test_image_file

from dateline.publishing import visibility
from dateline.publishing.models import Kind
from dateline.stories.models import Picture, Story, StoryDocument, StoryPicture
from dateline.vocabularies import snapshot

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


class Visit:
    """A browser's tab that remembers what it asked for and what went wrong."""

    def __init__(self, page: Page, site: str) -> None:
        self.page, self.site = page, site
        self.hosts: set[str] = set()
        self.errors: list[str] = []
        page.on("request", lambda request: self.hosts.add(request.url.split("/")[2]))
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", self._console)

    def _console(self, message: Any) -> None:
        if message.type == "error":
            self.errors.append(message.text)

    def open(self, path: str) -> None:
        self.page.goto(f"{self.site}{path}")
        self.page.wait_for_load_state("networkidle")

    def sign_in(self, name: str) -> None:
        self.open("/desk/login/")
        self.page.get_by_label("Username").fill(name)
        self.page.get_by_label("Password").fill("a long pass phrase")
        self.page.get_by_role("button", name="Sign in").click()
        self.page.wait_for_url("**/desk/")


@pytest.fixture
def visit(
    chromium: Browser, live_server: Any, settings: Any, tmp_path: Path, archive_file: Path
) -> Iterator[Visit]:
    settings.MEDIA_ROOT = tmp_path / "media"
    context = chromium.new_context(viewport={"width": 1400, "height": 950}, locale="en-GB")
    context.set_default_timeout(15_000)
    visit = Visit(context.new_page(), live_server.url)
    yield visit
    context.close()
    assert visit.errors == []
    assert visit.hosts <= {live_server.url.split("/")[2]}


def test_a_story_from_the_empty_form_to_the_public(visit: Visit, officer: Any) -> None:
    news, vienna, media = genre("news"), office("vienna", "Vienna"), topic("media", "Free media")
    page = visit.page
    visit.sign_in("officer")
    page.get_by_role("link", name="Write a story").click()
    page.locator("[name=headline]").fill("Court opens in Vienna")
    page.locator("[name=summary]").fill("The lead.")
    page.locator("#panel-child-text-body-section .public-DraftEditor-content").click()
    page.keyboard.type("The court opened on Friday.")
    page.get_by_role("tab", name="Filed under").click()
    page.locator("[name=genre]").select_option(str(news.pk))
    page.get_by_role("checkbox", name="Vienna").check()
    page.get_by_role("checkbox", name="Free media").check()
    page.get_by_role("button", name="Toggle preview").click()
    preview = page.frame_locator("iframe[title='Preview']").first
    expect(preview.get_by_role("heading", name="Court opens in Vienna")).to_be_visible()
    page.get_by_role("button", name="More actions").click()
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.locator(".messages .success")).to_contain_text("published")
    story = visibility.listed(Story.objects.all()).get()
    assert (story.headline, story.genre) == ("Court opens in Vienna", news)
    assert story.body == "<p>The court opened on Friday.</p>"
    assert list(story.offices.all()) == [vienna]
    assert list(story.topics.all()) == [media]
    visit.open(story.get_absolute_url())
    expect(page.get_by_role("heading", name="Court opens in Vienna")).to_be_visible()


def test_a_correction(visit: Visit, officer: Any) -> None:
    from build import published

    story = published("Court opens on Sunday")
    page = visit.page
    visit.sign_in("officer")
    visit.open(f"/desk/stories/edit/{story.pk}/")
    page.locator("[name=headline]").fill("Court opens on Monday")
    expect(page.get_by_text("21 of 120 characters")).to_be_visible()
    page.get_by_role("button", name="Save draft").click()
    page.wait_for_load_state("networkidle")
    page.get_by_role("button", name="Actions", exact=True).first.click()
    page.get_by_role("link", name="Publish as a correction").click()
    page.locator("[name=note]").fill("The day was wrong.")
    page.get_by_role("button", name="Publish as a correction").click()
    expect(page.get_by_text("The correction is published.")).to_be_visible()
    version = story.versions.order_by("number").last()
    assert version is not None
    assert (version.kind, version.note) == (Kind.CORRECTION, "The day was wrong.")


def test_a_text_with_picture_document_and_table(visit: Visit, officer: Any, settings: Any) -> None:
    # A database in memory does not let the form save by itself beside the button that is pressed.
    settings.WAGTAIL_AUTOSAVE_INTERVAL = 0
    page = visit.page
    picture = Picture.objects.create(
        title="Court", file=get_test_image_file(size=(640, 400)), description="A court"
    )
    report = Document.objects.create(title="Report", file=ContentFile(b"%PDF-1.4", "report.pdf"))
    story = draft("Court opens", body="<p>First paragraph.</p><p>Read the report.</p>")
    story.pictures.add(StoryPicture(picture=picture, caption="The judges"))
    story.documents.add(StoryDocument(document=report))
    story.save_revision()
    visit.sign_in("officer")
    visit.open(f"/desk/stories/edit/{story.pk}/")
    editor = page.locator("#panel-child-text-body-section")

    _insert(editor, "First paragraph.", "Picture of this story")
    page.get_by_role("dialog").get_by_label("Court").check()
    page.get_by_role("dialog").get_by_role("button", name="Insert").click()
    expect(editor.locator(".desk-place img")).to_be_visible()

    editor.get_by_text("Read the report.").dblclick(position={"x": 5, "y": 8})
    editor.get_by_role("button", name="Document of this story").click()
    page.get_by_role("dialog").get_by_role("button", name="Insert").click()

    _insert(editor, "the report.", "Table")
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Caption").fill("Cases")
    page.keyboard.press("Tab")
    for word in ("Year", "Cases", "2023", "11", "", "", "more"):  # Tab adds the row of the last one
        page.keyboard.type(word)
        page.keyboard.press("Tab")
    for _step in range(4):
        page.keyboard.press("Shift+Tab")
    page.keyboard.type("12")  # in the place of what stood there
    expect(dialog.locator("tr")).to_have_count(4)
    page.keyboard.press("Escape")
    expect(dialog.get_by_role("button", name="Add row")).to_be_focused()
    dialog.locator("td").last.click()
    dialog.get_by_role("button", name="Remove row").click()
    dialog.locator("td").last.click()
    dialog.get_by_role("button", name="Remove row").click()
    dialog.locator("td").nth(0).click()
    dialog.get_by_role("button", name="Add column").click()
    dialog.get_by_role("button", name="Insert").click()
    expect(editor.get_by_role("table")).to_contain_text("2023")

    # The editor writes its field a quarter of a second after the last change.
    expect(page.locator("input[name=body]")).to_have_value(re.compile("2023"))
    page.get_by_role("button", name="Save draft").click()
    page.wait_for_load_state("networkidle")
    body = Story.objects.get(pk=story.pk).body
    assert f'<figure data-picture="{picture.pk}"></figure>' in body
    assert f'<a data-document="{report.pk}" rel="noopener noreferrer">Read</a> the report.' in body
    assert '<caption>Cases</caption><tbody><tr><th scope="col">Year</th>' in body
    assert body.count("<tr>") == 2


def test_a_pasted_table_runs_nothing(visit: Visit, officer: Any) -> None:
    """What an editor of Draft.js copies, any page may pose as: it comes past the server."""
    page = visit.page
    story = draft("Court opens", body="<p>First paragraph.</p>")
    story.save_revision()
    evil = "<img src=x onerror=\"document.title='run'\"><a href='java\nscript:x()'>there</a>"
    table = {"type": "TABLE", "mutability": "IMMUTABLE"}
    table["data"] = {"html": f"<table onclick='x()'><tr><td>Kept {evil}</td></tr></table>"}
    block = {"key": "b", "text": " ", "type": "atomic", "depth": 0, "inlineStyleRanges": []}
    block["entityRanges"] = [{"offset": 0, "length": 1, "key": 0}]
    words = {**block, "key": "a", "text": "x", "type": "unstyled", "entityRanges": []}
    visit.sign_in("officer")
    visit.open(f"/desk/stories/edit/{story.pk}/")
    editor = page.locator("#panel-child-text-body-section")
    editor.get_by_text("First paragraph.").click()
    page.evaluate(PASTE, {"blocks": [words, block], "entityMap": {"0": table}})
    place = editor.locator(".desk-place table")
    expect(place).to_contain_text("Kept")
    assert place.evaluate("(it) => it.outerHTML") == (
        "<table><tbody><tr><td>Kept <a>there</a></td></tr></tbody></table>"
    )
    editor.locator(".desk-place").get_by_role("button", name="Change").click()
    expect(page.get_by_role("dialog").get_by_role("table")).to_contain_text("Kept")
    assert page.title() != "run"


PASTE = """(content) => {
  const editor = document.querySelector(".public-DraftEditor-content");
  const data = new DataTransfer(), part = document.createElement("div");
  part.setAttribute("data-draftjs-conductor-fragment", JSON.stringify(content));
  part.textContent = "x";
  data.setData("text/html", part.outerHTML);
  data.setData("text/plain", "x");
  const paste = { clipboardData: data, bubbles: true, cancelable: true };
  editor.dispatchEvent(new ClipboardEvent("paste", paste));
}"""


def _insert(editor: Any, after: str, name: str) -> None:
    """A block from the menu that a slash opens in a new paragraph."""
    editor.get_by_text(after).click()
    for key in ("End", "Enter", "/"):
        editor.page.keyboard.press(key)
    editor.page.get_by_role("option", name=name).click()


def test_an_office_is_renamed(visit: Visit, keeper: Any) -> None:
    term = office("astana", "Centre in Astana")
    page = visit.page
    visit.sign_in("keeper")
    visit.open(f"/desk/office/edit/{term.pk}/")
    page.locator("[name='names-0-valid_until']").fill("2015-01-01")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Add name").click()
    page.locator("[name='names-1-language']").select_option("en")
    page.locator("[name='names-1-name']").fill("Programme Office in Astana")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".messages .success")).to_contain_text("updated")
    info = snapshot.current().term("office", "astana")
    assert info is not None
    assert info.label("en") == "Programme Office in Astana"
    assert [former.name for former in info.former] == ["Centre in Astana"]


def test_an_app_and_a_security_key(visit: Visit, officer: Any) -> None:
    page = visit.page
    keys = page.context.new_cdp_session(page)
    keys.send("WebAuthn.enable")
    key = {"protocol": "ctap2", "transport": "usb", "isUserVerified": True}
    given = {**key, "hasUserVerification": True, "automaticPresenceSimulation": True}
    keys.send("WebAuthn.addVirtualAuthenticator", {"options": given})
    visit.sign_in("officer")
    visit.open("/desk/sign-in/second-factor/")
    page.get_by_role("link", name="Activate").click()
    page.get_by_label("Password").fill("a long pass phrase")
    page.get_by_role("button", name="Confirm").click()
    secret = page.get_by_label("Authenticator secret").input_value()
    page.get_by_label("Authenticator code").fill(code(secret))
    page.get_by_role("button", name="Activate").click()
    assert len(page.get_by_label("Unused codes").input_value().split()) == 10
    visit.open("/desk/sign-in/second-factor/webauthn/add/")
    page.get_by_label("Name").fill("Blue key")
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_text("You have added 1 security key.")).to_be_visible()
    visit.open("/desk/sign-in/sessions/")
    page.get_by_role("button", name="Sign Out").click()
    visit.open("/desk/login/")
    page.get_by_label("Username").fill("officer")
    page.get_by_label("Password").fill("a long pass phrase")
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name="Use a security key").click()
    page.wait_for_url("**/desk/")
