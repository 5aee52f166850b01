"""Cursors: places as text, and lists walked while they change."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from build import draft, indexed
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from oracle import Oracle

from dateline.archive import cursors, search, walk
from dateline.archive.engines.base import Place
from dateline.archive.query import Query
from dateline.publishing import verbs
from dateline.stories.models import Story

BOTH = Query("en", selections=(("language", ("en", "fr")),), size=10)

places = st.builds(
    Place,
    instant=st.integers(-(10**12), 10**12),
    number=st.integers(1, 10**9),
    language=st.from_regex(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,2}", fullmatch=True),
)


@given(places)
def test_a_place_survives_being_written_and_read(place: Place) -> None:
    written = cursors.write(place)
    assert cursors.read(written) == place
    assert re.fullmatch(r"[A-Za-z0-9_-]+", written)


@given(places, st.integers(0, 200), st.characters(codec="utf-8"))
def test_a_cursor_that_was_changed_is_another_place_or_none(
    place: Place, at: int, letter: str
) -> None:
    written = cursors.write(place)
    changed = written[: at % len(written)] + letter + written[at % len(written) + 1 :]
    try:
        found = cursors.read(changed)
    except ValueError:
        return
    assert (found == place) is (changed == written)


@given(st.text() | st.text(alphabet="MTIzNDU_-=", max_size=200))
def test_what_is_no_cursor_is_refused(text: str) -> None:
    try:
        place = cursors.read(text)
    except ValueError:
        return
    assert cursors.write(place) == text


# --- lists that change while they are walked --------------------------------------------------
@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(6))
def test_a_walk_gives_what_stays_once_and_in_order_whatever_comes_and_goes(
    archive_file: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    chance = random.Random(seed)
    monkeypatch.setattr(walk, "BATCH", chance.choice([1, 2, 3]))
    for _ in range(14):
        _appear(chance)
    indexed()
    before = set(Oracle(timezone.now()).ids(BOTH))
    sort = chance.choice(["newest", "oldest"])
    query = Query("en", selections=BOTH.selections, sort=sort)  # type: ignore[arg-type]
    walked = list(_disturbed(walk.every_row(query), chance))
    now = Oracle(timezone.now()).ids(query)
    assert len(walked) == len(set(walked))
    assert before & set(now) <= set(walked)
    assert [pk for pk in now if pk in set(walked)] == [pk for pk in walked if pk in set(now)]


def _disturbed(rows: Iterator[search.StoryRow], chance: random.Random) -> Iterator[int]:
    """The walk's ids; between two of them stories appear, disappear, and the index may hear."""
    for row in rows:
        yield row.id
        for _ in range(chance.randint(0, 2)):
            _appear(chance) if chance.random() < 0.5 else _disappear(chance)
        if chance.random() < 0.7:
            indexed()


def _appear(chance: random.Random) -> None:
    """Few days and both languages: most places differ by number or language alone."""
    day = date(2024, 3, chance.randint(1, 4))
    verbs.publish(draft("A story", language=chance.choice(["en", "fr"]), published=day))


def _disappear(chance: random.Random) -> None:
    public = list(Story.objects.filter(state="published"))
    if len(public) > 4:
        verbs.unpublish(chance.choice(public))


@pytest.mark.django_db
def test_pages_by_place_are_the_pages_by_count_and_keep_total_and_counts(
    archive_file: Path,
) -> None:
    chance = random.Random(7)
    for _ in range(23):
        _appear(chance)
    indexed()
    for sort in ("newest", "oldest"):
        query = Query("en", selections=BOTH.selections, sort=sort, size=10)  # type: ignore[arg-type]
        first, place = search.search(query), None
        for number in range(1, 5):
            page = search.search(query, after=place)
            assert page.stories == search.search(query.on_page(number)).stories
            assert (page.total, page.counts) == (first.total, first.counts)
            place = page.last
            if place is None:
                break
            assert cursors.read(cursors.write(place)) == place
        assert place is None


@pytest.mark.django_db
def test_counts_are_left_out_where_nobody_reads_them(archive_file: Path) -> None:
    _appear(random.Random(0))
    indexed()
    page = search.search(BOTH, counted=False)
    assert (page.total, dict(page.counts)) == (1, {})


@pytest.mark.django_db
def test_an_order_by_relevance_has_no_place_to_go_on_from(archive_file: Path) -> None:
    query = Query("en", keywords="story", sort="relevance")
    with pytest.raises(ValueError, match="relevance"):
        search.search(query, after=Place(0, 1, "en"))
