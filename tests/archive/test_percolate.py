"""Saved queries and changed stories find each other as if each query were run on the archive."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

import pytest
from build import genre, indexed, office, published, topic
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dateline.archive import candidates, percolate, walk
from dateline.archive.engines.base import Document, Search
from dateline.archive.engines.embedded import EmbeddedEngine
from dateline.archive.keywords import parse
from dateline.archive.query import Query
from dateline.stories.models import Story
from dateline.vocabularies import snapshot as vocabularies

WORDS = (
    *("elections", "election", "E-Mail", "email", "mail", "Straße", "Strasse", "Łódź", "lodz"),
    *("欧安组织", "欧安", "组", "قانون", "القانون", "мая", "мая-июня", "mujeres", "rock-n-roll"),
)
FAMILIES = {"office": {"1": frozenset({"1", "2", "3"}), "2": frozenset({"2", "3"})}}
LANGUAGES = ("en", "de", "ar", "ru", "es", "zh")

words = st.sampled_from(WORDS)
texts = st.lists(words, max_size=5).map(" ".join)
documents = st.builds(
    lambda at, language, texts, offices: Document(
        id=at, number=at, language=language, instant=at * 1000,
        headline=texts[0], summary=texts[1], body=texts[2],
        facets={"language": (language,), "office": offices},
    ),
    st.integers(1, 10**6), st.sampled_from(LANGUAGES), st.tuples(texts, texts, texts),
    st.sets(st.sampled_from(["1", "2", "3", "4"]), max_size=2).map(tuple),
)  # fmt: skip
pieces = st.one_of(
    words,
    words.map(lambda word: f"-{word}"),
    words.map(lambda word: f"{word[:3]}*"),
    words.map(lambda word: f"headline:{word}"),
    st.lists(words, min_size=1, max_size=3).map(lambda some: f'"{" ".join(some)}"'),
)
searches = st.builds(
    lambda typed, languages, offices: Search(
        clauses=parse(" ".join(typed)), languages=tuple(languages), size=100,
        selections={"language": frozenset(languages), "office": frozenset(offices)},
    ),
    st.lists(pieces, max_size=3),
    st.sets(st.sampled_from(LANGUAGES), min_size=1).map(sorted),
    st.sets(st.sampled_from(["1", "2", "3", "4"]), max_size=2),
)  # fmt: skip


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedEngine]:
    opened = EmbeddedEngine(tmp_path_factory.mktemp("few") / "few.sqlite3", ZoneInfo("UTC"))
    opened.set_families(FAMILIES)
    yield opened
    opened.close()


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(documents, max_size=4, unique_by=lambda one: one.id), st.lists(searches))
def test_whatever_the_engine_finds_was_a_candidate(
    engine: EmbeddedEngine, stories: list[Document], asked: list[Search]
) -> None:
    """Of each group of a question's keys, every document it finds has one."""
    engine.apply(stories, {one.id for one in engine.documents()} - {s.id for s in stories}, 1)
    have = {one.id: candidates.keys(one, FAMILIES) for one in stories}
    for search in asked:
        groups = candidates.groups(search)
        assert groups
        assert candidates.rarest(groups, {}) == groups[0]
        assert all(len(key) <= candidates.LONGEST for group in groups for key in group)
        for found in engine.search(search).ids:
            assert all(group & have[found] for group in groups)
            assert candidates.could_find(search, have[found])


def test_the_least_asked_key_keeps_a_question() -> None:
    search = Search(
        clauses=parse("alpha beta"),
        languages=("en",),
        selections={"office": frozenset({"1"}), "language": frozenset({"en"})},
    )
    groups = candidates.groups(search)
    assert candidates.rarest(groups, {"~alpha": 5, "~beta": 1}) == groups[1]
    assert candidates.rarest(groups, {"~alpha": 1, "~beta": 5}) == groups[0]
    assert candidates.rarest(groups[2:], {"office=1": 5}) == frozenset({"office=1"})


@pytest.mark.django_db
@pytest.mark.usefixtures("archive_file")
@pytest.mark.parametrize("seed", range(3))
def test_equal_to_running_each_query_on_the_archive(seed: int) -> None:
    chance = random.Random(seed)
    queries = _newsroom(chance)
    every = list(Story.objects.values_list("pk", flat=True))
    for _ in range(4):
        changed = set(chance.sample(every, chance.randint(0, 6)))
        brute = {
            query: found
            for query in queries
            if (found := frozenset({row.id for row in walk.every_row(query)} & changed))
        }
        assert percolate.matching(queries, changed) == brute
    snapshot = vocabularies.current()
    with percolate.few(every) as stories:
        for query in queries:
            kept = candidates.rarest(percolate.keeping(query, snapshot), {})
            assert stories.found_by(query) == frozenset(r.id for r in walk.every_row(query))
            if stories.found_by(query):
                assert kept & stories.keys


def _newsroom(chance: random.Random) -> list[Query]:
    parents = [office("o0")]
    for number in range(1, 5):
        parents.append(office(f"o{number}", parent=chance.choice([None, *parents])))
    topics = [topic(f"t{number}") for number in range(3)]
    kinds = [genre(f"g{number}") for number in range(2)]
    for number in range(25):
        published(
            f"{' '.join(chance.choices(WORDS, k=3))} {number}",
            language=chance.choice(["en", "fr", "de"]),
            published=date(2024, 1, 1 + number % 20),
            offices=tuple(chance.sample(parents, chance.randint(0, 2))),
            topics=tuple(chance.sample(topics, chance.randint(0, 2))),
            genre=chance.choice([None, *kinds]),
            summary=" ".join(chance.choices(WORDS, k=4)),
        )
    indexed()
    return list({_query(chance) for _ in range(60)})


def _query(chance: random.Random) -> Query:
    def some(name: str, count: int, share: float = 0.3) -> tuple[str, ...]:
        return tuple(f"{name}{n}" for n in range(count) if chance.random() < share / count * 2)

    typed = chance.choices([*WORDS, "-mail", "ele*", '"E-Mail mail"', "headline:mail"], k=2)
    query = Query(
        chance.choice(["en", "fr"]),
        keywords=" ".join(typed[: chance.choice([0, 0, 1, 2])]),
        selections=(
            ("office", (*some("o", 5), *(["unknown"] * (chance.random() < 0.05)))),
            ("topic", some("t", 3)),
            ("genre", some("g", 2)),
            ("language", ("en", "fr", "de")[: chance.choice([0, 0, 2, 3])]),
            ("month", ("2024-01",) if chance.random() < 0.1 else ()),
        ),
    )
    since = date(2024, 1, 10) if chance.random() < 0.2 else None
    return replace(query, since=since, page=chance.choice([1, 3]), sort="oldest")
