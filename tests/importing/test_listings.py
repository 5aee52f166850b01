"""The listing's text, as the seed and the samples have it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from dateline.lib.reading import SourceError
from dateline.publishing.models import Change, Version
from dateline.stories.models import Story
from dateline.vocabularies.models import Genre, Office, Topic

pytestmark = pytest.mark.django_db


def _terms(story: Story) -> tuple[str, list[str], list[str]]:
    offices, topics = map(str, story.offices.all()), map(str, story.topics.all())
    return str(story.genre or ""), sorted(offices), sorted(topics)


def test_the_seed_is_seven_stories_and_only_the_sixth_is_filed(real_data, bring) -> None:
    report = bring(real_data / "seed" / "osce-newsroom-listing.txt")
    stories = list(Story.objects.order_by("pk"))
    assert (report.created, report.records, len(stories)) == (7, 7, 7)
    assert max(story.published_on for story in stories) == date(2024, 12, 19)
    filed = ("News", ["OSCE Programme Office in Astana"], ["Gender equality", "Rule of law"])
    nothing: tuple[str, list[str], list[str]] = ("", [], [])
    assert [_terms(story) for story in stories] == [*[nothing] * 5, filed, nothing]


def test_the_seed_again_writes_nothing_at_all(real_data, bring) -> None:
    seed = real_data / "seed" / "osce-newsroom-listing.txt"
    bring(seed)
    before = (list(Story.objects.values()), Change.objects.count(), Version.objects.count())
    report = bring(seed)
    assert (report.created, report.updated, report.unchanged) == (0, 0, 7)
    assert before == (list(Story.objects.values()), Change.objects.count(), Version.objects.count())


@pytest.mark.parametrize(
    ("sample", "entries"), list(zip(range(1, 9), (3, 4, 3, 2, 4, 4, 2, 3), strict=True))
)
def test_each_sample_has_its_entries(real_data, bring, sample: int, entries: int) -> None:
    report = bring(real_data / "data" / "osce-listing" / "listing-samples" / f"{sample:02}.txt")
    assert (report.created, report.rejected, Story.objects.count()) == (entries, 0, entries)


def test_texts_that_stop_inside_an_entry_say_so(real_data, bring) -> None:
    samples = real_data / "data" / "osce-listing" / "listing-samples"
    cut = [name for name in range(1, 9) if bring(samples / f"{name:02}.txt").cut]
    assert {4, 8} <= set(cut)


def test_the_whole_listing_with_one_story_twice(real_data: Path, bring) -> None:
    listing = real_data / "data" / "osce-listing" / "stories.jsonl"
    report = bring(listing)
    assert (report.created, report.rejected, report.without_id) == (304, 0, 304)
    twice = Story.objects.filter(external_id__endswith="#2").get()
    once = Story.objects.get(external_id=twice.external_id.removesuffix("#2"))
    assert once.headline == twice.headline
    assert _terms(once) != _terms(twice)
    assert bring(listing).unchanged == 304
    assert not Office._meta.get_field("names").related_model.objects.filter(
        name__icontains="(closed)"
    )
    assert Office.objects.filter(closed=True).count() == 6


def test_terms_are_found_again_by_any_spelling(real_data: Path, bring) -> None:
    bring(real_data / "data" / "osce-listing" / "stories.jsonl")
    known = Office.objects.count(), Topic.objects.count(), Genre.objects.count()
    for sample in range(1, 9):
        bring(real_data / "data" / "osce-listing" / "listing-samples" / f"{sample:02}.txt")
    assert known == (Office.objects.count(), Topic.objects.count(), Genre.objects.count())


FRENCH = """Salle de presse
La Cour ouvre
Date de publication: 15 mars 2024
Nos bureaux: Bureau de Vienne
La Cour a ouvert ses portes.
"""


def test_a_listing_may_call_its_lines_otherwise(tmp_path: Path, bring) -> None:
    page = tmp_path / "page.txt"
    page.write_text(FRENCH, encoding="utf-8")
    names = {"Date de publication": "published", "Nos bureaux": "offices"}
    assert bring(page, mapping=names, language="fr").created == 1
    story = Story.objects.get()
    assert (story.headline, str(story.published_on)) == ("La Cour ouvre", "2024-03-15")
    assert [str(office) for office in story.offices.all()] == ["Bureau de Vienne"]


def test_a_label_for_a_line_no_listing_has_is_refused(tmp_path: Path, bring) -> None:
    page = tmp_path / "page.txt"
    page.write_text(FRENCH, encoding="utf-8")
    with pytest.raises(SourceError, match="no line for headline"):
        bring(page, mapping={"Date de publication": "published", "Titre": "headline"})
