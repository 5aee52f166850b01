"""WebSub: a hub on this machine is told, fetches the feeds, and hands them to a subscriber.

The hub does what the W3C's Recommendation asks of one; only its subscribers are listed by hand.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs
from urllib.request import urlopen

import feedparser
import pytest
from build import draft, indexed, office, published
from django.utils import timezone

from dateline.feeds import websub
from dateline.publishing import verbs
from dateline.publishing.models import Change

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("archive_file")]


@dataclass
class Hub:
    """What it was told, and what its one subscriber to `topic` was handed."""

    url: str = ""
    status: int = 204
    told: list[str] = field(default_factory=list)
    topic: str = ""
    handed: list[bytes] = field(default_factory=list)

    def take(self, content: bytes) -> None:
        form = parse_qs(content.decode())
        assert form["hub.mode"] == ["publish"]
        self.told += form["hub.url"]
        if self.topic in form["hub.url"]:
            with urlopen(self.topic) as answer:
                self.handed.append(answer.read())


@pytest.fixture
def hub(settings: Any) -> Iterator[Hub]:
    running = Hub()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            content = self.rfile.read(int(self.headers["Content-Length"]))
            if running.status < 300:
                running.take(content)
            self.send_response(running.status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    running.url = f"http://127.0.0.1:{server.server_port}/"
    settings.WEBSUB_HUB = running.url
    websub.carry()
    yield running
    server.shutdown()
    server.server_close()


@pytest.mark.django_db(transaction=True)
def test_a_subscriber_is_handed_the_feed_with_the_new_story(
    live_server: Any, hub: Hub, settings: Any
) -> None:
    settings.ORIGIN = live_server.url
    feed = feedparser.parse(urlopen(f"{settings.ORIGIN}/en/news.atom").read()).feed
    links = {link.rel: link.href for link in feed.links}
    assert links["hub"] == hub.url
    hub.topic = links["self"]
    published("Court opens")
    indexed()
    websub.carry()
    (handed,) = hub.handed
    assert [entry.title for entry in feedparser.parse(handed).entries] == ["Court opens"]
    websub.carry()
    assert len(hub.handed) == 1


def test_it_is_told_of_every_list_the_story_is_in(hub: Hub, settings: Any) -> None:
    branch = office("branch", "Branch", parent=office("vienna", "Vienna"))
    story = published("Court opens", offices=(branch,))
    indexed()
    websub.carry()
    paths = {address.removeprefix(settings.ORIGIN) for address in hub.told}
    assert {
        "/en/news.rss",
        "/en/news.json?office=branch",
        "/en/news.atom?office=vienna",
        f"/en/news/{story.number}/corrections.atom",
    } <= paths
    assert not any(path.startswith("/fr/") for path in paths)
    hub.told.clear()
    verbs.kill(story, "Must not be used")
    indexed()
    websub.carry()
    assert f"{settings.ORIGIN}/en/news.atom?office=vienna" in hub.told


def test_it_is_not_told_of_what_is_not_public(hub: Hub) -> None:
    hidden = draft("Embargoed")
    hidden.embargoed_until = timezone.now() + timedelta(hours=1)
    verbs.publish(hidden)
    draft("Draft")
    assert Change.objects.exists()
    indexed()
    websub.carry()
    assert hub.told == []


def test_it_is_told_only_of_what_the_feeds_show_already(hub: Hub) -> None:
    published("Court opens")
    websub.carry()
    assert hub.told == []
    indexed()
    websub.carry()
    assert hub.told


def test_a_hub_that_was_away_is_told_later(hub: Hub) -> None:
    hub.status = 503
    published("Court opens")
    indexed()
    with pytest.raises(websub.HubError, match="503"):
        websub.carry()
    hub.status = 204
    websub.carry()
    assert hub.told
