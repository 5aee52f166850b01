"""The demonstration, loaded: what its files say is what the newsroom shows."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings

from dateline.demonstration import identity, loading, login
from dateline.demonstration.identity import DATA
from dateline.lib import newsroom
from dateline.operations import checks, indexing
from dateline.publishing.models import Change, Kind, Version
from dateline.stories.models import Story
from dateline.vocabularies import snapshot as vocabularies


def _lines(name: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in (DATA / name).read_text(encoding="utf-8").splitlines()]


ALL = [text for name in (loading.IMPORTED, *loading.PUBLISHED) for text in _lines(name)]


def test_its_newsroom_file_says_what_the_listing_says(tmp_path: Path) -> None:
    target = tmp_path / "data" / "newsroom.toml"
    assert identity.write(target)
    read = newsroom.load(target)
    listing = json.loads((DATA / "listing.json").read_text(encoding="utf-8"))
    for name in identity.TEXTS:
        assert getattr(read, name) == listing[name]
    assert read.labels == {facet: listing["labels"][facet] for facet in identity.LABELS}
    assert read.time_zone == "Europe/Vienna"


def test_a_newsroom_file_that_is_there_is_left_alone(tmp_path: Path) -> None:
    target = tmp_path / "newsroom.toml"
    target.write_text("name = 'Mine'\n")
    assert not identity.write(target)
    assert target.read_text() == "name = 'Mine'\n"


@pytest.mark.django_db
def test_loaded_whole_and_once(archive_file: Path) -> None:
    """One test for all: loading takes seconds, and each question about it none."""
    assert loading.load() == f"Loaded the demonstration: 75 vocabulary terms, {len(ALL)} texts."
    _vocabularies_are_as_written()
    _stories_are_as_written()
    _the_newest_listing_entry_has_all_its_translations()
    _what_a_story_can_show_is_shown()
    indexing.catch_up_fully()
    assert list(checks.index()) == []

    before = (Story.objects.count(), Version.objects.count(), Change.objects.count())
    assert loading.load() == "The demonstration is loaded."
    assert (Story.objects.count(), Version.objects.count(), Change.objects.count()) == before

    # Killed half-way, it goes on: what is missing is made, what is there is not made again.
    Story.objects.get(external_id="demo-5").delete()
    assert "1 texts" in loading.load()
    assert Story.objects.count() == len(ALL)


def _vocabularies_are_as_written() -> None:
    written = json.loads((DATA / "vocabulary.json").read_text(encoding="utf-8"))
    terms = vocabularies.current()
    for facet in ("office", "topic", "genre"):
        for term in written[f"{facet}s"]:
            info = terms.term(facet, term["slug"])
            assert info is not None
            assert info.names == term["names"]
    astana = terms.term("office", "programme-office-in-astana")
    assert astana is not None
    assert [name.name for name in astana.former if name.language == "en"] == [
        "OSCE Centre in Almaty",
        "OSCE Centre in Astana",
        "OSCE Programme Office in Astana",
        "OSCE Programme Office in Nur-Sultan",
    ]
    assert [name.valid_until for name in astana.former if name.language == "en"][2] == date(
        2019, 12, 31
    )
    closed = terms.term("office", "project-co-ordinator-in-baku")
    assert closed is not None
    assert (closed.closed, closed.closed_on) == (True, date(2015, 7, 4))


def _stories_are_as_written() -> None:
    by_id = {story.external_id: story for story in Story.objects.all()}
    assert by_id.keys() == {text["id"] for text in ALL}
    for text in ALL:
        story = by_id[str(text["id"])]
        assert story.headline == text["title"]
        assert str(story.published_on) == str(text["published"])[:10]
        assert story.language == text["language"]
        assert {str(office) for office in story.offices.all()} == set(text["offices"])  # type: ignore[call-overload]
        assert story.translation_note == (text.get("translation_note") or "")
    listing = [by_id[str(text["id"])] for text in _lines(loading.IMPORTED)]
    assert sorted(listing, key=lambda story: story.number or 0) == listing


def _the_newest_listing_entry_has_all_its_translations() -> None:
    newest = Story.objects.get(external_id="listing-0304")
    texts = Story.objects.filter(translation_key=newest.translation_key)
    assert {text.language for text in texts} == {"en", "ru", "fr", "de", "es", "it", "ar"}
    assert {text.number for text in texts} == {newest.number}


def _what_a_story_can_show_is_shown() -> None:
    first = Story.objects.get(external_id="demo-1")
    (picture,) = first.pictures.all()
    assert picture.alt.startswith("Map with 21 cities")
    assert picture.picture.credit
    assert first.contacts.get().out_of_hours_phone
    assert Story.objects.get(external_id="demo-2").documents.count() == 2
    corrected = Story.objects.get(external_id="demo-5")
    kinds = corrected.versions.order_by("number").values_list("kind", flat=True)
    assert list(kinds) == [Kind.PUBLICATION, Kind.CORRECTION]
    assert "There are seven" in corrected.versions.get(kind=Kind.CORRECTION).note


@pytest.mark.django_db
def test_the_desk_login_is_made_once_and_kept_for_its_owner() -> None:
    path = settings.DATA / login.FILE
    path.unlink(missing_ok=True)
    first = login.ensure()
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.read_text().strip() in first
    assert login.ensure() == first

    user = login.get_user_model().objects.get(username=login.NAME)
    user.set_password("changed at the desk")
    user.save()
    assert path.read_text().strip() not in login.ensure()
