"""The Swiss federal news: four languages joined, and every count held against the file's own.

A seeded sample of its releases by default, the whole file with DATELINE_SOAK.
"""

from __future__ import annotations

import gzip
import importlib.util
import json
import os
import random
import sys
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from build import indexed

from dateline.archive.query import Query
from dateline.archive.search import search
from dateline.importing import Report
from dateline.publishing.models import Change, Version
from dateline.stories.models import Story
from dateline.vocabularies import snapshot

pytestmark = [pytest.mark.django_db, pytest.mark.soak]
WHOLE = os.environ.get("DATELINE_SOAK") == "full"


def _counting() -> ModuleType:
    path = Path(__file__).with_name("count_swiss.py")
    spec = importlib.util.spec_from_file_location("count_swiss", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    # Dataclasses look their module up by name.
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


counting = _counting()


@pytest.fixture
def news(real_data: Path, tmp_path: Path) -> Path:
    """The whole file, or a sample of its releases with the one whose ids recur."""
    whole = real_data / "data" / "swiss-federal-news.jsonl.gz"
    if WHOLE:
        return whole
    with gzip.open(whole, "rt", encoding="utf-8") as lines:
        groups = {json.loads(line)["group"]: None for line in lines}
    chosen = {*random.Random(7749).sample(list(groups), 250), "ch-93869"}
    path = tmp_path / "swiss-federal-news.jsonl"
    with gzip.open(whole, "rt", encoding="utf-8") as lines:
        kept = (line for line in lines if json.loads(line)["group"] in chosen)
        path.write_text("".join(kept), encoding="utf-8")
    return path


def test_it_imports_whole_and_again_changes_nothing(news: Path, bring, record_property) -> None:
    records = counting.read(news)
    report = bring(news)
    record_property("records", report.records)
    record_property("stories", report.created)
    assert (report.created, report.superseded, report.rejected) == (len(records), 4, 0)
    if WHOLE:
        assert (report.records, report.created) == (24_619, 24_615)
    changes, texts = Change.objects.count(), Version.objects.count()
    again = bring(news)
    assert (again.created, again.updated, again.unchanged) == (0, 0, len(records))
    assert (changes, texts) == (Change.objects.count(), Version.objects.count())


def test_the_texts_of_a_release_share_its_number(news: Path, bring) -> None:
    bring(news)
    groups = {record["group"] for record in counting.read(news)}
    assert Story.objects.values("number").distinct().count() == len(groups)
    assert Story.objects.values("translation_key").distinct().count() == len(groups)
    invitation = Story.objects.get(external_id="ch-93869-en")
    assert invitation.headline.startswith("Reminder: ")


def test_offices_and_topics_are_there_once(news: Path, bring) -> None:
    """As many terms as the file has German names, and names that could not be placed."""
    report: Report = bring(news)
    found = counting.texts(counting.read(news))
    for facet in ("office", "topic"):
        keys = {key for text in found for key in text.terms[facet]}
        assert len(list(snapshot.current().terms(facet))) == len(keys)
        apart = {names for entry in report.apart if entry.facet == facet for names in entry.names}
        unplaced = {name for language, name in keys if language != "de"}
        assert unplaced <= {counting.fold(name) for name in apart}


def test_totals_and_counts_equal_those_of_the_file(
    news: Path, bring, archive_file: Path, record_property
) -> None:
    bring(news)
    record_property("questions", len(counting.QUESTIONS))
    indexed()
    found = counting.texts(counting.read(news))
    for question in counting.QUESTIONS:
        page, told = search(_query(question)), counting.answer(question, found)
        assert page.total == told.total
        for facet in counting.FACETS:
            assert _counts(page, facet) == {key: n for key, n in told.counts[facet].items() if n}
        years = {value.value: value.count for value in page.facet("year").values if value.count}
        assert years == dict(told.years)


def _query(question: Any) -> Query:
    return Query(
        language=question.languages[0],
        selections=(
            ("language", question.languages),
            *(
                (facet, tuple(_slugs(facet, getattr(question, facet))))
                for facet in ("office", "topic")
            ),
            ("year", question.years),
            ("month", question.months),
        ),
        since=date.fromisoformat(question.since) if question.since else None,
        until=date.fromisoformat(question.until) if question.until else None,
    )


def _slugs(facet: str, german: tuple[str, ...]) -> tuple[str, ...]:
    wanted = set(map(counting.fold, german))
    terms = snapshot.current().terms(facet)
    return tuple(t.slug for t in terms if counting.fold(t.names.get("de", "")) in wanted)


def _counts(page: Any, facet: str) -> dict[tuple[str, str], int]:
    terms = {term.slug: term for term in snapshot.current().terms(facet)}
    return {
        _key(terms[value.value]): value.count for value in page.facet(facet).values if value.count
    }


def _key(term: Any) -> tuple[str, str]:
    language = "de" if "de" in term.names else next(iter(term.names))
    return language, counting.fold(term.names[language])
