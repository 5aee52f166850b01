"""Offices and topics over time: first shown, then done; nobody loses what they followed."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from build import draft, indexed, office, published, topic
from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone
from webform import filled

from dateline.archive import search
from dateline.archive.query import Query
from dateline.desk.over_time import acts
from dateline.people import rights
from dateline.people.models import Membership, Role
from dateline.people.rights import Action
from dateline.publishing.models import Version
from dateline.stories.models import Story
from dateline.vocabularies import snapshot
from dateline.vocabularies.models import Office
from dateline.webhooks import listings

pytestmark = pytest.mark.django_db


def found(*slugs: str, **options: Any) -> set[str]:
    """The headlines of the list of these offices."""
    indexed()
    query = Query("en", selections=(("office", slugs),), size=100, **options)
    return {row.headline for row in search.search(query).stories}


def do(desk: Client, term: Any, act: str, **given: Any) -> str:
    """Both steps; what the first has shown."""
    address = f"/desk/over-time/{term.facet}/{term.pk}/{act}/"
    shown = desk.post(address, filled(desk, address, **given))
    page = shown.content.decode()
    assert "What this will mean" in page, page
    seal = page.partition('name="seal" value="')[2].partition('"')[0]
    done = desk.post(address, {**filled(desk, address, **given), "seal": seal})
    assert done.status_code == 302
    return page


def test_an_office_is_renamed_with_its_address(keepers_desk: Client, archive_file: Path) -> None:
    term = office("centre", "Centre in Astana")
    old = published("Old", offices=(term,), published=date(2014, 5, 1))
    shown = do(
        keepers_desk,
        term,
        "rename",
        **{"name-en": "Programme Office in Astana", "on": "2015-01-01", "slug": "programme"},
    )
    assert "1 story is filed here (1 public)." in shown
    assert "“centre” lead to “programme”" in shown
    reader = Client()
    moved = reader.get("/en/offices/centre")
    assert (moved.status_code, moved["Location"]) == (301, "/en/offices/programme")
    assert reader.get("/en/news?office=centre")["Location"] == "/en/news?office=programme"
    assert found("centre") == found("programme") == {"Old"}
    assert b"Old" in reader.get("/en/news.atom?office=centre").content
    assert reader.get("/api/v1/en/stories?office=centre").json()["total"] == 1
    assert listings.query("/en/news?office=centre").selected("office") == ("programme",)
    page = reader.get(old.get_absolute_url()).content.decode()
    assert "Programme Office in Astana" in page
    assert "then: Centre in Astana" in page
    other = office("other")
    address = f"/desk/over-time/office/{other.pk}/rename/"
    again = keepers_desk.post(address, filled(keepers_desk, address, slug="centre"))
    assert "leads to Programme Office in Astana already" in again.content.decode()


def test_an_office_is_split_and_its_list_can_be_brought_along(
    keepers_desk: Client, archive_file: Path
) -> None:
    whole, north, south = office("whole", "Mission"), office("north"), office("south")
    old = published("Old", offices=(whole,))
    published("New", offices=(north,))
    after = [north.pk, south.pk]
    shown = do(keepers_desk, whole, "close", on="2015-03-01", successors=after)
    assert "They stay where they are" in shown
    assert found("north") == {"New"}
    assert found("north", predecessors=True) == {"Old", "New"}
    assert found("south", predecessors=True) == {"Old"}
    assert set(old.offices.all()) == {whole}
    page = Client().get("/en/news?office=north").content.decode()
    assert "Include predecessors" in page
    assert "Mission" in page
    wide = "/en/news.jsonfeed?office=north&predecessors=yes"
    feed = Client().get(wide.replace("jsonfeed", "json"))
    assert feed.status_code == 200
    assert {item["title"] for item in feed.json()["items"]} == {"Old", "New"}
    assert "predecessors=yes" in Client().get("/en/offices/north").content.decode()
    assert Client().get("/en/news.csv?office=north&predecessors=no").status_code == 400
    do(keepers_desk, whole, "reopen")
    assert found("north", predecessors=True) == {"New"}


def test_two_offices_that_were_one_thing(keepers_desk: Client, archive_file: Path) -> None:
    into, twin, part = office("yerevan"), office("erevan", "Erevan"), office("part")
    part.parent = twin
    part.save()
    both = published("Both", offices=(into, twin))
    published("Mine", offices=(into,))
    published("Twin", offices=(twin,))
    published("Part", offices=(part,))
    written = draft("Draft", offices=(twin,))
    written.save_revision()
    anna = get_user_model().objects.create_user("anna")
    Membership.objects.create(user=anna, role=Role.EDITOR, office=twin)
    before = Version.objects.count(), Story.objects.get(pk=both.pk).updated_at
    shown = do(keepers_desk, twin, "merge", into=into.pk)
    assert "3 stories are filed here (2 public)." in shown
    assert "1 term below it goes over with it." in shown
    assert "1 person has a role here. Their roles hold in Yerevan" in shown
    assert found("yerevan") == found("erevan") == {"Both", "Mine", "Twin", "Part"}
    assert [each.pk for each in both.offices.all()] == [into.pk]
    assert (Version.objects.count(), Story.objects.get(pk=both.pk).updated_at) == before
    newest = Story.objects.get(pk=written.pk).get_latest_revision_as_object()
    assert [each.pk for each in newest.offices.all()] == [into.pk]
    assert rights.may(get_user_model().objects.get(pk=anna.pk), Action.PUBLISH, written)
    assert Client().get("/en/offices/erevan")["Location"] == "/en/offices/yerevan"
    known = snapshot.current().term("office", "erevan")
    assert known is not None
    assert [name.name for name in known.former] == ["Erevan"]
    assert {known.on(day).label("en") for day in (date(2014, 5, 1), timezone.localdate())} == {
        "Yerevan"
    }
    shown = keepers_desk.get("/desk/office/").content.decode()
    assert f"/desk/office/edit/{twin.pk}/" not in shown
    assert keepers_desk.get(f"/desk/over-time/office/{twin.pk}/").status_code == 404


def test_what_changed_since_it_was_shown_is_shown_again(keepers_desk: Client) -> None:
    term = topic("law")
    address = f"/desk/over-time/topic/{term.pk}/close/"
    shown = keepers_desk.post(address, filled(keepers_desk, address)).content.decode()
    seal = shown.partition('name="seal" value="')[2].partition('"')[0]
    published("Meanwhile", topics=(term,))
    again = keepers_desk.post(address, {**filled(keepers_desk, address), "seal": seal})
    assert "Something has changed meanwhile" in again.content.decode()
    assert "1 story is filed here" in again.content.decode()
    term.refresh_from_db()
    assert not term.closed


def test_two_who_merge_each_into_the_other(keepers_desk: Client) -> None:
    one, other = office("one"), office("other")
    sealed = []
    for term, into in ((one, other), (other, one)):
        address = f"/desk/over-time/office/{term.pk}/merge/"
        form = filled(keepers_desk, address, into=into.pk)
        shown = keepers_desk.post(address, form).content.decode()
        seal = shown.partition('name="seal" value="')[2].partition('"')[0]
        sealed.append((address, {**form, "seal": seal}))
    [first, second] = [keepers_desk.post(address, form) for address, form in sealed]
    assert first.status_code == 302
    assert "Select a valid choice" in second.content.decode()
    assert [term.slug for term in snapshot.current().terms("office")] == ["other"]


def test_only_what_was_shown_is_done(keepers_desk: Client) -> None:
    one, other, third = office("one"), office("other"), office("third")
    address = f"/desk/over-time/office/{one.pk}/merge/"
    form = filled(keepers_desk, address, into=other.pk)
    shown = keepers_desk.post(address, form).content.decode()
    seal = shown.partition('name="seal" value="')[2].partition('"')[0]
    again = keepers_desk.post(address, {**form, "into": third.pk, "seal": seal})
    assert "Something has changed meanwhile" in again.content.decode()
    itself = keepers_desk.post(address, {**form, "into": one.pk, "seal": seal})
    assert "Select a valid choice" in itself.content.decode()


def test_merged_into_what_was_far_below_it() -> None:
    top, middle, low = office("top"), office("middle"), office("low")
    Office.objects.filter(pk=middle.pk).update(parent=top)
    Office.objects.filter(pk=low.pk).update(parent=middle)
    snapshot.touch()
    acts.merge(
        *Office.objects.filter(pk=top.pk), *Office.objects.filter(pk=low.pk), date(2020, 1, 1)
    )
    known = snapshot.current()
    parents = {
        term.slug: [each.slug for each in known.ancestors(term)] for term in known.terms("office")
    }
    assert parents == {"low": [], "middle": ["low"]}


def test_an_older_version_is_taken_up_again_after_a_merger(keepers_desk: Client) -> None:
    into, twin = office("into"), office("twin")
    story = draft("First", offices=(twin,))
    old = story.save_revision()
    story.headline = "Second"
    story.save_revision()
    acts.merge(twin, into, date(2020, 1, 1))
    address = f"/desk/stories/history/{story.pk}/revisions/{old.pk}/revert/"
    assert filled(keepers_desk, address)["offices"] == [str(into.pk)]


def test_what_came_before_cannot_come_after(keepers_desk: Client) -> None:
    old, new = office("old"), office("new")
    acts.close(old, date(2000, 1, 1), [new])
    address = f"/desk/over-time/office/{new.pk}/close/"
    page = keepers_desk.post(address, filled(keepers_desk, address, successors=[old.pk]))
    assert "came before it, and cannot have come after it" in page.content.decode()


@pytest.mark.parametrize("seed", range(3))
def test_any_history_of_mergers_and_splits(seed: int, archive_file: Path) -> None:
    """Against plain sets: who is filed where, and what led to what."""
    chance = Random(seed)
    terms = {slug: office(slug) for slug in "abcdef"}
    means = {slug: slug for slug in terms}
    after: dict[str, set[str]] = {slug: set() for slug in terms}
    filed: dict[str, set[str]] = {}
    for number in range(10):
        chosen = chance.sample(sorted(terms), chance.randint(1, 2))
        published(f"Story {number}", offices=tuple(terms[slug] for slug in chosen))
        filed[f"Story {number}"] = set(chosen)

    def before(slug: str) -> set[str]:
        found, fresh = set(), {slug}
        while fresh := {one for one in after if after[one] & fresh} - found - {slug}:
            found |= fresh
        return found

    def under(slugs: set[str]) -> set[str]:
        return {story for story, where in filed.items() if where & slugs}

    for step in range(6):
        alive = sorted(slug for slug in terms if means[slug] == slug)
        one, other = chance.sample(alive, 2)
        today = timezone.localdate() + timedelta(days=step)
        term, into = (Office.objects.get(slug=slug) for slug in (one, other))
        if chance.random() < 0.5 and len(alive) > 3:
            acts.merge(term, into, today)
            means = {slug: other if now == one else now for slug, now in means.items()}
            filed = {s: {other if w == one else w for w in where} for s, where in filed.items()}
            gone = after.pop(one)
            after = {slug: {other if x == one else x for x in xs} for slug, xs in after.items()}
            after[other] = (after[other] | gone) - {one, other}
        elif other not in before(one):
            acts.close(term, today, [into])
            after[one] = {other}
    for slug, now in means.items():
        assert found(slug) == under({now})
        assert found(slug, predecessors=True) == under({now} | before(now))
