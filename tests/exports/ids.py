"""Which stories an answer holds, in its order, by readers of each format."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable

import feedparser
import pyarrow.parquet as pq
from lxml import etree

_NEWS = "{http://iptc.org/std/nar/2006-10-01/}"


def _csv(content: bytes) -> list[str]:
    table = io.StringIO(content.decode("utf-8-sig"), newline="")
    return [row["id"] for row in csv.DictReader(table)]


def _ndjson(content: bytes) -> list[str]:
    return [json.loads(line)["id"] for line in content.splitlines()]


def _parquet(content: bytes) -> list[str]:
    table = pq.ParquetFile(io.BytesIO(content)).read(columns=["id"], use_threads=False)
    found: list[str] = table.column("id").to_pylist()
    return found


def _ninjs(content: bytes) -> list[str]:
    return [item["uri"] for item in json.loads(content)["associations"]]


def _newsml(content: bytes) -> list[str]:
    items = etree.fromstring(content).iter(f"{_NEWS}newsItem")
    return [str(item.get("guid")) for item in items]


def _zip(content: bytes) -> list[str]:
    """The same from each of its files, or it is none."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        found = [
            read(archive.read(f"stories.{name}"))
            for name, read in (("ndjson", _ndjson), ("csv", _csv), ("parquet", _parquet))
        ]
    assert found[0] == found[1] == found[2]
    return found[0]


def _feed(content: bytes) -> list[str]:
    return [str(entry.id) for entry in feedparser.parse(content).entries]


def _json(content: bytes) -> list[str]:
    return [item["id"] for item in json.loads(content)["items"]]


WHOLE: dict[str, Callable[[bytes], list[str]]] = {
    "csv": _csv,
    "ndjson": _ndjson,
    "parquet": _parquet,
    "ninjs": _ninjs,
    "newsml": _newsml,
    "zip": _zip,
}
"""Endings that give the whole result."""

PAGED: dict[str, Callable[[bytes], list[str]]] = {"atom": _feed, "rss": _feed, "json": _json}
"""Endings that give a page of it."""
