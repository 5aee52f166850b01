"""The site as a person meets it, in Chromium: with and without JavaScript, by keyboard, by ear."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, expect
from pytest_django.live_server_helper import LiveServer
from website import rooms
from website.rooms import Room

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
Visit = Callable[..., Page]


@pytest.fixture
def visit(
    chromium: Browser, live_server: LiveServer, room: Room, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Visit]:
    """Open an address of the furnished newsroom; whatever the browser complains of fails."""
    # Playwright's loop runs in this thread, where Django would refuse to touch the database.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    complaints: list[str] = []

    def note(message: ConsoleMessage) -> None:
        # A page that answers 404 or 410 on purpose is reported as a failed load.
        if message.type in ("error", "warning") and "Failed to load resource" not in message.text:
            complaints.append(message.text)

    contexts = []

    def open_(path: str, *, viewport: Any = DESKTOP, **options: Any) -> Page:
        context = chromium.new_context(viewport=viewport, base_url=live_server.url, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", note)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request: _is_ours(request.url, live_server.url, complaints))
        page.goto(path)
        return page

    yield open_
    for context in contexts:
        for page in context.pages:
            # What is still being answered would hold the database that the next test empties.
            page.wait_for_load_state("networkidle")
    cookies = [cookie for context in contexts for cookie in context.cookies()]
    for context in contexts:
        context.close()
    assert not complaints
    assert not cookies


def _is_ours(url: str, origin: str, complaints: list[str]) -> None:
    if not url.startswith((origin, "data:", "about:")):
        complaints.append(f"loads {url}")


# --- for everybody -----------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("viewport", "scheme"),
    # Each size and each scheme once: what is wrong with one hardly waits for the other.
    [(DESKTOP, "light"), (PHONE, "dark")],
    ids=["desktop light", "phone dark"],
)
def test_no_kind_of_page_has_a_fault_axe_knows(
    visit: Visit, room: Room, viewport: dict[str, int], scheme: str
) -> None:
    axe = Axe()
    options = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
    page = visit("/en/about", viewport=viewport, color_scheme=scheme)
    faults = {}
    for kind, path in rooms.paths(room).items():
        page.goto(path)
        found = axe.run(page, options=options).response["violations"]
        if found:
            faults[kind] = [
                (fault["id"], [node["html"][:120] for node in fault["nodes"]]) for fault in found
            ]
        if viewport is PHONE and page.locator(".filters-button").count():
            page.locator(".filters-button").click()
            if open_ := axe.run(page, options=options).response["violations"]:
                faults[f"{kind}, filters open"] = [fault["id"] for fault in open_]
    assert not faults


@pytest.mark.parametrize("width", [320, 390, 820, 1280])
def test_no_page_is_wider_than_its_window(visit: Visit, room: Room, width: int) -> None:
    page = visit("/en/about", viewport={"width": width, "height": 800})
    for kind, path in rooms.paths(room).items():
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, kind


def test_arabic_runs_from_right_to_left(visit: Visit) -> None:
    page = visit("/ar/news")
    filters = page.locator("#filters").bounding_box()
    results = page.locator("#results").bounding_box()
    assert filters is not None
    assert results is not None
    assert filters["x"] > results["x"]
    first, last = page.locator(".languages > ul a").first, page.locator(".languages > ul a").last
    assert first.bounding_box()["x"] > last.bounding_box()["x"]  # type: ignore[index]


def test_light_and_dark_follow_the_system(visit: Visit) -> None:
    def background(scheme: str) -> list[int]:
        page = visit("/en/news", color_scheme=scheme)
        colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
        return [int(part) for part in re.findall(r"\d+", colour)[:3]]

    assert min(background("light")) > 200
    assert max(background("dark")) < 60


# --- filtering -----------------------------------------------------------------------------------
def test_a_filter_acts_at_once_and_says_what_it_did(visit: Visit) -> None:
    page = visit("/en/news")
    page.evaluate("window.untouched = true")
    page.get_by_label("Elections").check()
    page.wait_for_url("**/en/news?topic=elections")
    expect(page.locator("h1")).to_have_text("News and press releases about Elections")
    expect(page.locator(".stories > li")).to_have_count(1)
    expect(page.locator("#said")).to_have_text(
        "1 story, 1999. News and press releases about Elections"
    )
    expect(page.locator("#topic-elections")).to_be_focused()
    assert page.evaluate("window.untouched"), "the page was loaded anew"
    assert page.title().startswith("News and press releases about Elections")
    arabic = page.locator('.languages > ul a[hreflang="ar"]')
    expect(arabic).to_have_attribute("href", "/ar/news?topic=elections")


def test_back_and_forward_restore_list_and_form(visit: Visit) -> None:
    page = visit("/en/news")
    page.get_by_label("Elections").check()
    page.wait_for_url("**/en/news?topic=elections")
    expect(page.locator(".stories > li")).to_have_count(1)
    page.go_back()
    page.wait_for_url("**/en/news")
    expect(page.locator(".stories > li")).to_have_count(20)
    expect(page.get_by_label("Elections")).not_to_be_checked()
    page.go_forward()
    page.wait_for_url("**/en/news?topic=elections")
    expect(page.locator(".stories > li")).to_have_count(1)
    expect(page.get_by_label("Elections")).to_be_checked()


def test_a_folded_out_list_of_values_stays_so(visit: Visit) -> None:
    page = visit("/en/news")
    page.locator("#facet-year > summary").click()
    page.locator("#rest-year > summary").click()
    page.locator("#year-2003").check()
    page.wait_for_url("**year=2003")
    expect(page.locator("#year-2003")).to_be_focused()
    expect(page.locator("#rest-year")).to_have_attribute("open", "")


def test_a_date_that_cannot_be_read_keeps_the_list_and_says_so(visit: Visit) -> None:
    page = visit("/en/news")
    page.get_by_label("From").fill("the other day")
    page.get_by_label("From").press("Enter")
    expect(page.locator("#from-problem")).to_contain_text("could not be read as a date")
    expect(page.get_by_label("From")).to_have_value("the other day")
    expect(page.locator(".stories > li")).to_have_count(20)


def test_words_sort_by_relevance_and_clearing_them_by_date(visit: Visit) -> None:
    page = visit("/en/news")
    box = page.get_by_label("Words to search for")
    box.fill("seminar")
    box.press("Enter")
    page.wait_for_url("**keywords=seminar")
    expect(page.locator('.bar a[aria-current="true"]').first).to_have_text("relevance")
    box.fill("")
    box.press("Enter")
    page.wait_for_url("**/en/news")
    expect(page.locator('.bar a[aria-current="true"]').first).to_have_text("newest")


def test_a_phone_folds_everything_into_one_button(visit: Visit) -> None:
    page = visit("/en/news?topic=rule-of-law", viewport=PHONE)
    expect(page.locator("#filters")).to_be_hidden()
    page.get_by_role("button", name="Filters (1)").click()
    page.locator("#office-astana").check()
    page.wait_for_url("**office=astana&topic=rule-of-law")
    expect(page.locator("#filters")).to_be_visible()
    page.get_by_role("button", name=re.compile("Show 30 stories")).click()
    expect(page.locator("#filters")).to_be_hidden()
    expect(page.get_by_role("button", name="Filters (2)")).to_be_visible()


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_phone_begins_with_headlines_and_has_the_rest_at_hand(
    visit: Visit, language: str
) -> None:
    page = visit(f"/{language}/news", viewport=PHONE)
    first = page.locator(".stories h3").first.bounding_box()
    assert first is not None
    assert first["y"] < PHONE["height"] * 0.6
    expect(page.locator(".bar")).to_be_hidden()
    page.locator(".options-button").click()
    page.locator(".bar summary").click()
    for path in ("?sort=oldest", "?size=50", ".atom", ".csv"):
        link = page.locator(f'.bar a[href="/{language}/news{path}"]')
        link.scroll_into_view_if_needed()
        expect(link).to_be_visible()
    assert not Axe().run(page, context=".bar").response["violations"]


# --- without JavaScript ------------------------------------------------------------------------
@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_everything_works_without_javascript(visit: Visit, viewport: dict[str, int]) -> None:
    page = visit("/en/news", viewport=viewport, java_script_enabled=False)
    if viewport is PHONE:
        page.get_by_role("button", name="Filters").click()
    page.get_by_label("Elections").check()
    page.get_by_role("button", name="Apply").click()
    page.wait_for_url("**/en/news?topic=elections")
    expect(page.locator(".stories > li")).to_have_count(1)
    page.get_by_role("link", name="Remove filter: Elections").click()
    page.wait_for_url("**/en/news")
    page.get_by_role("link", name="Next").click()
    page.wait_for_url("**/en/news?page=2")
    if viewport is PHONE:
        page.get_by_role("button", name="Order, follow, reuse").click()
    page.get_by_role("link", name="oldest").click()
    page.wait_for_url("**/en/news?sort=oldest")
    page.get_by_label("Words to search for").fill("judges")
    page.get_by_role("button", name="Search").click()
    page.wait_for_url("**/en/news?keywords=judges**")
    page.get_by_role("link", name="Judges meet").click()
    expect(page.locator("h1")).to_have_text("Judges meet")
    expect(page.get_by_role("button", name="Copy text")).to_be_hidden()
    page.get_by_text("Cite this story").click()
    expect(page.locator("#cite-apa")).to_be_visible()


# --- by keyboard alone ---------------------------------------------------------------------------
def test_everything_is_reached_by_keyboard(visit: Visit) -> None:
    page = visit("/en/news")
    page.keyboard.press("Tab")
    expect(page.get_by_text("Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#content")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.type("judges")
    page.keyboard.press("Enter")
    page.wait_for_url("**/en/news?keywords=judges")
    _tab_to(page, "#office-georgia")
    page.keyboard.press("Space")
    page.wait_for_url("**office=georgia")
    expect(page.locator("#office-georgia")).to_be_focused()
    expect(page.locator("#said")).to_contain_text("1 story")
    _tab_to(page, ".stories h3 a")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    page.wait_for_url("**/judges-meet")


def test_a_chip_removed_by_keyboard_leaves_the_focus_at_the_heading(visit: Visit) -> None:
    page = visit("/en/news?topic=elections")
    page.get_by_role("link", name="Remove filter: Elections").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/en/news")
    expect(page.locator("h1")).to_be_focused()


def test_escape_closes_the_filters_on_a_phone(visit: Visit) -> None:
    page = visit("/en/news", viewport=PHONE)
    page.get_by_role("button", name="Filters").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#filters")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#filters")).to_be_hidden()
    expect(page.get_by_role("button", name="Filters")).to_be_focused()


def _tab_to(page: Page, selector: str) -> None:
    for _step in range(150):
        page.keyboard.press("Tab")
        if page.evaluate(f"document.activeElement.matches({selector!r})"):
            return
    pytest.fail(f"{selector} is not reached by Tab")


# --- a story --------------------------------------------------------------------------------------
def test_a_storys_text_and_citation_can_be_copied(visit: Visit, room: Room) -> None:
    page = visit(room.full.get_absolute_url(), permissions=["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy text").click()
    expect(page.locator(".tools .said")).to_have_text("Copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("Judges meet\n\n15 March 2024")
    assert "Much was said of courts." in copied
    page.get_by_text("Cite this story").click()
    page.get_by_role("button", name=re.compile(r"^Copy citation\s*: Chicago$")).click()
    page.wait_for_function("navigator.clipboard.readText().then((t) => t.includes('/n/'))")


def test_paper_has_the_text_and_nothing_to_click(visit: Visit, room: Room) -> None:
    page = visit(room.full.get_absolute_url())
    page.emulate_media(media="print")
    expect(page.locator(".body")).to_be_visible()
    for selector in (".sections", ".tools", ".related"):
        expect(page.locator(selector)).to_be_hidden()


# --- what was found ----------------------------------------------------------------------------
def test_what_was_meant_is_said_aloud_and_can_be_followed(visit: Visit) -> None:
    page = visit("/en/news")
    page.locator("#keywords").fill("semnar")
    page.keyboard.press("Enter")
    expect(page.locator("#said")).to_contain_text("0 stories")
    expect(page.locator("#said")).to_contain_text("Did you mean seminar?")
    page.locator("#respelled a").click()
    expect(page).to_have_url(re.compile(r"keywords=seminar$"))
    expect(page.locator(".stories mark").first).to_have_text("seminar")


def test_marks_are_seen_in_forced_colours_and_interrupt_no_word(visit: Visit) -> None:
    page = visit("/en/news?keywords=judges", forced_colors="active", java_script_enabled=False)
    mark = page.locator(".stories h3 mark").first
    background = "getComputedStyle(element).backgroundColor"
    marked = mark.evaluate(f"element => {background}")
    assert marked != page.locator(".stories h3").first.evaluate(f"element => {background}")
    assert "Judges meet" in page.locator(".stories h3").first.aria_snapshot()
