"""The same stories from every ending, for random questions to a real archive; all by harvest.

The Swiss federal news: a seeded sample of its releases and a few questions by default, the whole
file and a hundred with DATELINE_SOAK.
"""

from __future__ import annotations

import gzip
import json
import os
import random
from collections.abc import Iterator
from dataclasses import replace
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
from build import indexed
from django.test import Client
from exports.ids import PAGED, WHOLE
from sickle import Sickle

from dateline import importing
from dateline.archive import search
from dateline.archive.query import Query
from dateline.importing import Options
from dateline.publishing import verbs
from dateline.stories.models import Story
from dateline.vocabularies import snapshot

pytestmark = [pytest.mark.soak, pytest.mark.timeout(7200)]
FULL = os.environ.get("DATELINE_SOAK") == "full"
QUESTIONS = 100 if FULL else 6
RELEASES = 60
"""How many of its releases the small trial imports."""


WITHDRAWN = 30


@pytest.fixture
def swiss(real_data: Path, tmp_path: Path, archive_file: Path, settings: Any) -> None:
    settings.ORIGIN = "https://news.example.org"
    path = real_data / "data" / "swiss-federal-news.jsonl.gz"
    if not FULL:
        path = _sample(path, tmp_path / "sample.jsonl")
    importing.run(path, Options())
    indexed()


def _sample(whole: Path, path: Path) -> Path:
    with gzip.open(whole, "rt", encoding="utf-8") as lines:
        records = list(lines)
    groups = sorted({json.loads(line)["group"] for line in records})
    chosen = {*random.Random(7749).sample(groups, RELEASES)}
    path.write_text("".join(line for line in records if json.loads(line)["group"] in chosen))
    return path


def _questions() -> Iterator[Query]:
    """Random ones: words of headlines, terms that are there, years; few find nothing."""
    chance = random.Random(2718)
    headlines = list(Story.objects.values_list("headline", flat=True).order_by("pk")[:5000])
    known = snapshot.current()
    terms = {
        facet: sorted(term.slug for term in known.terms(facet)) for facet in ("office", "topic")
    }
    for _ in range(QUESTIONS):
        chosen: dict[str, tuple[str, ...]] = {}
        for facet, slugs in terms.items():
            if slugs and chance.random() < 0.3:
                chosen[facet] = tuple(chance.sample(slugs, min(2, len(slugs))))
        if chance.random() < 0.3:
            chosen["language"] = tuple(chance.sample(["de", "fr", "it", "en"], 2))
        if chance.random() < 0.3:
            chosen["year"] = (str(chance.randint(2000, 2024)),)
        words = chance.choice(headlines).split() if chance.random() < 0.4 else []
        yield Query(
            chance.choice(["de", "fr", "it", "en"]),
            keywords=chance.choice(words).strip('"«».,:-()') if words else "",
            selections=tuple(chosen.items()),
            sort=chance.choice(["newest", "oldest"]),
        )


def _pages(query: Query) -> list[str]:
    """The ids on the pages of the list, one page after the other."""
    pages = search.search(replace(query, size=100)).pages
    found = [search.search(replace(query, size=100, page=1 + n)).stories for n in range(pages)]
    return [
        f"https://news.example.org/n/{row.number}#{row.language}" for rows in found for row in rows
    ]


@pytest.mark.django_db
def test_every_ending_gives_the_same_stories(
    swiss: None, client: Client, record_property: Any
) -> None:
    stories = 0
    for query in _questions():
        expected = _pages(query)
        stories += len(expected)
        for suffix, read in WHOLE.items():
            answer = client.get(query.path(suffix))
            assert answer.status_code == 200
            assert read(b"".join(answer)) == expected, query.path(suffix)
        first = set(expected[:100])
        for suffix, read in PAGED.items():
            answer = client.get(replace(query, size=100).path(suffix))
            assert set(read(answer.content)) == first, query.path(suffix)
    record_property("questions", QUESTIONS)
    record_property("stories compared", stories)
    assert stories


@pytest.mark.django_db(transaction=True)
def test_all_is_harvested_by_oai(
    swiss: None, live_server: Any, settings: Any, record_property: Any
) -> None:
    """By sickle, page after page; what was withdrawn is marked as deleted."""
    settings.ORIGIN = live_server.url
    stories = list(Story.objects.order_by("pk"))
    gone = random.Random(31).sample(stories, WITHDRAWN)
    for story, verb in zip(gone, cycle((verbs.kill, verbs.retract)), strict=False):
        verb(story, "It was wrong.")
    names = {story.pk: f"{live_server.url}/n/{story.number}#{story.language}" for story in stories}
    found = list(Sickle(f"{live_server.url}/oai").ListRecords(metadataPrefix="oai_dc"))
    assert len(found) == len(stories)
    deleted = {record.header.identifier for record in found if record.header.deleted}
    assert deleted == {names[story.pk] for story in gone}
    assert {record.header.identifier for record in found} == set(names.values())
    record_property("records", len(found))
    record_property("deleted", len(deleted))
