"""What is written for other programs, read by other programs."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import bibtexparser
import duckdb
import pyarrow.parquet as pq
import pytest
import rispy
import schemas
from citeproc import (
    Citation,
    CitationItem,
    CitationStylesBibliography,
    CitationStylesStyle,
    formatter,
)
from citeproc.source.json import CiteProcJSON
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from samples import BARE, FULL, GONE, PUBLISHER, any_entries

from dateline.formats.bibtex.write import write as bibtex
from dateline.formats.columns import COLUMNS, cells
from dateline.formats.csljson.write import write as csljson
from dateline.formats.csv import unprotect
from dateline.formats.csv.write import HEADER
from dateline.formats.csv.write import write as table
from dateline.formats.feed import Entry
from dateline.formats.jsonlines.read import read as read_jsonlines
from dateline.formats.jsonlines.write import write as jsonlines
from dateline.formats.newsmlg2.write import write as newsml
from dateline.formats.newsmlg2.write import write_all as newsml_message
from dateline.formats.ninjs.write import write as ninjs
from dateline.formats.ninjs.write import write_all as ninjs_list
from dateline.formats.parquet import write as parquet_write
from dateline.formats.pdf import nodes as pdf_nodes
from dateline.formats.plaintext.write import write as plaintext
from dateline.formats.record import Record
from dateline.formats.ris.write import write as ris
from dateline.formats.sheet import Sheet
from dateline.lib.reading import open_source

THREE = (FULL, BARE, GONE)
NEWS = "{http://iptc.org/std/nar/2006-10-01/}"


@pytest.fixture(scope="session")
def schema_folder(real_data: Path) -> Path:
    return real_data / "schemas"


def _ninjs_list(entries: Iterable[Entry]) -> bytes:
    uri = "https://news.example.org/en/news.ninjs"
    return b"".join(ninjs_list(entries, "All news", uri, "en", PUBLISHER))


def _message(entries: Iterable[Entry]) -> bytes:
    sent = datetime(2024, 3, 17, tzinfo=UTC)
    return b"".join(newsml_message(entries, sent, "All <news>", "id&1", PUBLISHER))


# --- ninjs ------------------------------------------------------------------------------------
@settings(max_examples=25)
@given(entry=any_entries())
def test_ninjs_is_what_its_schema_wants(schema_folder: Path, entry: Entry) -> None:
    assert _ninjs_errors(schema_folder, ninjs(entry, PUBLISHER)) == []


def test_ninjs_of_a_list_is_what_its_schema_wants(schema_folder: Path) -> None:
    for document in (_ninjs_list(THREE), _ninjs_list([])):
        assert _ninjs_errors(schema_folder, document) == []


def _ninjs_errors(folder: Path, document: bytes) -> list[str]:
    found = schemas.ninjs(folder).iter_errors(json.loads(document))
    return [error.message for error in found]


def test_ninjs_says_what_may_be_used() -> None:
    full, gone = (json.loads(ninjs(entry, PUBLISHER)) for entry in (FULL, GONE))
    assert (full["pubStatus"], gone["pubStatus"]) == ("usable", "canceled")
    assert (full["version"], gone["edNote"]) == ("2", "The figures were wrong.")
    assert full["headlines"][0]["value"] == FULL.headline
    assert full["bodies"][0]["value"] == FULL.body_html
    assert "bodies" not in gone
    assert [picture["type"] for picture in full["associations"]] == ["picture"]
    assert [subject["name"] for subject in full["subjects"]] == ["Rule of law", "Courts; and more"]


# --- NewsML-G2 --------------------------------------------------------------------------------
@settings(max_examples=25)
@given(entry=any_entries())
def test_newsml_is_what_its_schema_wants(schema_folder: Path, entry: Entry) -> None:
    assert schemas.newsml_errors(schema_folder, newsml(entry, PUBLISHER)) == []
    assert schemas.newsml_errors(schema_folder, _message([entry, *THREE])) == []


def test_newsml_carries_the_text_as_xhtml_and_says_what_may_be_used() -> None:
    message = etree.fromstring(_message(THREE))
    status = message.findall(f".//{NEWS}pubStatus")
    assert [each.get("qcode") for each in status] == ["stat:usable", "stat:usable", "stat:canceled"]
    bodies = message.findall(".//{http://www.w3.org/1999/xhtml}body")
    assert len(bodies) == 1
    assert "".join(bodies[0].itertext()).startswith("First & bold,then a link.Below")
    assert message.findtext(f".//{NEWS}edNote") == "The figures were wrong."
    languages = [
        item.get("{http://www.w3.org/XML/1998/namespace}lang")
        for item in message.iter(f"{NEWS}newsItem")
    ]
    assert languages == ["en", "ar", "ru"]


# --- columns ----------------------------------------------------------------------------------
def _parquet(entries: Iterable[Entry]) -> bytes:
    return b"".join(parquet_write.write(entries, {"title": "All news"}))


@settings(max_examples=15)
@given(entries=st.lists(any_entries(), max_size=5))
def test_parquet_holds_every_cell(entries: list[Entry], tmp_path_factory: Any) -> None:
    path = tmp_path_factory.mktemp("parquet") / "stories.parquet"
    path.write_bytes(_parquet([*entries, *THREE]))
    names = ", ".join(f'"{column.name}"' for column in COLUMNS)
    with duckdb.connect() as db:
        db.execute("SET TimeZone = 'UTC'")
        found = db.execute(f"SELECT {names} FROM read_parquet('{path}')").fetchall()  # noqa: S608
    wanted = [tuple(map(_stored, cells(entry).values())) for entry in (*entries, *THREE)]
    assert [tuple(map(_stored, row)) for row in found] == wanted


def _stored(value: Any) -> Any:
    """Moments are kept to the millisecond, in UTC."""
    if isinstance(value, datetime):
        value = value.astimezone(UTC)
        return value.replace(microsecond=value.microsecond // 1000 * 1000)
    return value


def test_parquet_says_what_its_columns_are(tmp_path: Path) -> None:
    path = tmp_path / "stories.parquet"
    path.write_bytes(_parquet(THREE))
    schema = pq.read_schema(path)
    assert [field.name for field in schema] == [column.name for column in COLUMNS]
    types = {field.name: str(field.type) for field in schema}
    assert types["published_on"] == "date32[day]"
    assert types["published_at"] == "timestamp[ms, tz=UTC]"
    assert types["topics"].startswith("list<")
    assert schema.metadata[b"title"] == b"All news"
    assert all(field.metadata[b"description"] for field in schema)


def test_long_texts_are_written_in_more_groups(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet_write, "_CHARACTERS", 5_000)
    path = tmp_path / "stories.parquet"
    path.write_bytes(_parquet([replace(FULL, body_html="long " * 700)] * 4))
    assert pq.ParquetFile(path).metadata.num_row_groups == 2


@settings(max_examples=25)
@given(entries=st.lists(any_entries(), max_size=5))
def test_json_lines_hold_every_cell(entries: list[Entry]) -> None:
    lines = b"".join(jsonlines([*entries, *THREE], UTC)).decode().split("\n")
    assert lines.pop() == ""
    for line, entry in zip(lines, [*entries, *THREE], strict=True):
        read, wanted = json.loads(line), cells(entry)
        assert read.keys() == wanted.keys()
        for name in ("headline", "summary", "body", "text", "topics", "office_slugs", "version"):
            assert read[name] == wanted[name]
        assert date.fromisoformat(read["published_on"]) == wanted["published_on"]
        if wanted["published_at"]:
            assert datetime.fromisoformat(read["published_at"]) == wanted["published_at"]


def test_json_lines_can_be_imported_again(tmp_path: Path) -> None:
    path = tmp_path / "stories.ndjson"
    path.write_bytes(b"".join(jsonlines([FULL, BARE], UTC)))
    full, bare = read_jsonlines(open_source(path))
    assert isinstance(full, Record)
    assert isinstance(bare, Record)
    assert (full.headline, full.published, full.body) == (
        FULL.headline,
        FULL.published,
        FULL.body_html,
    )
    assert (full.topics, full.genre) == (("Rule of law", "Courts; and more"), "Press release")
    assert (bare.headline, bare.published, bare.language) == (BARE.headline, BARE.published, "ar")


@settings(max_examples=25)
@given(entries=st.lists(any_entries(), max_size=5))
def test_a_table_holds_every_cell(entries: list[Entry]) -> None:
    written = b"".join(table([*entries, *THREE], UTC)).decode("utf-8-sig")
    header, *rows = csv.reader(io.StringIO(written, newline=""))
    assert tuple(header) == HEADER
    for row, entry in zip(rows, [*entries, *THREE], strict=True):
        wanted, read = cells(entry), dict(zip(HEADER, map(unprotect, row), strict=True))
        for name in ("headline", "summary", "dateline", "byline"):
            assert read[name].replace("\r", "\n") == (wanted[name] or "").replace("\r", "\n")
        assert read["topics"] == "; ".join(wanted["topics"])
        assert read["published_on"] == wanted["published_on"].isoformat()


# --- what was broken off ----------------------------------------------------------------------
@given(share=st.floats(0, 0.999))
@settings(max_examples=20)
def test_what_was_broken_off_does_not_look_whole(share: float) -> None:
    for whole, read in (
        (_ninjs_list(THREE), json.loads),
        (_message(THREE), etree.fromstring),
        (_parquet(THREE), lambda some: pq.ParquetFile(io.BytesIO(some))),
    ):
        part = whole.rstrip()[: int(share * len(whole.rstrip()))]
        with pytest.raises((ValueError, etree.XMLSyntaxError)):
            read(part)


# --- references -------------------------------------------------------------------------------
@settings(max_examples=25)
@given(entry=any_entries())
def test_bibtex_is_one_entry_whatever_the_text(entry: Entry) -> None:
    library = bibtexparser.parse_string(bibtex(entry, PUBLISHER).decode())
    assert library.failed_blocks == []
    assert [each.key for each in library.entries] == [f"org-co-{entry.number}-en"]
    title = library.entries[0]["title"].removeprefix("{").removesuffix("}")
    assert _untexed(title).split() == entry.headline.split()


def _untexed(text: str) -> str:
    for command, character in (("tilde", "~"), ("circum", "^")):
        text = text.replace(f"\\textascii{command}{{}}", character)
    marked = text.replace("\\textbackslash{}", "\0")
    for character in "{}$&%#_":
        marked = marked.replace(f"\\{character}", character)
    return marked.replace("\0", "\\")


def test_bibtex_says_what_is_cited() -> None:
    read = bibtexparser.parse_string(bibtex(FULL, PUBLISHER).decode()).entries[0]
    assert (read.entry_type, read["date"], read["month"]) == ("misc", "2024-03-15", "mar")
    assert read["author"] == "{A. Writer} and {B. Writer \\& Daughter}"
    assert (read["version"], read["note"]) == ("2", "Version 2, 2024-03-16")
    assert read["url"] == "https://news.example.org/n/12"
    bare = bibtexparser.parse_string(bibtex(BARE, PUBLISHER).decode()).entries[0]
    assert (bare["author"], bare["title"]) == ("{Org \\& Co}", "{افتتاح المحكمة}")


@settings(max_examples=25)
@given(entry=any_entries())
def test_ris_is_one_record_whatever_the_text(entry: Entry) -> None:
    (read,) = rispy.loads(ris(entry, PUBLISHER).decode())
    assert read["title"].split() == entry.headline.split()
    assert read["type_of_reference"] == "ELEC"


def test_ris_says_what_is_cited() -> None:
    (read,) = rispy.loads(ris(FULL, PUBLISHER).decode())
    assert (read["authors"], read["year"]) == (["A. Writer", "B. Writer & Daughter"], "2024")
    assert (read["date"], read["edition"]) == ("2024/03/15", "2")
    assert read["urls"] == ["https://news.example.org/n/12"]
    assert read["keywords"] == ["Rule of law", "Courts; and more", "Vienna"]
    (gone,) = rispy.loads(ris(GONE, PUBLISHER).decode())
    assert (gone["title"], gone["notes"]) == ("[Retracted] Заголовок", ["The figures were wrong."])


@pytest.mark.filterwarnings("ignore::UserWarning")  # the processor's own
def test_a_citation_processor_cites_from_csl_json() -> None:
    written = [json.loads(csljson(entry, PUBLISHER)) for entry in (FULL, BARE)]
    items = CiteProcJSON([item for items in written for item in items])
    style = CitationStylesStyle("harvard-cite-them-right", validate=False)
    bibliography = CitationStylesBibliography(style, items, formatter.plain)
    for key in items:
        bibliography.register(Citation([CitationItem(key)]))
    bibliography.sort()
    said = " ".join(map(str, bibliography.bibliography()))
    for part in ("Writer", "2024", FULL.headline, "https://news.example.org/n/12", BARE.headline):
        assert part in said


# --- plain text -------------------------------------------------------------------------------
def _sheet(entry: Entry, notice: str = "") -> Sheet:
    facts = [("Permanent address", entry.id.partition("#")[0])]
    return Sheet(
        entry, PUBLISHER, "ltr", "15 March 2024", facts, "Press contact", "At night:", notice
    )


def test_plain_text_has_all_words_and_no_markup() -> None:
    assert plaintext(_sheet(replace(FULL, headline="Court opens"))).decode().split("\n\n") == [
        "Org & Co",
        "Court opens",
        "15 March 2024",
        FULL.summary,
        "VIENNA, 15 March 2024",
        "First & bold,\nthen a link <https://example.org/?a=1&b=2>.",
        "Below",
        "• one\n• two",
        "3. three",
        "Said.",
        "A\tB\n1\t2\n3",
        "A door",
        "A. Writer\nB. Writer & Daughter",
        "Press contact\nN. Officer, Spokesperson, n@example.org, +43 1 1, At night: +43 1 2",
        "Permanent address: https://news.example.org/n/12\n",
    ]


def test_a_picture_placed_in_the_text_is_there_once_and_no_words_of_the_story() -> None:
    (picture,) = FULL.pictures
    figure = f'<figure data-picture="1"><img src="{picture.url}" alt="A"></figure>'
    caption = figure.replace("</figure>", "<figcaption>Told below it</figcaption></figure>")
    placed = replace(FULL, body_html=f"{caption}<p>{FULL.summary}</p><p>Two</p>")
    message = etree.fromstring(newsml(placed, PUBLISHER))
    images = message.findall(".//{http://www.w3.org/1999/xhtml}img")
    assert [image.get("src") for image in images] == [picture.url]
    text = plaintext(_sheet(placed)).decode()
    assert "Told below it" not in text
    assert text.count("“quoted”") == 1, "a summary that the text repeats is printed once"
    assert [node for node in pdf_nodes.nodes(placed.body_html)[0] if "Told" in str(node)] == []


def test_plain_text_of_a_retracted_story_is_its_notice() -> None:
    text = plaintext(_sheet(GONE, "Retracted. The figures were wrong.")).decode()
    assert text.split("\n\n")[1:4] == [
        "Заголовок",
        "15 March 2024",
        "Retracted. The figures were wrong.",
    ]
