"""Which record is which story, and what becomes of a story when its record changes."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from dateline.importing import Options, run
from dateline.publishing import verbs, versions, visibility
from dateline.publishing.models import Change, Due, Kind, Version
from dateline.stories.models import State, Story
from dateline.vocabularies.models import Topic

pytestmark = pytest.mark.django_db


def _kinds(story: Story) -> list[str]:
    return list(story.versions.order_by("number").values_list("kind", flat=True))


def test_an_imported_story_is_public_with_number_version_and_change(bring, record) -> None:
    bring([record(published="2024-03-15T09:30:00+01:00", url="https://example.org/1")])
    story = Story.objects.get()
    assert story.state == State.PUBLISHED
    assert (story.number, story.slug, story.source) == (1, "court-opens", "wire")
    assert story.published_at == datetime(2024, 3, 15, 8, 30, tzinfo=UTC)
    assert story.visible_from == story.published_at
    assert story.source_url == "https://example.org/1"
    assert list(visibility.listed(Story.objects.all())) == [story]
    assert _kinds(story) == [Kind.PUBLICATION]
    content = versions.read(story.versions.get())
    assert content["headline"] == "Court opens"
    assert content["topics"] == [Topic.objects.get().pk]
    assert Change.objects.filter(story_id=story.pk).count() == 1
    assert story.latest_revision is None


def test_what_is_stored_of_a_body_is_clean(bring, record) -> None:
    bring([record(body='<p onclick="x()">Doors<script>alert(1)</script></p>')])
    assert Story.objects.get().body == "<p>Doors</p>"


def test_links_within_the_source_lead_to_the_source(bring, record) -> None:
    bring([record(url="https://example.org/a/1", body='<p><a href="/b">b</a> <a href="#c">c</a>')])
    body = Story.objects.get().body
    assert 'href="https://example.org/b"' in body or "example.org/b" in body


def test_changed_at_the_source_is_an_update_with_its_history(bring, record) -> None:
    bring([record()])
    before = Story.objects.get()
    report = bring([record(title="Court opens doors", topics=["Policing"])])
    after = Story.objects.get()
    assert (report.updated, report.created) == (1, 0)
    assert (after.pk, after.number, after.headline) == (before.pk, 1, "Court opens doors")
    assert after.updated_at is not None
    assert [str(topic) for topic in after.topics.all()] == ["Policing"]
    assert _kinds(after) == [Kind.PUBLICATION, Kind.UPDATE]
    old, new = map(versions.read, after.versions.order_by("number"))
    assert (old["headline"], new["headline"]) == ("Court opens", "Court opens doors")


def test_an_update_keeps_what_the_desk_attached(bring, record) -> None:
    bring([record(), record(id="2", title="Another")])
    story, other = Story.objects.order_by("pk")
    story.related.set([other])
    story.save()
    versions.record(story, Kind.UPDATE, datetime.now(UTC))
    bring([record(title="Court opens doors"), record(id="2", title="Another")])
    assert [row.pk for row in Story.objects.get(pk=story.pk).related.all()] == [other.pk]
    assert versions.read(story.versions.order_by("-number")[0])["related"] == [other.pk]


def test_without_an_id_a_changed_record_is_a_new_story(bring, record) -> None:
    bring([record(id=None)])
    report = bring([record(id=None, title="Court opens doors")])
    assert (report.created, report.updated, report.without_id) == (1, 0, 1)
    assert sorted(Story.objects.values_list("headline", flat=True)) == [
        "Court opens",
        "Court opens doors",
    ]


def test_without_an_id_what_is_beside_date_headline_and_lead_may_change(bring, record) -> None:
    bring([record(id=None)])
    report = bring([record(id=None, topics=["Policing"])])
    assert (report.created, report.updated) == (0, 1)


def test_alike_records_without_ids_are_numbered(bring, record) -> None:
    records = [record(id=None), record(id=None, topics=["Policing"]), record(id=None, topics=[])]
    assert bring(records).created == 3
    first, second, third = Story.objects.order_by("pk").values_list("external_id", flat=True)
    assert first.startswith("fp:")
    assert (second, third) == (f"{first}#2", f"{first}#3")
    assert len(set(Story.objects.values_list("number", flat=True))) == 3
    assert bring(records).unchanged == 3


def test_of_records_with_one_id_the_last_is_the_story(bring, record) -> None:
    records = [record(title="Invitation"), record(id="2"), record(title="Reminder: invitation")]
    report = bring(records, batch=1)
    assert (report.created, report.superseded) == (2, 1)
    assert set(Story.objects.values_list("headline", flat=True)) == {
        "Court opens",
        "Reminder: invitation",
    }
    assert bring(records).unchanged == 2
    assert Version.objects.count() == 2


def test_languages_with_one_id_are_translations(bring, record) -> None:
    records = [record(), record(language="fr", title="Le tribunal ouvre")]
    assert bring(records).created == 2
    english, french = Story.objects.order_by("pk")
    assert (english.external_id, french.external_id) == ("1", "1@fr")
    assert english.number == french.number
    assert english.translation_key == french.translation_key
    assert bring(records).unchanged == 2
    assert bring([records[0], record(language="fr", title="Ouverture")], batch=1).updated == 1


def test_a_translation_outlives_the_text_whose_id_it_shares(bring, record) -> None:
    records = [record(), record(language="fr", title="Le tribunal ouvre")]
    bring(records)
    verbs.delete(Story.objects.get(external_id="1"))
    report = bring(records)
    assert (report.created, report.unchanged) == (1, 1)
    assert len({story.number for story in Story.objects.all()}) == 1


def test_a_groups_texts_share_a_number_even_when_they_come_apart(bring, record) -> None:
    bring([record(group="g"), record(id="9", group="other")])
    bring([record(id="2", group="g", language="fr", title="Le tribunal ouvre")])
    english, french = Story.objects.filter(
        translation_key=Story.objects.get(external_id="2").translation_key
    )
    assert {english.language, french.language} == {"en", "fr"}
    assert english.number == french.number


def test_a_second_text_of_a_language_in_a_group_stands_alone(bring, record) -> None:
    report = bring([record(group="g"), record(id="2", group="g", title="Court opens twice")])
    assert (report.created, report.alone) == (2, 1)
    assert Story.objects.values("number").distinct().count() == 2


def test_a_source_is_its_name(bring, record, tmp_path) -> None:
    bring([record()])
    assert bring([record()], source="elsewhere").created == 1
    assert run(tmp_path / "wire.jsonl", Options(source="wire")).unchanged == 1


def test_a_future_date_waits_for_its_moment(bring, record) -> None:
    bring([record(published="2999-01-01")])
    story = Story.objects.get()
    assert not visibility.listed(Story.objects.all())
    assert Due.objects.get().story_id == story.pk
    bring([record(published="2024-01-01")])
    assert not Due.objects.exists()
    assert list(visibility.listed(Story.objects.all())) == [story]


def test_withdrawn_at_the_source_is_unpublished_here(bring, record) -> None:
    bring([record()])
    bring([record(withdrawn=True)])
    story = Story.objects.get()
    assert (story.state, story.live) == (State.UNPUBLISHED, False)
    assert Change.objects.order_by("sequence").last().withdraws
    assert _kinds(story) == [Kind.PUBLICATION, Kind.UNPUBLICATION]
    bring([record()])
    assert Story.objects.get().state == State.PUBLISHED
    assert _kinds(story) == [Kind.PUBLICATION, Kind.UNPUBLICATION, Kind.PUBLICATION]


def test_withdrawn_from_the_start_is_never_public(bring, record) -> None:
    bring([record(withdrawn=True)])
    story = Story.objects.get()
    assert story.state == State.UNPUBLISHED
    assert not visibility.readable(Story.objects.all())
    assert bring([record(withdrawn=True)]).unchanged == 1


@pytest.mark.parametrize("verb", ["unpublish", "retract", "kill", "edit"])
def test_what_the_desk_took_over_stays_the_desks(bring, record, verb: str) -> None:
    bring([record()])
    story = Story.objects.get()
    if verb == "edit":
        story.headline = "Edited here"
        verbs.publish(story)
    elif verb == "unpublish":
        verbs.unpublish(story)
    else:
        getattr(verbs, verb)(story, "A reason.")
    before = Story.objects.values().get()
    report = bring([record(title="Court opens doors")])
    assert (report.kept, report.updated) == (1, 0)
    assert Story.objects.values().get() == before


def test_a_rehearsal_reports_the_same_and_writes_nothing(bring, record) -> None:
    bring([record()])
    before = list(Story.objects.values()), Change.objects.count(), Topic.objects.count()
    records = [
        record(title="Changed", topics=["New"]),
        record(id="2", topics=["New"]),
        record(id="3", language="xx-unknown"),
    ]
    rehearsed = bring(records, dry_run=True)
    assert before == (list(Story.objects.values()), Change.objects.count(), Topic.objects.count())
    done = bring(records)
    for name in ("records", "created", "updated", "unchanged", "rejected", "reasons", "terms"):
        assert getattr(rehearsed, name) == getattr(done, name)
    assert (done.created, done.updated, done.rejected) == (1, 1, 1)


def test_dates_without_zone_are_the_newsrooms(bring, record) -> None:
    bring(
        [record(published="2024-03-15T00:30:00"), record(id="2", published="2024-03-14T23:30:00Z")]
    )
    assert set(Story.objects.values_list("published_at", "published_on")) == {
        (datetime(2024, 3, 14, 23, 30, tzinfo=UTC), date(2024, 3, 15))
    }
