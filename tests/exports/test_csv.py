"""The whole result as a table, read by the csv module."""

from __future__ import annotations

import csv
import io
import tracemalloc
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from build import genre, indexed, office, published, topic
from django.http import HttpResponseBase, StreamingHttpResponse
from django.test import RequestFactory
from django.utils import timezone

from dateline.archive import endings, walk
from dateline.archive.query import Query
from dateline.publishing import verbs
from dateline.publishing.models import Change, Datestamp
from dateline.stories.models import Story

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("archive_file")]
ORIGIN = "https://news.example.org"


@pytest.fixture(autouse=True)
def _origin(settings: Any) -> None:
    settings.ORIGIN = ORIGIN


def _get(query: Query, method: str = "GET", **headers: str) -> HttpResponseBase:
    ending = endings.get("csv")
    assert ending
    request = RequestFactory().generic(method, query.path("csv"), headers=headers)
    return ending.respond(request, query)


def _pieces(query: Query) -> Iterator[bytes]:
    answer = _get(query)
    assert isinstance(answer, StreamingHttpResponse)
    return iter(answer.streaming_content)  # type: ignore[arg-type]


def _rows(query: Query) -> list[dict[str, str]]:
    text = b"".join(_pieces(query)).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_a_row_tells_all_a_list_knows_of_a_story() -> None:
    story = published(
        'Court "opens", sits\nand rises',
        published=date(2024, 7, 1),
        summary="A lead; with a semicolon",
        offices=(office("vienna", "Vienna"), office("astana", "Astana")),
        topics=(topic("law", "Rule of law"),),
        genre=genre("news", "News"),
        byline="A. Writer",
        location="Vienna",
    )
    Story.objects.filter(pk=story.pk).update(source_url="https://old.example.org/1")
    indexed()
    assert _rows(Query("en")) == [
        {
            "id": f"{ORIGIN}/n/{story.number}#en",
            "number": str(story.number),
            "language": "en",
            "headline": 'Court "opens", sits\nand rises',
            "published_on": "2024-07-01",
            "published_at": "",
            "updated_at": "",
            "genre": "News",
            "offices": "Astana; Vienna",
            "topics": "Rule of law",
            "genre_slug": "news",
            "office_slugs": "astana; vienna",
            "topic_slugs": "law",
            "dateline": "",
            "location": "Vienna",
            "byline": "A. Writer",
            "summary": "A lead; with a semicolon",
            "url": f"{ORIGIN}/en/news/{story.number}/{story.slug}",
            "source": "https://old.example.org/1",
        }
    ]


def test_a_time_is_given_where_one_is_known() -> None:
    published("Timed", published=datetime(2024, 7, 1, 9, 30))  # noqa: DTZ001 - the desk's time
    indexed()
    row = _rows(Query("en"))[0]
    assert (row["published_on"], row["published_at"]) == ("2024-07-01", "2024-07-01T09:30:00+02:00")


def test_terms_are_named_in_the_lists_language() -> None:
    law = topic("law", "Rule of law", names={"fr": "État de droit"})
    published("Court opens", topics=(law,))
    published("La cour ouvre", language="fr", topics=(law,))
    indexed()
    both = Query("fr", selections=(("language", ("en", "fr")),))
    assert [row["topics"] for row in _rows(both)] == ["État de droit"] * 2


def test_the_whole_result_comes_whatever_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walk, "BATCH", 4)
    for number in range(11):
        published(f"Story {number}", published=date(2024, 1, 1 + number))
    published("Elsewhere", language="fr")
    indexed()
    rows = _rows(Query("en", page=2, size=10))
    assert [row["headline"] for row in rows] == [f"Story {n}" for n in reversed(range(11))]
    oldest = _rows(Query("en", sort="oldest", keywords="story"))
    assert [row["headline"] for row in oldest] == [f"Story {n}" for n in range(11)]


def test_cells_are_no_formulas() -> None:
    published("=HYPERLINK(1)", summary="-1+1")
    indexed()
    row = _rows(Query("en"))[0]
    assert (row["headline"], row["summary"]) == ("'=HYPERLINK(1)", "'-1+1")


def test_an_empty_result_is_a_header() -> None:
    assert _rows(Query("en")) == []
    assert b"".join(_pieces(Query("en"))).startswith(b"\xef\xbb\xbfid,number,language,headline,")


def test_headers_say_what_it_is_and_how_to_save_it() -> None:
    answer = _get(Query("en", selections=(("topic", ('a"b\r\nc',)),)))
    assert answer["Content-Type"] == "text/csv; charset=utf-8; header=present"
    assert answer["Cache-Control"] == "public, no-cache"
    name = answer["Content-Disposition"]
    assert name == 'attachment; filename="news-and-press-releases-about-a-b-c.csv"'


def test_a_reader_that_has_it_is_told_so() -> None:
    published("Court opens")
    indexed()
    for kept in (Change, Datestamp):
        kept.objects.update(at=timezone.now() - timedelta(minutes=1))
    first = _get(Query("en"))
    again = _get(Query("en"), if_modified_since=first["Last-Modified"])
    assert again.status_code == 304
    published("Another")
    indexed()
    again = _get(Query("en"), if_modified_since=first["Last-Modified"])
    assert again.status_code == 200


def test_asking_for_the_headers_alone_reads_no_story() -> None:
    published("Court opens")
    indexed()
    answer = _get(Query("en"), "HEAD")
    assert isinstance(answer, StreamingHttpResponse)
    assert b"Court" not in b"".join(answer)


def test_what_is_withdrawn_while_it_is_sent_is_not_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walk, "BATCH", 1)
    monkeypatch.setattr("dateline.formats.csv.write._ROWS", 1)
    first, second = (published(f"Story {n}", published=date(2024, 1, 3 - n)) for n in range(2))
    indexed()
    pieces = _pieces(Query("en"))
    assert next(pieces).startswith(b"\xef\xbb\xbfid,")  # at once
    assert first.headline.encode() in next(pieces)
    verbs.kill(second, "Must not be used")
    assert second.headline.encode() not in b"".join(pieces)


def test_memory_does_not_grow_with_the_result(monkeypatch: pytest.MonkeyPatch) -> None:
    """Twenty times as many stories, each with a long lead: the peak stays where it was."""
    monkeypatch.setattr(walk, "BATCH", 5)
    monkeypatch.setattr("dateline.formats.csv.write._ROWS", 5)
    for number in range(100):
        published(
            f"Story {number}",
            summary="long " * 2000,
            published=date(2024, 1 + number // 25, 1 + number % 25),
        )
    indexed()
    few = Query("en", since=date(2024, 1, 1), until=date(2024, 1, 5))
    small, large = _peak(few), _peak(Query("en"))
    assert large < 2 * small


def _peak(query: Query) -> int:
    list(map(len, _pieces(query)))  # caches are filled
    tracemalloc.start()
    try:
        assert sum(map(len, _pieces(query))) > 50_000
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
