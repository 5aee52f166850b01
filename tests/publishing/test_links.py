"""Links to other sites: asked by the worker after a draft was saved, said by the checks if dead."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from build import draft, published
from django.conf import settings
from django.db.models import F
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter
from webform import filled

from dateline.lib import fetch
from dateline.operations import couriers
from dateline.publishing import checks, link_courier, links
from dateline.publishing.models import OutsideLink
from dateline.stories.models import Story

pytestmark = pytest.mark.django_db


class Site:
    """Another site: how it answers at each path (200 elsewhere), and what it was asked."""

    def __init__(self) -> None:
        self.url = ""
        self.answers: dict[str, int] = {}
        self.asked: list[str] = []
        self.agents: set[str] = set()


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    made = Site()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            made.asked.append(self.path)
            made.agents.add(self.headers["User-Agent"])
            self.send_response(made.answers.get(self.path, 200))
            self.send_header("Content-Length", "0")
            if self.path == "/moved":
                self.send_header("Location", "/gone")
            self.end_headers()

        do_HEAD = do_GET  # noqa: N815 - the library's name

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    made.url = f"http://127.0.0.1:{server.server_port}"
    monkeypatch.setattr(link_courier, "allowed", lambda address: True)
    monkeypatch.setattr(settings, "LINK_CHECKS", True)
    yield made
    server.shutdown()
    server.server_close()


def linking(*urls: str) -> str:
    return "".join(f'<p><a href="{url}" rel="noopener noreferrer">there</a></p>' for url in urls)


def saved(**texts: str) -> Story:
    """A draft, saved as the desk, the API and translations save theirs."""
    story = draft("Court opens", summary="A court.", **texts)
    story.save_revision()
    return story


def warned(story: Story) -> list[tuple[str, str]]:
    """Field and sentence of what is said of links."""
    found = [(one.field, one.message) for one in checks.findings(story) if "asked" in one.message]
    assert not [one for one in checks.findings(story) if one.level == "error"]
    return found


def asked() -> None:
    """The worker's round, to its end."""
    couriers.once([courier for courier in couriers.COURIERS if courier.name == "links"])


def aged(by: timedelta) -> None:
    OutsideLink.objects.update(asked_at=F("asked_at") - by)


@pytest.mark.parametrize("status", [404, 410, 500, 503])
def test_a_dead_link_is_warned_of_where_it_stands(site: Site, status: int) -> None:
    site.answers["/gone"] = status
    story = saved(body=linking(f"{site.url}/fine", f"{site.url}/gone#part"))
    story.notes_to_editors = linking(f"{site.url}/gone?a=1&amp;b=2")
    site.answers["/gone?a=1&b=2"] = status
    story.save_revision()
    assert not warned(story), "not asked yet: nothing is known"
    asked()
    (body, first), (notes, second) = warned(story)
    assert (body, notes) == ("body", "notes_to_editors")
    assert first.startswith(f"The link to {site.url}/gone answers {status} (asked ")
    assert f"{site.url}/gone?a=1&b=2 answers {status}" in second
    assert site.agents == {f"Dateline (+{settings.ORIGIN})"}


def test_what_says_nothing_is_not_warned_of(site: Site) -> None:
    site.answers = {f"/{status}": status for status in (204, 400, 401, 403, 429, 451, 999)}
    story = saved(body=linking(*(site.url + path for path in site.answers)))
    asked()
    assert set(site.asked) == set(site.answers)
    assert not warned(story)


def test_a_redirect_answers_as_the_place_it_leads_to(site: Site) -> None:
    site.answers = {"/moved": 301, "/gone": 404}
    story = saved(body=linking(f"{site.url}/moved"))
    asked()
    ((_, sentence),) = warned(story)
    assert f"{site.url}/moved answers 404" in sentence


def test_one_address_holds_up_no_other(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    OutsideLink.objects.bulk_create(OutsideLink(url=f"{site.url}/{n}") for n in range(1100))
    OutsideLink.objects.create(url="http://127.0.0.2:1/")

    def broken(*_given: object, **_options: object) -> int:
        raise RuntimeError

    monkeypatch.setattr(link_courier.fetch, "ask", broken)
    link_courier.carry()
    assert not OutsideLink.objects.get(url="http://127.0.0.2:1/").due


def test_a_site_that_is_away_is_warned_of(site: Site) -> None:
    story = saved(body=linking("http://127.0.0.1:1/"))
    asked()
    ((_, sentence),) = warned(story)
    assert sentence.startswith("The site of http://127.0.0.1:1/ could not be reached (asked ")
    OutsideLink.objects.update(answer=links.UNTRUSTED)
    ((_, sentence),) = warned(story)
    assert sentence.startswith("The site of http://127.0.0.1:1/ has no valid certificate (asked ")


def test_only_public_addresses_of_others_are_asked(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(link_courier, "allowed", fetch.public)
    own = f"{settings.ORIGIN}/en/about"
    story = saved(body=linking(f"{site.url}/gone", own, "mailto:a@example.org", "/en/about"))
    assert [link.url for link in OutsideLink.objects.all()] == [f"{site.url}/gone"]
    asked()
    assert not site.asked
    assert not warned(story), "whoever reads in the house may well get there"
    assert not OutsideLink.objects.filter(due=True).exists()


def test_a_draft_saved_at_the_desk_is_warned_of_when_it_goes_out(
    site: Site, admin_client: Client
) -> None:
    site.answers["/gone"] = 404
    story = draft("Court opens")
    address = f"/desk/stories/edit/{story.pk}/"
    text = ContentstateConverter(["link"]).from_database_format(linking(f"{site.url}/gone"))
    admin_client.post(address, filled(admin_client, address, body=text))
    asked()
    sent = filled(admin_client, address, **{"action-publish": "1"})
    answer = admin_client.post(address, sent, follow=True).content.decode()
    assert f"The link to {site.url}/gone answers 404" in answer
    assert Story.objects.get(pk=story.pk).live


def test_the_warning_goes_when_the_link_or_the_other_site_is_put_right(site: Site) -> None:
    site.answers["/gone"] = 404
    story = saved(body=linking(f"{site.url}/gone"))
    asked()
    assert warned(story)
    site.answers.clear()
    story.save_revision()
    asked()
    assert len(site.asked) == 2, "HEAD and GET; it was asked just now"
    aged(links.AGAIN_WHEN_DEAD)
    story.save_revision()
    assert warned(story), "what is known holds until something else is"
    asked()
    assert not warned(story)
    site.answers["/gone"] = 404
    aged(timedelta(hours=1))
    story.save_revision()
    asked()
    assert not warned(story), "what was fine is not asked twice a day"
    aged(links.AGAIN)
    story.save_revision()
    asked()
    assert warned(story)
    story.body = linking(f"{site.url}/fine")
    assert not warned(story)


def test_one_of_each_site_at_a_time(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    rounds: list[list[str]] = []

    def ask(url: str) -> str:
        rounds[-1].append(url)
        return "200"

    monkeypatch.setattr(link_courier, "ask", ask)
    saved(body=linking(*(f"https://{host}.example/{i}" for host in "ab" for i in range(3))))
    more = True
    while more:
        rounds.append([])
        more = link_courier.carry()
    assert [sorted(one) for one in rounds] == [
        *([f"https://{host}.example/{i}" for host in "ab"] for i in range(3)),
        [],
    ]


def test_a_text_costs_few_queries_however_many_links_it_has(
    site: Site, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    story = saved(body=linking(*(f"https://a.example/{i}" for i in range(links.MOST + 50))))
    assert OutsideLink.objects.count() == links.MOST
    OutsideLink.objects.update(due=False, asked_at=timezone.now(), answer="404")
    with django_assert_num_queries(1):
        assert len(list(links.broken(story))) == links.MOST
    with django_assert_num_queries(1):
        links.want({"body": story.body})
    strange = linking("http://[::1", "https://a.example/" + "x" * links.LONGEST, "https://")
    with django_assert_num_queries(0):
        links.want({"body": strange})
        assert not list(links.broken(Story(body=strange)))


def test_what_no_draft_has_needed_for_long_is_forgotten(site: Site) -> None:
    story = saved(body=linking(f"{site.url}/old", f"{site.url}/kept"))
    asked()
    aged(links.KEPT)
    story.body = linking(f"{site.url}/kept", f"{site.url}/new")
    story.save_revision()
    links.tidy()
    left = OutsideLink.objects.order_by("url").values_list("url", flat=True)
    assert list(left) == [f"{site.url}/kept", f"{site.url}/new"]


def test_turned_off_nothing_is_asked(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.answers["/gone"] = 404
    story = saved(body=linking(f"{site.url}/gone"))
    monkeypatch.setattr(settings, "LINK_CHECKS", False)
    asked()
    saved(body=linking(f"{site.url}/other"))
    published("Public", body=linking(f"{site.url}/other"))
    OutsideLink.objects.update(due=False, asked_at=timezone.now(), answer="404")
    assert (site.asked, warned(story)) == ([], [])
    assert OutsideLink.objects.count() == 1
    links.tidy()
    assert not OutsideLink.objects.exists()
