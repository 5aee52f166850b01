"""RSS and Atom: each dialect, its slips, and XML that attacks."""

import gzip
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dateline.formats.record import Record, Rejection
from dateline.formats.rss.read import read
from dateline.lib.reading import SourceError, from_bytes, open_source


def _read(data: str | bytes, name: str = "feed") -> list[Record | Rejection]:
    return list(read(from_bytes(data if isinstance(data, bytes) else data.encode(), name)))


def _rss(items: str, head: str = "") -> str:
    return (
        f'<?xml version="1.0"?>{head}\n'
        '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/">\n'
        f"<channel><title>News</title><language>en-gb</language>\n{items}</channel></rss>"
    )


_ITEM = "<item><title>T</title><pubDate>Thu, 19 Dec 2024 10:00:00 GMT</pubDate></item>\n"


def test_rss_2(fixtures: Path) -> None:
    with open_source(fixtures / "newsroom.rss") as source:
        first, second = read(source)
    assert first == Record(
        headline="Courts & judges meet",
        published=datetime(2024, 12, 19, 10, tzinfo=timezone(timedelta(hours=1))),
        line=9,
        external_id="tag:newsroom.example,2024:17",
        language="en",
        topics=("Rule of law", "Gender equality"),
        summary="A two-day meeting.",
        body="<p>The <em>full</em> text.</p>",
        dateline="VIENNA, 18 December 2024",
        byline="Press Office",
        url="https://newsroom.example/17",
    )
    assert isinstance(second, Rejection)
    assert (second.line, second.field) == (20, "published")


def test_rss_1_and_rss_091(fixtures: Path) -> None:
    for name, published in (("rss1.rdf", date(2003, 1, 14)), ("rss091.xml", date(2000, 10, 17))):
        with open_source(fixtures / name) as source:
            (record,) = read(source)
        assert isinstance(record, Record)
        assert record.headline == "Old news"
        moment = record.published
        assert (moment.date() if isinstance(moment, datetime) else moment) == published


def test_atom(fixtures: Path) -> None:
    with open_source(fixtures / "newsroom.atom") as source:
        first, second = read(source)
    assert first == Record(
        headline="Les juges se réunissent",
        published=datetime(2024, 12, 19, 9, tzinfo=UTC),
        updated=datetime(2024, 12, 20, 9, tzinfo=UTC),
        line=6,
        external_id="tag:newsroom.example,2024:17",
        language="fr",
        topics=("État de droit",),
        summary="Deux jours.",
        body="<p>Le texte.</p>",
        byline="Anne, Boris",
        url="https://newsroom.example/fr/17",
    )
    assert isinstance(second, Record)
    assert (second.language, second.headline, second.summary) == ("de", "Kurz & gut", "")
    assert second.body == "<p>Nur Text.</p>"


def test_a_description_with_paragraphs_is_the_body() -> None:
    (record,) = _read(
        _rss(
            _ITEM.replace(
                "</item>", f"<description>{escape('<p>One.</p><p>Two.</p>')}</description></item>"
            )
        )
    )
    assert isinstance(record, Record)
    assert (record.body, record.summary) == ("<p>One.</p><p>Two.</p>", "")


def test_relative_links_are_resolved_against_the_address_fetched() -> None:
    item = _ITEM.replace("</item>", "<link>/17</link></item>")
    (record,) = _read(_rss(item), name="https://newsroom.example/feed.rss")
    assert isinstance(record, Record)
    assert record.url == "https://newsroom.example/17"


def test_a_feed_that_is_not_well_formed_is_read_and_reported() -> None:
    first, second, error = _read(_rss(_ITEM + _ITEM.replace("T<", "A & B<")))
    assert isinstance(first, Record)
    assert isinstance(second, Record)
    assert second.headline == "A & B"
    assert isinstance(error, Rejection)
    assert (error.line, error.field) == (5, "record")


def test_a_feed_that_ends_early_says_so() -> None:
    found = _read(_rss(_ITEM * 3).rpartition("</item>")[0])
    assert [item.cut for item in found if isinstance(item, Record)] == [False, False, True]
    assert isinstance(found[-1], Rejection)
    assert "no element found" in found[-1].reason


def _attacks() -> Iterator[tuple[str, bytes]]:
    laughs = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    outside = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    parameter = '<!DOCTYPE x [<!ENTITY % p SYSTEM "http://127.0.0.1/x.dtd"> %p;]>'
    for name, head in (("laughs", laughs), ("outside", outside), ("parameter", parameter)):
        text = _rss(_ITEM.replace("T<", "&a;<"), head)
        yield name, text.encode()
        yield f"{name} in UTF-16", text.encode("utf-16")
        yield f"{name} behind an error", text.replace("<!ENTITY", "< <!ENTITY", 1).encode()
        yield f"{name}, packed", gzip.compress(text.encode())


@pytest.mark.parametrize(("name", "data"), list(_attacks()))
def test_entities_are_refused(name: str, data: bytes) -> None:
    with pytest.raises(SourceError, match="declares entities"):
        _read(data)


def test_a_document_type_is_not_followed() -> None:
    head = '<!DOCTYPE rss PUBLIC "-//N//DTD RSS 0.91//EN" "http://127.0.0.1:9/rss.dtd">'
    (record,) = _read(_rss(_ITEM, head))
    assert isinstance(record, Record)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ("", "not a feed"),
        ("<html><body>x</body></html>", "web page"),
        ("<x/>", "not a feed"),
        ("Plain text", "not a feed"),
        (b"\x00\x01\x02", "not a feed"),
    ],
)
def test_what_is_no_feed_is_refused(data: str | bytes, reason: str) -> None:
    with pytest.raises(SourceError, match=reason):
        _read(data)


@pytest.mark.parametrize("encoding", ["utf-16", "windows-1251", "iso-8859-2", "utf-8-sig"])
def test_the_declared_encoding_is_read(encoding: str) -> None:
    text = _rss(_ITEM.replace("T<", "Суд<" if "1251" in encoding else "Žena<"))
    declared = text.replace(
        'version="1.0"', f'version="1.0" encoding="{encoding.removesuffix("-sig")}"', 1
    )
    (record,) = _read(declared.encode(encoding))
    assert isinstance(record, Record)
    assert record.headline in ("Суд", "Žena")


@given(
    st.lists(
        st.sampled_from(
            [
                _ITEM,
                "<item>",
                "</item>",
                "<title>",
                "&amp;",
                "&",
                "<![CDATA[",
                "]]>",
                "<",
                "é",
                "<?x",
            ]
        )
        | st.text(max_size=5)
    ).map("".join)
)
def test_any_feed_is_read_or_refused(items: str) -> None:
    with suppress(SourceError):
        _read(_rss(items).encode("utf-8", "replace"))
