"""Telling formats apart by what the text says, then by what it is called."""

import gzip
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dateline.formats.listing.read import Labels
from dateline.formats.record import Record
from dateline.formats.registry import READERS, detect
from dateline.lib.reading import from_bytes, open_source


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        ('{"title": "x"}', "anything", "jsonlines"),
        ("\ufeff\n {", "anything.csv", "jsonlines"),
        ("<?xml version='1.0'?><rss>", "anything", "rss"),
        ("<feed xmlns='x'>", "anything.txt", "rss"),
        ("News\nTitle\nPublishing date: 1 May 2020\n", "page", "listing"),
        ("title,date\n", "table.csv", "csv"),
        ("title,date\n", "https://example.org/table.csv.gz?x=1", "csv"),
        ("title\tdate\n", "C:\\tables\\news.TSV", "csv"),
        ("", "news.jsonl.gz", "jsonlines"),
    ],
)
def test_detect(text: str, name: str, expected: str) -> None:
    assert detect(text.encode(), name) == expected
    assert detect(text.encode("utf-16"), name) == expected


def test_a_listing_with_labels_of_its_own() -> None:
    labels = Labels(published="Date de publication")
    assert detect(b"Titre\nDate de publication : 1er mai\n", "page", labels) == "listing"


def test_what_cannot_be_told_names_the_formats() -> None:
    with pytest.raises(ValueError, match="listing, jsonlines, csv, rss"):
        detect(b"hello", "hello.txt")
    with pytest.raises(ValueError, match="JSON array"):
        detect(b'[{"title": "x"}]', "stories.json")


@given(st.binary(max_size=200), st.text(max_size=20))
def test_anything_is_a_format_or_a_value_error(head: bytes, name: str) -> None:
    try:
        assert detect(head, name) in READERS
    except ValueError:
        return


def test_real_files_are_told_apart(real_data: Path) -> None:
    expected = {
        "seed/osce-newsroom-listing.txt": "listing",
        "data/osce-listing/listing-samples/06.txt": "listing",
        "data/osce-listing/stories.jsonl": "jsonlines",
        "data/digitalgov.jsonl.gz": "jsonlines",
    }
    for name, kind in expected.items():
        with open_source(real_data / name) as source:
            assert detect(source.head, "unnamed") == kind


def test_a_packed_table_is_read_through_the_registry() -> None:
    source = from_bytes(gzip.compress(b"title,date\nT,2024-01-02\n"), "table.csv.gz")
    (record,) = READERS[detect(source.head, source.name)](source)
    assert isinstance(record, Record)
    assert record.headline == "T"
