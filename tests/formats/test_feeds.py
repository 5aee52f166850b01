"""Atom and JSON Feed as strangers see them: feedparser, an XML parser, the published schema."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import fastfeedparser
import feedparser
import jsonschema
import pytest
from defusedxml import ElementTree
from hypothesis import given
from hypothesis import strategies as st

from dateline.formats.atom.write import write as write_atom
from dateline.formats.feed import Attachment, Category, Entry, Feed, Picture, moment
from dateline.formats.jsonfeed.write import write as write_json
from dateline.formats.record import Record
from dateline.formats.rss.read import read as read_rss
from dateline.formats.rss.write import write as write_rss
from dateline.lib.reading import from_bytes

_ATOM = "{http://www.w3.org/2005/Atom}"
_VIENNA = ZoneInfo("Europe/Vienna")
_FULL = Entry(
    id="tag:newsroom.example,2024:17",
    url="https://newsroom.example/fr/news/17/juges",
    headline="Les juges & <nous>",
    published=date(2024, 7, 1),
    updated=datetime(2024, 7, 2, 12, 30, 15, 999, tzinfo=UTC),
    language="fr",
    summary="Deux jours.",
    body_html="<p>Le <em>texte</em> &amp; la suite.</p>",
    authors=("Anne", "Boris"),
    categories=(Category("topic", "rule-of-law", "État de droit"),),
    pictures=(Picture("https://newsroom.example/a.jpg", "image/jpeg", "A map", "Cities", "Us"),),
    attachments=(Attachment("https://newsroom.example/a.pdf", "application/pdf", "Rapport", 99),),
    source_url="https://elsewhere.example/17",
)
_BARE = Entry(
    "urn:x:1", "https://newsroom.example/1", "H", datetime(2024, 7, 1, 9, tzinfo=UTC), "ar"
)
_FEED = Feed(
    title="News & more",
    home_url="https://newsroom.example/en/news",
    feed_url="https://newsroom.example/en/news.atom?topic=rule-of-law&page=1",
    language="en",
    updated=datetime(2024, 7, 3, tzinfo=UTC),
    entries=(_FULL, _BARE),
    description="What is new",
    next_url="https://newsroom.example/en/news.atom?page=2",
    icon_url="https://newsroom.example/icon.png",
    publisher="The Organisation",
    zone=_VIENNA,
)


@pytest.fixture(scope="session")
def check_json_feed(real_data: Path) -> Callable[[bytes], None]:
    schema = json.loads((real_data / "schemas" / "jsonfeed-1.1.schema.json").read_text())
    validator = jsonschema.validators.validator_for(schema)(
        schema, format_checker=jsonschema.FormatChecker()
    )
    return lambda document: validator.validate(json.loads(document))


def test_atom_is_read_by_feedparser_without_complaint() -> None:
    parsed = feedparser.parse(write_atom(_FEED))
    assert (parsed.bozo, parsed.version) == (False, "atom10")
    assert (parsed.feed.title, parsed.feed.subtitle) == ("News & more", "What is new")
    assert {(link.rel, link.href) for link in parsed.feed.links} == {
        ("self", _FEED.feed_url),
        ("alternate", _FEED.home_url),
        ("next", _FEED.next_url),
    }
    full, bare = parsed.entries
    assert (full.title, full.summary) == ("Les juges & <nous>", "Deux jours.")
    assert full.content[0].value == _FULL.body_html
    assert (full.published, full.updated) == (
        "2024-07-01T00:00:00+02:00",
        "2024-07-02T12:30:15+00:00",
    )
    assert [author.name for author in full.authors] == ["Anne", "Boris"]
    assert [(tag.scheme, tag.term, tag.label) for tag in full.tags] == [
        ("topic", "rule-of-law", "État de droit")
    ]
    assert [(link.href, link.type, link.get("length")) for link in full.enclosures] == [
        ("https://newsroom.example/a.jpg", "image/jpeg", None),
        ("https://newsroom.example/a.pdf", "application/pdf", "99"),
    ]
    assert [link.href for link in full.links if link.rel == "via"] == [_FULL.source_url]
    assert full.title_detail.language == "fr"
    assert bare.updated == bare.published == "2024-07-01T09:00:00+00:00"


def test_rss_is_read_by_two_readers_without_complaint() -> None:
    document = write_rss(_FEED)
    parsed = feedparser.parse(document)
    assert (parsed.bozo, parsed.version) == (False, "rss20")
    full, bare = parsed.entries
    assert (full.title, full.summary, full.id) == ("Les juges & <nous>", "Deux jours.", _FULL.id)
    assert full.content[0].value == _FULL.body_html
    assert full.link == _FULL.url
    assert [author.name for author in full.authors] == ["Anne", "Boris"]
    assert (full.published, full.updated) == (
        "Mon, 01 Jul 2024 00:00:00 +0200",
        "2024-07-02T12:30:15+00:00",
    )
    assert [(tag.scheme, tag.term) for tag in full.tags] == [("topic", "État de droit")]
    assert [(link.href, link.length) for link in full.enclosures] == [
        ("https://newsroom.example/a.pdf", "99")
    ]
    (picture,) = full.media_content
    assert (picture["url"], picture["medium"]) == ("https://newsroom.example/a.jpg", "image")
    assert full.media_credit[0]["content"] == "Us"
    assert (bare.title, bare.published) == ("H", "Mon, 01 Jul 2024 09:00:00 +0000")

    other = fastfeedparser.parse(document)
    assert other.feed.title == _FEED.title
    assert [(entry.title, entry.id, entry.link) for entry in other.entries] == [
        (entry.headline, entry.id, entry.url) for entry in _FEED.entries
    ]


@given(st.text(), st.text(), st.text())
def test_any_text_makes_well_formed_rss(headline: str, summary: str, name: str) -> None:
    entry = replace(_FULL, headline=headline, summary=summary, authors=(name,))
    root = ElementTree.fromstring(write_rss(replace(_FEED, entries=(entry,))))
    assert len(root.findall("channel/item")) == 1


def test_atom_has_what_rfc_4287_demands() -> None:
    root = ElementTree.fromstring(write_atom(_FEED))
    assert root.tag == f"{_ATOM}feed"
    for element in (root, *root.iter(f"{_ATOM}entry")):
        for name in ("id", "title", "updated"):
            assert len(element.findall(f"{_ATOM}{name}")) == 1, name
        assert (
            len(
                [link for link in element.findall(f"{_ATOM}link") if link.get("rel") == "alternate"]
            )
            == 1
        )
    assert root.findall(f"{_ATOM}author")  # 4.1.1: on the feed, or on every entry


def test_atom_is_read_back_by_our_own_reader() -> None:
    record = next(iter(read_rss(from_bytes(write_atom(_FEED)))))
    assert isinstance(record, Record)
    assert record.external_id == _FULL.id
    assert (record.headline, record.summary, record.body) == (
        _FULL.headline,
        _FULL.summary,
        _FULL.body_html,
    )
    assert (record.url, record.language, record.byline) == (_FULL.url, "fr", "Anne, Boris")
    assert record.topics == ("État de droit",)


def test_json_feed_satisfies_the_schema(check_json_feed: Callable[[bytes], None]) -> None:
    document = write_json(_FEED)
    check_json_feed(document)
    full, bare = json.loads(document)["items"]
    assert full == {
        "id": _FULL.id,
        "url": _FULL.url,
        "external_url": "https://elsewhere.example/17",
        "title": _FULL.headline,
        "summary": "Deux jours.",
        "content_html": _FULL.body_html,
        "image": "https://newsroom.example/a.jpg",
        "date_published": "2024-07-01T00:00:00+02:00",
        "date_modified": "2024-07-02T12:30:15+00:00",
        "language": "fr",
        "authors": [{"name": "Anne"}, {"name": "Boris"}],
        "tags": ["État de droit"],
        "attachments": [
            {
                "url": "https://newsroom.example/a.pdf",
                "mime_type": "application/pdf",
                "title": "Rapport",
                "size_in_bytes": 99,
            }
        ],
    }
    assert bare["content_text"] == "H"
    assert "content_html" not in bare


_TEXT = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=15)
_SAID = _TEXT.filter(str.strip)
_ENTRIES = st.builds(
    Entry,
    id=st.integers(min_value=1).map("urn:x:{}".format),
    url=st.integers(min_value=1).map("https://newsroom.example/{}".format),
    headline=_SAID,
    published=st.dates() | st.datetimes(timezones=st.just(UTC)),
    language=st.sampled_from(["en", "ar", "pt-BR"]),
    updated=st.none() | st.datetimes(timezones=st.just(UTC)),
    summary=_TEXT,
    body_html=_TEXT,
    authors=st.lists(_SAID, max_size=2),
    categories=st.lists(st.builds(Category, _SAID, _SAID, _SAID), max_size=2),
    attachments=st.lists(
        st.builds(
            Attachment,
            st.just("https://newsroom.example/a"),
            st.just("text/plain"),
            _TEXT,
            st.none() | st.integers(min_value=0, max_value=2**50),
        ),
        max_size=2,
    ),
)


@given(st.lists(_ENTRIES, max_size=3), _SAID)
def test_whatever_stories_hold_the_feeds_are_valid(entries: list[Entry], title: str) -> None:
    feed = Feed(
        title,
        "https://newsroom.example/",
        "https://newsroom.example/feed",
        "en",
        datetime(2024, 7, 3, tzinfo=UTC),
        entries,
        zone=_VIENNA,
    )
    items = json.loads(write_json(feed))["items"]
    assert [item["title"] for item in items] == [entry.headline for entry in entries]
    root = ElementTree.fromstring(write_atom(feed))
    assert len(root.findall(f"{_ATOM}entry")) == len(entries)
    parsed = feedparser.parse(write_atom(feed))
    assert not parsed.bozo
    assert [entry.id for entry in parsed.entries] == [entry.id for entry in entries]


def test_a_date_begins_in_the_newsrooms_zone() -> None:
    assert moment(date(2024, 1, 1), _VIENNA) == "2024-01-01T00:00:00+01:00"
    assert moment(datetime(2024, 7, 1, 9), _VIENNA) == "2024-07-01T09:00:00+02:00"  # noqa: DTZ001
    assert moment(datetime(2024, 7, 1, 9, tzinfo=UTC), _VIENNA) == "2024-07-01T09:00:00+00:00"
