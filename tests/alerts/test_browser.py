"""Following a list as a person does it: form, mailbox, confirmation, change, leaving."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from alerts.mailbox import Mailbox, carried, html, link
from axe_playwright_python.sync_playwright import Axe
from build import indexed, office, published
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from dateline.alerts import courier
from dateline.alerts.models import Subscriber, Subscription

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ADA = "ada@example.org"
Open = Callable[..., Page]
TEXTS = {
    "en": ("Election observers arrive", "A mission of 40 observers begins its work."),
    "ar": ("وصول مراقبي الانتخابات", "تبدأ بعثة من أربعين مراقباً عملها اليوم."),
}


@pytest.fixture
def open_(chromium: Browser, live_server: LiveServer, archive_file: Path) -> Any:
    contexts = []

    def opened(path: str, **options: Any) -> Page:
        context = chromium.new_context(base_url=live_server.url, **options)
        contexts.append(context)
        page = context.new_page()
        page.goto(path)
        return page

    yield opened
    cookies = [cookie for context in contexts for cookie in context.cookies()]
    for context in contexts:
        context.close()
    assert not cookies


def _fault_free(page: Page) -> None:
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]})
    assert not [fault["id"] for fault in found.response["violations"]]
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_from_the_list_to_the_mailbox_and_out_again(
    open_: Open, mailbox: Mailbox, scripts: bool
) -> None:
    vienna = office("vienna", "Vienna")
    published("Before", published=None, offices=(vienna,))
    indexed()
    courier.carry()
    page = open_("/en/news?office=vienna", java_script_enabled=scripts)
    page.get_by_role("link", name="by e-mail", exact=True).click()
    expect(page.locator("#preview-name")).to_have_text("1 story in the last month")
    if scripts:
        _fault_free(page)
    page.get_by_label("Your e-mail address").fill(ADA)
    page.get_by_role("radio", name="Once a day").check()
    page.get_by_label("At which hour").select_option("7")
    page.get_by_label("Time zone").select_option("Asia/Almaty")
    page.get_by_role("button", name="Send me a mail to confirm").click()
    expect(page.locator("h1")).to_have_text("Look into your mailbox")
    carried()
    page.goto(link(mailbox.mails[-1], "confirm"))
    page.get_by_role("button", name="Yes, send it to me").click()
    expect(page.get_by_role("status")).to_have_text(
        "You now follow this list. Thank you for confirming."
    )
    if scripts:
        _fault_free(page)
    one = Subscription.objects.get()
    assert (one.frequency, one.hour, one.subscriber.zone) == ("daily", 7, "Asia/Almaty")
    page.get_by_text("Change", exact=True).click()
    page.get_by_role("radio", name="At once").check()
    page.get_by_role("button", name="Save").first.click()
    expect(page.get_by_role("status")).to_have_text("Your change is saved.")
    published("In Vienna", published=None, offices=(vienna,))
    carried()
    assert mailbox.subjects[-1] == (ADA, "In Vienna")
    page.goto(link(mailbox.mails[-1], "leave"))
    page.get_by_role("button", name="Leave and erase everything").click()
    expect(page.locator("h1")).to_have_text("You have left")
    assert not Subscriber.objects.exists()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_mail_looks_right(
    open_: Open, mailbox: Mailbox, follow: Any, language: str, scheme: str, tmp_path: Path
) -> None:
    vienna = office("vienna", "Vienna", names={"ar": "مكتب فيينا"})
    follow(ADA, languages=(language, "en"))
    headline, summary = TEXTS[language]
    published(headline, language=language, published=None, offices=(vienna,), summary=summary)
    carried()
    page = open_("about:blank", color_scheme=scheme, viewport={"width": 390, "height": 700})
    page.set_content(html(mailbox.mails[-1]))
    _fault_free(page)
    shade = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (shade == "rgb(21, 23, 26)") is (scheme == "dark")
    assert page.locator("h2").evaluate("e => getComputedStyle(e).textAlign") == (
        "right" if language == "ar" else "left"
    )
    page.screenshot(path=tmp_path / f"{language}-{scheme}.png")
