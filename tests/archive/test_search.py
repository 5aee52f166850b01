"""Search from end to end: pages, totals and counts equal those of plain loops over the store."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from build import draft, genre, indexed, office, published, topic
from django.utils import timezone
from oracle import Oracle

from dateline.archive import search, walk
from dateline.archive.facets import Facet
from dateline.archive.query import Query
from dateline.publishing import verbs
from dateline.stories.models import Story
from dateline.vocabularies.models import Genre, Office, Topic

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("archive_file")]

# No two of these share a stem in any language, and none is a form of another.
WORDS = ("zorbat", "quimpel", "vexodar", "lintow", "brakko", "zorbinex")


class Newsroom:
    """A random newsroom whose every story went through the verbs."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.offices = self._tree(office, 8)
        self.topics = self._tree(topic, 6)
        self.genres = [genre(f"genre-{n}") for n in range(3)]
        self.made = 0

    def _tree(self, make: type[Office] | type[Topic], size: int) -> list[Office | Topic]:
        terms: list[Office | Topic] = []
        for n in range(size):
            parent = self.chance.choice([None, *terms])
            terms.append(make(f"{make.__name__}-{n}", parent=parent, **self._closed(make)))
        return terms

    def _closed(self, make: object) -> dict[str, bool]:
        return {"closed": self.chance.random() < 0.3} if make is office else {}

    def some(self, things: list, most: int = 3) -> tuple:
        return tuple(self.chance.sample(things, self.chance.randint(0, min(most, len(things)))))

    def text(self, longest: int = 4) -> str:
        return " ".join(self.chance.choices(WORDS, k=self.chance.randint(0, longest)))

    def moment(self) -> date | datetime:
        """A date, or a moment, in a few days around which years and months turn."""
        days = (date(2022, 12, 31), date(2023, 1, 1), date(2023, 6, 30), date(2023, 7, 1))
        day = self.chance.choice(days)
        if self.chance.random() < 0.5:
            return day
        return datetime.combine(day, time(self.chance.choice([0, 9, 23]), 30))

    def story(self) -> Story:
        self.made += 1
        now = timezone.now()
        return draft(
            f"story{self.made} {self.text()}",
            language=self.chance.choice(["en", "en", "fr", "ru"]),
            published=self.chance.choice([self.moment(), self.moment(), date(2190, 1, 1)]),
            summary=self.text(),
            body=f"<p>{self.text()}</p><p>{self.text()}</p>",
            genre=self.chance.choice([None, *self.genres]),
            offices=self.some(self.offices),
            topics=self.some(self.topics),
            embargoed_until=self.chance.choice([None] * 6 + [now + timedelta(days=1)]),
            expire_at=self.chance.choice([None] * 6 + [now + timedelta(hours=1)]),
        )

    def withdraw(self) -> None:
        """Take one public story away, in one of the ways there are."""
        story = self.chance.choice(Story.objects.filter(state="published"))
        way = self.chance.choice([verbs.unpublish, verbs.delete, _retract, _kill, _embargo])
        way(story)

    def query(self) -> Query:
        chance = self.chance
        slugs = {
            "language": ["en", "fr", "ru", "de"],
            "genre": [*Genre.objects.values_list("slug", flat=True), "unknown"],
            "office": [*Office.objects.values_list("slug", flat=True), "unknown"],
            "topic": [*Topic.objects.values_list("slug", flat=True), "unknown"],
            "year": ["2022", "2023", "1999"],
            "month": ["2022-12", "2023-01", "2023-06", "2023-07"],
        }
        chosen = chance.sample(sorted(slugs), chance.choice([0, 1, 1, 2, 3]))
        return Query(
            language=chance.choice(["en", "en", "fr"]),
            keywords=self.keywords(),
            selections=tuple((facet, self.some(slugs[facet])) for facet in chosen),
            since=chance.choice([None, None, date(2022, 12, 31), date(2023, 1, 1)]),
            until=chance.choice([None, None, date(2022, 12, 31), date(2023, 6, 30)]),
            sort=chance.choice(["newest", "oldest"]),
            size=10,
        )

    def keywords(self) -> str:
        one, two = self.chance.sample(WORDS, 2)
        return self.chance.choice(
            ["", "", "", one, f"{one} {two}", f'"{one} {two}"', f"{one} -{two}", "zorb*", f"-{one}"]
        )


def _retract(story: Story) -> None:
    verbs.retract(story, "An error")


def _kill(story: Story) -> None:
    verbs.kill(story, "Must not be used")


def _embargo(story: Story) -> None:
    story.embargoed_until = timezone.now() + timedelta(days=1)
    verbs.publish(story)


@pytest.mark.parametrize("seed", range(4))
def test_answers_equal_those_of_plain_loops(seed: int) -> None:
    newsroom = Newsroom(seed)
    for _ in range(40):
        story = newsroom.story()
        if newsroom.chance.random() < 0.8:
            verbs.publish(story)
    indexed()
    _compare(newsroom, timezone.now())
    _compare(newsroom, timezone.now() + timedelta(hours=2))  # some have expired, nobody told


def _compare(newsroom: Newsroom, at: datetime) -> None:
    oracle = Oracle(at)
    assert oracle.stories, "a newsroom without public stories proves nothing"
    for _ in range(40):
        query = newsroom.query()
        pages = _pages(query, at)
        assert [row.id for page in pages for row in page.stories] == oracle.ids(query), query
        assert pages[0].total == len(oracle.ids(query)), query
        assert _shown(pages[0].facets) == _expected(query, oracle), query


def _pages(query: Query, at: datetime) -> list[search.ResultPage]:
    first = search.search(query, at)
    rest = (search.search(query.on_page(n), at) for n in range(2, first.pages + 1))
    return [first, *rest]


def _shown(facets: tuple[Facet, ...]) -> dict[str, dict[str, int]]:
    return {facet.name: {value.value: value.count for value in facet.values} for facet in facets}


def _expected(query: Query, oracle: Oracle) -> dict[str, dict[str, int]]:
    """What has stories, and what was chosen even where it has none."""
    chosen = {"language": query.languages} | dict(query.selections)
    return {
        facet: dict.fromkeys(chosen.get(facet, ()), 0) | counts
        for facet, counts in oracle.counts(query).items()
    }


@pytest.mark.parametrize("seed", range(3))
def test_what_was_withdrawn_is_not_counted_even_by_an_index_that_has_not_heard(seed: int) -> None:
    newsroom = Newsroom(100 + seed)
    for _ in range(30):
        verbs.publish(newsroom.story())
    indexed()
    for _ in range(8):
        newsroom.withdraw()
    _compare(newsroom, timezone.now())


def test_equal_dates_are_ordered_by_number_then_language() -> None:
    day = date(2024, 3, 15)
    for language, headline in (("fr", "a"), ("en", "b"), ("en", "c"), ("ru", "d")):
        published(headline, language=language, published=day)
    indexed()
    query = Query("en", selections=(("language", ("en", "fr", "ru")),))
    newest = [row.id for row in search.search(query).stories]
    oldest = [row.id for row in search.search(replace(query, sort="oldest")).stories]
    numbers = [Story.objects.get(pk=pk).number for pk in newest]
    assert numbers == sorted(numbers, reverse=True)  # type: ignore[type-var]
    assert oldest == newest[::-1]


def test_relevance_prefers_the_headline_and_finds_the_same_stories() -> None:
    published("An ordinary day", summary="A zorbat was seen", published=date(2024, 3, 16))
    best = published("Zorbat, zorbat", summary="A zorbat was seen", published=date(2024, 3, 15))
    indexed()
    query = Query("en", keywords="zorbat", sort="relevance")
    assert search.search(query).stories[0].id == best.pk
    assert search.search(query).total == search.search(replace(query, sort="newest")).total == 2


def test_a_day_is_a_day_in_the_newsrooms_time_zone() -> None:
    """23:30 UTC on 30 June is already 1 July in Vienna."""
    late = datetime(2024, 6, 30, 23, 30, tzinfo=UTC).astimezone(timezone.get_default_timezone())
    story = published("Late", published=late.replace(tzinfo=None))
    indexed()
    assert story.published_at == datetime(2024, 6, 30, 23, 30, tzinfo=UTC)
    july, june = (Query("en", selections=(("month", (m,)),)) for m in ("2024-07", "2024-06"))
    assert (search.search(july).total, search.search(june).total) == (1, 0)
    assert search.search(Query("en", since=date(2024, 7, 1))).total == 1
    assert search.search(Query("en", until=date(2024, 6, 30))).total == 0


@pytest.mark.parametrize("day", [date.min, date.max])
def test_the_first_and_last_day_there_is_can_be_asked_for(day: date) -> None:
    published("A headline")
    indexed()
    assert search.search(Query("en", since=date.min, until=date.max)).total == 1
    assert search.search(Query("en", since=day, until=day)).total == 0


def test_a_page_far_behind_the_end_is_empty_and_keeps_the_total() -> None:
    published("A headline")
    indexed()
    page = search.search(Query("en", page=9_999_999, size=100))
    assert (page.stories, page.total, page.pages) == ([], 1, 1)


# --- the whole result -------------------------------------------------------------------------
@pytest.fixture
def many(archive_file: Path, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Twelve stories on three days, five of them on one, newest first; batches of two."""
    monkeypatch.setattr(walk, "BATCH", 2)
    days = [1, 1, 1, 2, 2, 2, 2, 2, 2, 3, 3, 3]
    for count, day in enumerate(days):
        published(f"Story {count}", published=date(2024, 3, day))
    indexed()
    return Oracle(timezone.now()).ids(Query("en"))


@pytest.mark.parametrize("sort", ["newest", "oldest", "relevance"])
def test_a_walk_gives_every_story_once_in_order(many: list[int], sort: str) -> None:
    query = Query("en", keywords="story", sort=sort, page=3, size=10)  # type: ignore[arg-type]
    walked = [row.id for row in walk.every_row(query)]
    assert walked == (many[::-1] if sort == "oldest" else many)


@pytest.mark.parametrize("sort", ["newest", "oldest"])
def test_a_walk_misses_nothing_when_stories_come_and_go_meanwhile(
    many: list[int], sort: str
) -> None:
    walked = []
    rows = walk.every_row(Query("en", sort=sort))  # type: ignore[arg-type]
    for step in range(4):
        walked += [next(rows).id, next(rows).id]
        verbs.unpublish(Story.objects.get(pk=walked[-2]))
        published(f"New {step}", published=date(2024, 3, 2 * (step % 2) + 1))
        indexed()
    walked += [row.id for row in rows]
    assert len(walked) == len(set(walked))
    assert set(many) <= set(walked)


def test_a_walk_narrows_to_the_query(many: list[int]) -> None:
    query = Query("en", since=date(2024, 3, 2), until=date(2024, 3, 2))
    assert [row.id for row in walk.every_row(query)] == many[3:9]


def test_pages_do_not_overlap(many: list[int]) -> None:
    pages = [search.search(Query("en", page=n, size=10)).stories for n in (1, 2)]
    assert [row.id for page in pages for row in page] == many
    assert all(a.instant >= b.instant for a, b in pairwise(pages[0]))
