"""A frozen dataset: the same bytes for the same stories, and all it takes to check and cite it."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import subprocess
import zipfile
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from build import genre, indexed, office, published, topic
from django.test import Client
from django.utils import timezone

from dateline.exports.dataset import ArchiveChangedError
from dateline.publishing import verbs
from dateline.stories.models import Story

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _newsroom(archive_file: Path, settings: Any) -> None:
    settings.ORIGIN = "https://news.example.org"
    law = topic("law", "Rule of law")
    for n in range(5):
        published(
            f"Story {n}",
            published=date(2024, 1, 1 + n),
            offices=(office(f"office-{n}"),),
            topics=(law,) if n % 2 else (),
            genre=genre(f"genre-{n}"),
            body=f"<p>Body {n}</p>",
        )
    indexed()


def _dataset(client: Client, path: str = "/en/news.zip") -> bytes:
    answer = client.get(path)
    assert answer.status_code == 200
    return b"".join(answer)  # type: ignore[arg-type]


def _files(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_same_stories_give_the_same_bytes(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = _dataset(client)
    later = timezone.now() + timedelta(days=400)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert _dataset(client) == first
    monkeypatch.undo()
    verbs.correct(Story.objects.get(headline="Story 2"), "It was Monday")
    indexed()
    assert _dataset(client) != first


def test_a_change_elsewhere_changes_nothing(client: Client) -> None:
    path = "/en/news.zip?topic=law"
    first = _dataset(client, path)
    published("Another", published=date(2024, 6, 1))
    indexed()
    assert _dataset(client, path) == first


def test_its_hashes_are_those_of_its_files(client: Client, tmp_path: Path) -> None:
    files = _files(_dataset(client))
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    subprocess.run(["sha256sum", "--strict", "--check", "SHA256SUMS"], cwd=tmp_path, check=True)
    sums = dict(reversed(line.split("  ")) for line in files["SHA256SUMS"].decode().splitlines())
    assert sums.keys() == files.keys() - {"SHA256SUMS"}


def test_the_dictionary_describes_every_column(client: Client) -> None:
    files = _files(_dataset(client, "/en/news.zip?topic=law"))
    package = json.loads(files["datapackage.json"])
    assert package["count"] == 2
    for resource in package["resources"]:
        content = files[resource["path"]]
        assert resource["bytes"] == len(content)
        assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
    table = next(each for each in package["resources"] if each["format"] == "csv")
    header = next(csv.reader(io.StringIO(files["stories.csv"].decode("utf-8-sig"))))
    assert [field["name"] for field in table["schema"]["fields"]] == header
    lines = next(each for each in package["resources"] if each["format"] == "ndjson")
    line = json.loads(files["stories.ndjson"].splitlines()[0])
    assert [field["name"] for field in lines["schema"]["fields"]] == list(line)
    assert all(field["description"] for field in lines["schema"]["fields"])


def test_it_says_how_to_cite_it(client: Client) -> None:
    files = _files(_dataset(client, "/en/news.zip?topic=law"))
    citation = yaml.safe_load(files["CITATION.cff"])
    assert citation["title"] == "News and press releases about Rule of law"
    assert citation["authors"][0]["name"] == "Test newsroom"
    assert citation["url"] == "https://news.example.org/en/news.zip?topic=law"
    data = hashlib.sha256(files["stories.ndjson"]).hexdigest()
    assert data.startswith(citation["version"])
    assert citation["version"] in files["README.md"].decode()
    assert citation["date-released"] == "2024-01-04"  # of the latest change among its stories


def test_an_empty_result_is_a_dataset_too(client: Client) -> None:
    files = _files(_dataset(client, "/en/news.zip?keywords=nothing"))
    assert files["stories.ndjson"] == b""
    assert json.loads(files["datapackage.json"])["count"] == 0


def test_one_read_across_a_change_is_broken_off(client: Client) -> None:
    got: list[bytes] = []
    pieces = iter(client.get("/en/news.zip"))
    got.append(next(pieces))
    published("Another")
    with pytest.raises(ArchiveChangedError):
        got.extend(pieces)
    with pytest.raises(zipfile.BadZipFile):
        zipfile.ZipFile(io.BytesIO(b"".join(got)))
