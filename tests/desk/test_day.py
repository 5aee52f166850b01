"""A whole day at the desk: a real newsroom with its worker, and a browser for each person."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from newsrooms import Newsroom, newsroom, prepared
from PIL import Image
from playwright.sync_api import Browser, Page, expect

__all__ = ["newsroom", "prepared"]

pytestmark = pytest.mark.browser

HEADLINE, FRENCH = "Court opens in Vienna", "La cour ouvre à Vienne"
STORY = 6
"""The number it gets, after the five that are there."""
EXITS = ("/en/", "/en/news", "/en/news.atom", "/api/v1/en/stories", "/en/news.csv")
PHRASE = "a long pass phrase"
PEOPLE = """
from django.contrib.auth import get_user_model
from dateline.people.models import Membership
from dateline.vocabularies.models import Office
import sys
sys.path.insert(0, {tests!r})
from build import genre, office, topic
offices = {{"Vienna": Office.objects.get(slug="vienna"), "Tirana": office("tirana", "Tirana")}}
genre("news", "News"), topic("law", "Rule of law")
for name, role, where in {people!r}:
    login, address = name.lower(), f"{{name.lower()}}@example.org"
    person = get_user_model().objects.create_user(login, address, {phrase!r}, first_name=name)
    Membership.objects.create(user=person, role=role, office=offices.get(where))
"""
STAFF = [
    ("Anna", "contributor", "Vienna"),
    ("Boris", "editor", "Vienna"),
    ("Nour", "contributor", "Vienna"),
    ("Clara", "chief_editor", ""),
    ("Yusuf", "chief_editor", "Tirana"),
    ("Dora", "administrator", ""),
]


@dataclass
class Person:
    """Somebody at the desk, with a browser of their own."""

    name: str
    page: Page
    site: str
    pictures: Path

    def sign_in(self) -> None:
        self.open("/desk/")
        self.page.get_by_label("Username").fill(self.name.lower())
        self.page.get_by_label("Password").fill(PHRASE)
        self.page.get_by_role("button", name="Sign in").click()
        self.page.wait_for_url("**/desk/")

    def open(self, path: str) -> int:
        answer = self.page.goto(f"{self.site}{path}")
        assert answer is not None
        return answer.status

    def picture(self, name: str) -> None:
        """For the guides, and for whoever wants to look (DATELINE_SCREENSHOTS)."""
        self.page.screenshot(path=self.pictures / f"{name}.png")


@dataclass
class Day:
    """The newsroom while it runs."""

    site: str
    newsroom: Newsroom
    browser: Browser
    pictures: Path

    @contextmanager
    def person(self, name: str) -> Iterator[Person]:
        context = self.browser.new_context(
            viewport={"width": 1400, "height": 950}, locale="en-GB", timezone_id="Europe/Vienna"
        )
        context.set_default_timeout(20_000)
        person = Person(name, context.new_page(), self.site, self.pictures)
        person.sign_in()
        yield person
        context.close()

    def public(self, path: str) -> tuple[int, str]:
        """What a reader gets, redirects followed."""
        try:
            with urllib.request.urlopen(f"{self.site}{path}", timeout=60) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as refused:
            return refused.code, refused.read().decode()


class Reader:
    """Somebody who comes for the first time, without script, until the change has come."""

    def __init__(self, day: Day) -> None:
        self.day = day

    def sees(self, path: str, *words: str, picture: str = "") -> None:
        self._until(path, lambda text: all(word in text for word in words), picture)

    def _until(self, path: str, holds: Callable[[str], bool], picture: str) -> None:
        end = datetime.now(UTC) + timedelta(seconds=30)
        while not holds(said := self._text(path, picture)):
            assert datetime.now(UTC) < end, (path, said)

    def _text(self, path: str, picture: str) -> str:
        """What a browser that holds no older answer shows."""
        context = self.day.browser.new_context(java_script_enabled=False, locale="en-GB")
        page = context.new_page()
        page.goto(f"{self.day.site}{path}")
        if picture:
            page.screenshot(path=self.day.pictures / f"{picture}.png", full_page=True)
        text = page.locator("body").inner_text()
        context.close()
        return text


@pytest.fixture
def day(newsroom: Newsroom, chromium: Browser, tmp_path: Path) -> Iterator[Day]:
    folder = Path(os.environ.get("DATELINE_SCREENSHOTS", tmp_path))
    folder.mkdir(parents=True, exist_ok=True)
    tests = str(Path(__file__).parent.parent)
    newsroom.shell(PEOPLE.format(tests=tests, people=STAFF, phrase=PHRASE))
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    process = newsroom.start("run", "--port", str(port), "--workers", "2", stderr=subprocess.PIPE)
    assert process.stderr
    assert f"http://localhost:{port}/" in process.stderr.readline()
    yield Day(f"http://localhost:{port}", newsroom, chromium, folder)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=60)
    assert process.returncode == 0


# --- the morning ------------------------------------------------------------------------------
def write_and_submit(anna: Person, folder: Path) -> None:
    """From the empty form, with a picture, to the editors."""
    page = anna.page
    page.get_by_role("link", name="Write a story").click()
    page.locator("[name=headline]").fill(HEADLINE)
    page.locator("[name=summary]").fill("The new court took up its work.")
    page.locator("#panel-child-text-body-section .public-DraftEditor-content").click()
    page.keyboard.type("The court opened on Wednesday.")
    anna.picture("form-text")
    page.get_by_role("tab", name="Filed under").click()
    page.locator("[name=genre]").select_option(label="News")
    page.get_by_role("checkbox", name="Office in Vienna").check()
    page.get_by_role("checkbox", name="Rule of law").check()
    anna.picture("form-filed-under")
    page.get_by_role("tab", name="Pictures and documents").click()
    page.get_by_role("button", name="Add Picture").click()
    page.get_by_role("button", name="Choose", exact=False).first.click()
    upload(page, folder)
    anna.picture("form-picture")
    page.get_by_role("button", name="More actions").click()
    page.get_by_role("button", name="Submit to Review").click()
    expect(page.locator(".messages .success")).to_contain_text("submitted")


def upload(page: Page, folder: Path) -> None:
    """A picture, described, into the library and the story."""
    file = folder / "court.png"
    Image.new("RGB", (1200, 800), "teal").save(file)
    page.get_by_role("tab", name="Upload").click()
    modal = page.locator(".modal-content")
    modal.get_by_label("Title").fill("The court")
    modal.get_by_label("File").set_input_files(file)
    modal.get_by_label("Description").fill("The court’s new building in the morning")
    modal.get_by_label("Credit").fill("Anna")
    modal.get_by_role("button", name="Upload").click()
    modal.wait_for(state="detached")


def open_story(person: Person, headline: str = HEADLINE) -> None:
    """From the first page of the desk to the story's form."""
    person.open("/desk/")
    person.page.get_by_role("link", name=headline).first.click()
    person.page.wait_for_load_state("networkidle")


def ask_for_changes(boris: Person) -> None:
    page = boris.page
    boris.open("/desk/")
    expect(page.locator("body")).to_contain_text("Awaiting me")
    boris.picture("first-page-of-an-editor")
    open_story(boris)
    page.get_by_role("button", name="More actions").click()
    page.get_by_role("button", name="Request changes").click()
    modal = page.locator(".modal-content")
    modal.get_by_label("Comment").fill("Who opened it?")
    boris.picture("review-request-changes")
    modal.get_by_role("button", name="Request changes").click()
    expect(page.locator(".messages .success")).to_be_visible()


def key_of_the_story(boris: Person) -> str:
    """The story's key in the desk's addresses."""
    open_story(boris)
    return boris.page.url.rstrip("/").split("/")[-1]


def answer_the_comment(anna: Person) -> None:
    page = anna.page
    open_story(anna)
    page.get_by_role("button", name="Toggle status").click()
    expect(page.locator("body")).to_contain_text("Who opened it?")
    anna.picture("review-comment")
    page.locator("[name=summary]").fill("The new court took up its work. Its president opened it.")
    page.get_by_role("button", name="More actions").click()
    page.get_by_role("button", name="Resubmit to Review").click()
    expect(page.locator(".messages .success")).to_be_visible()


# --- noon -------------------------------------------------------------------------------------
def schedule(boris: Person, moment: datetime) -> None:
    """Set the time, and approve: the approval schedules."""
    page = boris.page
    open_story(boris)
    page.get_by_role("button", name="Toggle status").click()
    page.get_by_role("button", name="Set schedule").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Go live date/time").fill(moment.strftime("%Y-%m-%d %H:%M:%S"))
    picker = page.locator(".xdsoft_datetimepicker:visible")
    expect(picker).to_have_count(1)
    boris.picture("schedule")
    dialog.get_by_role("heading").first.click()
    expect(picker).to_have_count(0)
    with page.expect_navigation(wait_until="networkidle"):
        dialog.get_by_role("button", name="Save schedule").click()
    page.get_by_role("button", name="More actions").click()
    with page.expect_navigation():
        page.get_by_role("button", name="Approve", exact=True).click()
    boris.picture("approved")
    boris.open("/desk/")
    expect(page.locator("body")).to_contain_text("Coming today")
    boris.picture("first-page-with-a-schedule")
    boris.open("/desk/planning/")
    expect(page.locator("body")).to_contain_text(HEADLINE)
    boris.picture("planning")


def wait_for(day: Day, moment: datetime) -> timedelta:
    """Every exit says nothing until the moment, and then all; returns how late the last was."""
    while (asked := datetime.now(UTC)) < moment - timedelta(seconds=1):
        for exit_ in EXITS:
            assert HEADLINE not in day.public(exit_)[1], (exit_, asked)
    waiting = list(EXITS)
    while waiting:
        assert datetime.now(UTC) < moment + timedelta(seconds=60), waiting
        waiting = [exit_ for exit_ in waiting if HEADLINE not in day.public(exit_)[1]]
    return datetime.now(UTC) - moment


# --- the afternoon ----------------------------------------------------------------------------
def verb(person: Person, label: str, note: str, button: str = "") -> None:
    """One of the story's verbs with its public note, from the form's menu."""
    page = person.page
    page.get_by_role("button", name="Actions", exact=True).first.click()
    page.get_by_role("link", name=label).click()
    page.locator("[name=note]").fill(note)
    person.picture(f"verb-{label.split()[0].lower()}")
    page.get_by_role("button", name=button or label).click()
    expect(page.locator(".messages .success")).to_be_visible()


def translate(nour: Person) -> None:
    """Into French, from a copy of the text, and to the editors."""
    page = nour.page
    open_story(nour)
    page.get_by_role("button", name="Actions", exact=True).first.click()
    page.get_by_role("link", name="Translate", exact=True).click()
    page.get_by_label("Français").check()
    nour.picture("translate")
    with page.expect_navigation(wait_until="networkidle"):
        page.get_by_role("button", name="Submit").click()
    page.locator("[name=headline]").fill(FRENCH)
    page.locator("[name=summary]").fill("La nouvelle cour a commencé son travail.")
    page.locator("#panel-child-text-body-section .public-DraftEditor-content").click()
    page.keyboard.press("Control+A")
    page.keyboard.type("La cour a ouvert mercredi.")
    expect(page.locator("[name=body]")).to_have_value(re.compile("mercredi"))
    nour.picture("translation")
    page.get_by_role("button", name="More actions").click()
    with page.expect_navigation():
        page.get_by_role("button", name="Submit to Review").click()
    expect(page.locator(".messages .success")).to_contain_text("submitted")


def publish_the_translation(boris: Person) -> None:
    page = boris.page
    open_story(boris, FRENCH)
    page.get_by_role("button", name="More actions").click()
    page.get_by_role("button", name="Publish", exact=True).click()
    with page.expect_navigation():  # "Publishing this story will cancel the current workflow."
        page.locator(".modal-content").get_by_role("button", name="Publish").click()
    expect(page.locator(".messages .success")).to_contain_text("published")


def correct(boris: Person) -> None:
    page = boris.page
    open_story(boris)
    page.locator("[name=summary]").fill("The new court took up its work. Its clerk opened it.")
    with page.expect_navigation(wait_until="networkidle"):
        page.get_by_role("button", name="Save draft").click()
    verb(boris, "Publish as a correction", "The clerk opened the court, not its president.")


def try_every_door(yusuf: Person, key: str) -> None:
    """An editor of another office finds nothing of a draft, and no address lets them in."""
    for address in ("/desk/", "/desk/stories/", "/desk/stories/?q=court", "/desk/planning/"):
        yusuf.open(address)
        expect(yusuf.page.locator("body")).not_to_contain_text(HEADLINE)
    yusuf.picture("list-of-another-office")
    for action in ("edit", "delete", "history", "usage", "unpublish", "retract", "kill", "correct"):
        assert yusuf.open(f"/desk/stories/{action}/{key}/") == 404, action


# --- the evening ------------------------------------------------------------------------------
def keep(dora: Person) -> None:
    """An administrator: who works here, how they sign in, what was done, what ends."""
    page = dora.page
    dora.open("/desk/membership/")
    dora.picture("roles")
    dora.open("/desk/users/")
    page.wait_for_load_state("networkidle")
    page.get_by_role("button", name="More options for 'Anna'").click()
    page.get_by_role("link", name="Sign-in").click()
    expect(page.get_by_role("heading", name="Sessions")).to_be_visible()
    dora.picture("sign-in-of-a-person")
    page.get_by_role("button", name="Reports").click()
    page.get_by_role("link", name="Site history").click()
    expect(page.get_by_role("cell", name="Retracted")).to_be_visible()
    dora.picture("log")
    dora.open("/desk/office/")
    page.get_by_role("link", name="Tirana").click()
    page.get_by_role("button", name="Actions", exact=True).first.click()
    page.get_by_role("link", name="Over time").click()
    page.get_by_role("link", name="Close or split").click()
    page.get_by_role("checkbox", name="Office in Vienna").check()
    page.get_by_role("button", name="See what it will mean").click()
    expect(page.get_by_role("heading", name="What this will mean")).to_be_visible()
    expect(page.locator("body")).to_contain_text("1 person has a role here.")
    dora.picture("what-closing-means")
    page.get_by_role("button", name="Close or split").click()
    expect(page.locator(".messages .success")).to_contain_text("Done")


def test_a_day(day: Day, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with (
        day.person("Anna") as anna,
        day.person("Boris") as boris,
        day.person("Clara") as clara,
        day.person("Yusuf") as yusuf,
    ):
        write_and_submit(anna, tmp_path)
        ask_for_changes(boris)
        key = key_of_the_story(boris)
        try_every_door(yusuf, key)
        answer_the_comment(anna)
        moment = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=25)
        schedule(boris, moment)
        late = wait_for(day, moment).total_seconds()
        with capsys.disabled():
            print(f" [public everywhere {late:.2f} s after its time]", end="")  # noqa: T201
        with day.person("Nour") as nour:
            translate(nour)
        publish_the_translation(boris)
        correct(boris)
        reader = Reader(day)
        reader.sees(f"/fr/news/{STORY}", FRENCH, "corrig", picture="translation-overtaken")
        reader.sees(f"/en/news/{STORY}", "Its clerk opened it.", "not its president")
        reader.sees(f"/en/news/{STORY}/v2/changes", "president", "clerk", picture="changes")
        open_story(clara)
        verb(clara, "Retract", "The court has not opened yet.")
        reader.sees(f"/en/news/{STORY}", "The court has not opened yet.", picture="retracted")
        for exit_ in EXITS:
            assert HEADLINE not in day.public(exit_)[1], exit_
    with day.person("Dora") as dora:
        keep(dora)
