"""`dateline check` finds each thing that can be wrong, and names it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from build import draft, indexed, published
from django.core.files.base import ContentFile
from wagtail.documents.models import Document

from dateline.archive import document, index
from dateline.operations import checks, readiness
from dateline.stories.models import Story

pytestmark = pytest.mark.django_db


@pytest.fixture
def three(archive_file: Path) -> list[Story]:
    return [published(f"Story {number}") for number in range(3)]


def _index_as(*documents: Any, removals: tuple[int, ...] = ()) -> None:
    engine = index.engine()
    engine.apply(documents, removals, engine.cursor())


def test_an_index_like_the_store_has_no_differences(three: list[Story]) -> None:
    draft("Not public")
    indexed()
    assert list(checks.index()) == []


def test_each_kind_of_difference_is_named(three: list[Story]) -> None:
    indexed()
    missing, changed, kept = three
    old = next(iter(document.documents([changed.pk])))
    stray = replace(old, id=10_000, number=99)
    _index_as(replace(old, headline="As it was"), stray, removals=(missing.pk,))
    assert sorted(checks.index()) == sorted(
        [
            f"/en/news/{missing.number} (id {missing.pk}) is missing from the index",
            f"/en/news/{changed.number} (id {changed.pk}) is in the index as it was before",
            "/en/news/99 (id 10000) is in the index and should not be found",
        ]
    )
    assert not any(f"(id {kept.pk})" in finding for finding in checks.index())


def test_changes_not_yet_indexed_are_counted_and_no_differences(three: list[Story]) -> None:
    (finding,) = checks.index()
    assert finding.startswith(f"{len(three)} changes are not indexed yet")


def test_many_differences_are_counted_and_not_all_named(archive_file: Path) -> None:
    for number in range(checks.NAMED + 5):
        published(f"Story {number}")
    indexed()
    _index_as(removals=tuple(Story.objects.values_list("pk", flat=True)))
    found = list(checks.index())
    assert found[-1] == "… and 5 more"
    assert len(found) == checks.NAMED + 1


def test_a_document_without_its_file_is_named() -> None:
    kept = Document.objects.create(title="Kept", file=ContentFile(b"a", name="kept.txt"))
    lost = Document.objects.create(title="Lost", file=ContentFile(b"b", name="lost.txt"))
    assert list(checks.media()) == []
    Path(lost.file.path).unlink()
    (found,) = checks.media()
    assert "“Lost”" in found
    assert lost.file.name in found
    assert kept.file.name not in found


def test_a_folder_open_to_all_is_found(tmp_path: Path, settings: Any) -> None:
    settings.DATA = tmp_path
    key = tmp_path / "secret-key"
    key.touch(mode=0o600)
    tmp_path.chmod(0o750)
    assert list(checks.permissions()) == []
    tmp_path.chmod(0o755)
    key.chmod(0o640)
    found = list(checks.permissions())
    assert len(found) == 2
    assert f"chmod o= {tmp_path}" in found[0]
    assert f"chmod 600 {key}" in found[1]


def test_missing_tables_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    assert list(checks.database()) == []
    monkeypatch.setattr(readiness, "unapplied", lambda: ["stories.0002_more"])
    assert "dateline prepare" in next(iter(checks.database()))


def test_a_site_that_shows_its_inner_parts_is_found(settings: Any) -> None:
    assert list(checks.configuration()) == []
    settings.DEBUG = True
    assert "DATELINE_DEBUG" in next(iter(checks.configuration()))


def test_static_files_not_gathered_are_found(tmp_path: Path, settings: Any) -> None:
    settings.STATIC_ROOT = tmp_path
    assert "dateline prepare" in next(iter(checks.static_files()))


def test_what_takes_long_can_be_left_out() -> None:
    quick = [name for name, _ in checks.chosen(quick=True)]
    assert {name for name, _ in checks.chosen(quick=False)} - set(quick) == {
        "index",
        "pictures and documents",
    }
