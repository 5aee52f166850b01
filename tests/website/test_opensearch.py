"""The site on OpenSearch: the same lists, and a clean page while the cluster is away."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import date
from typing import Any

import feedparser
import pytest
from build import indexed, office, published, topic
from django.test import Client

from dateline.archive import check, follow, index
from dateline.operations import indexing
from dateline.publishing import verbs

pytestmark = [pytest.mark.django_db, pytest.mark.opensearch]


@pytest.fixture(autouse=True)
def _on_opensearch(opensearch_node: str, settings: Any) -> Iterator[None]:
    index.close()
    host = opensearch_node.removeprefix("http://")
    settings.SEARCH = f"opensearch://{host}/site-{secrets.token_hex(6)}"
    yield
    if "127.0.0.1:9/" not in settings.SEARCH:
        index.engine().discard()  # type: ignore[attr-defined]
    index.close()


def test_lists_feeds_and_counts_are_those_of_the_store(client: Client) -> None:
    vienna = office("vienna", "Vienna")
    branch = office("branch", "Branch", parent=vienna)
    law = topic("law", "Rule of law")
    for day in range(1, 13):
        offices = (branch if day % 2 else vienna,)
        published(f"Court {day}", published=date(2024, 1, day), offices=offices, topics=(law,))
    ici = published("La cour", language="fr", published=date(2024, 2, 1))
    indexed()
    page = client.get("/en/news?keywords=courts&office=vienna").content.decode()
    assert "12 stories" in page
    feed = feedparser.parse(client.get("/en/news.atom?office=branch").content)
    assert [entry.title for entry in feed.entries] == [
        f"Court {day}" for day in (11, 9, 7, 5, 3, 1)
    ]
    rows = client.get("/fr/news.csv")
    assert str(ici.number) in b"".join(rows.streaming_content).decode()  # type: ignore[attr-defined]


def test_what_is_withdrawn_is_gone_before_the_index_is_told(client: Client) -> None:
    story = published("Court opens")
    indexed()
    assert "court-opens" in client.get("/en/news").content.decode()
    verbs.kill(story, "Must not be used")
    assert "court-opens" not in client.get("/en/news").content.decode()


def test_the_index_is_compared_with_the_store_and_built_anew() -> None:
    story = published("Court opens")
    indexed()
    engine = index.engine()
    assert not list(check.compare(engine))
    engine.apply([], [story.pk], engine.cursor())
    assert list(check.compare(engine))
    stamp = engine.stamp()
    indexing.rebuild()
    assert not list(check.compare(engine))
    assert engine.stamp() > stamp
    assert not follow.is_astray(engine)


def test_while_the_cluster_is_away_the_site_says_so(client: Client, settings: Any) -> None:
    story = published("Court opens")
    index.close()
    settings.SEARCH = "opensearch://127.0.0.1:9/away"
    client.raise_request_exception = False
    answer = client.get("/en/news")
    assert answer.status_code == 503
    assert answer["Retry-After"] == "10"
    assert "Traceback" not in answer.content.decode()
    assert client.get(story.get_absolute_url()).status_code == 200
