"""Count the Swiss federal news straight from the file: plain Python, nothing of Dateline.

    python tests/importing/count_swiss.py swiss-federal-news.jsonl.gz

prints the answers to `QUESTIONS`. The tests hold the archive's totals and facet counts against
these. An office or topic is known by its German name; a name in another language is the German one
that stands in its place in the same release. Where that is not certain, the name stands for itself.
"""

from __future__ import annotations

import gzip
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

Key = tuple[str, str]
"""("de", German name) of a term, or (language, name) of a name that could not be placed."""

FACETS = ("office", "topic", "genre")
_FIELDS = {"office": "offices", "topic": "topics", "genre": "content_type"}


@dataclass(frozen=True)
class Question:
    """What is asked: languages, German names within each facet, years, first and last day."""

    languages: tuple[str, ...]
    office: tuple[str, ...] = ()
    topic: tuple[str, ...] = ()
    years: tuple[str, ...] = ()
    months: tuple[str, ...] = ()
    since: str = ""
    until: str = ""


BAFU = "Bundesamt für Umwelt BAFU"
QUESTIONS = (
    Question(("de",)),
    Question(("en",)),
    Question(("it",)),
    Question(("de", "en", "fr", "it")),
    Question(("fr",), topic=("Umwelt und Natur",)),
    Question(("de",), office=(BAFU,), topic=("Umwelt und Natur", "Verkehr")),
    Question(("de", "fr"), topic=("Gesundheit", "Landwirtschaft")),
    Question(("it",), years=("2016",)),
    Question(("de",), months=("2012-03",)),
    Question(("en",), since="2010-01-01", until="2015-06-30"),
    Question(("fr", "it"), office=(BAFU,), years=("2008", "2019")),
)


@dataclass(frozen=True)
class Text:
    """One text, its terms by key."""

    language: str
    day: str
    terms: dict[str, frozenset[Key]]


@dataclass(frozen=True)
class Answer:
    """Total, and counts per facet and key, each facet without its own selection."""

    total: int
    counts: dict[str, Counter[Key]]
    years: Counter[str]


def fold(name: str) -> str:
    """Names differ in capitals, spacing and dashes."""
    for dash in "‐‑–—":
        name = name.replace(dash, "-")
    return " ".join(name.replace("’", "'").split()).casefold()


def read(path: Path) -> list[dict]:
    """The records, of those with one id the last."""
    last: dict[str, dict] = {}
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            last[record["id"]] = record
    return list(last.values())


def names(record: dict, facet: str) -> list[str]:
    """The folded names of a record in a facet."""
    value = record[_FIELDS[facet]] or []
    return [fold(name) for name in ([value] if isinstance(value, str) else value)]


def places(records: Iterable[dict], facet: str) -> dict[Key, Key]:
    """(language, name) → the German name in its place, wherever that is certain."""
    releases: dict[str, dict[str, list[str]]] = defaultdict(dict)
    for record in records:
        releases[record["group"]][record["language"]] = names(record, facet)
    german: dict[Key, set[str]] = defaultdict(set)
    for release in releases.values():
        if "de" in release and len({len(listed) for listed in release.values()}) == 1:
            for language, listed in release.items():
                for name, original in zip(listed, release["de"], strict=True):
                    german[language, name].add(original)
    claims = Counter((lang, one) for (lang, _), found in german.items() for one in found)
    placed = {}
    for (language, name), found in german.items():
        certain = len(found) == 1 and claims[language, *found] == 1
        placed[language, name] = ("de", *found) if certain else (language, name)
    return placed


def texts(records: list[dict]) -> list[Text]:
    """The records as texts with keys for terms."""
    placed = {facet: places(records, facet) for facet in FACETS}

    def keys(record: dict, facet: str) -> frozenset[Key]:
        listed = ((record["language"], name) for name in names(record, facet))
        return frozenset(placed[facet].get(name, name) for name in listed)

    return [
        Text(
            record["language"],
            record["published"],
            {facet: keys(record, facet) for facet in FACETS},
        )
        for record in records
    ]


def answer(question: Question, all_texts: Iterable[Text]) -> Answer:
    """Count one question's answer by looking at every text."""
    total, counts, years = 0, {facet: Counter() for facet in FACETS}, Counter()
    for text in all_texts:
        fails = set(_failing(question, text))
        total += not fails
        for facet in FACETS:
            if not fails - {facet}:
                counts[facet].update(text.terms[facet])
        if not fails - {"time"}:
            years[text.day[:4]] += 1
    return Answer(total, counts, years)


def _failing(question: Question, text: Text) -> Iterator[str]:
    """The conditions of the question that the text does not meet; years and months are one."""
    if text.language not in question.languages:
        yield "language"
    for facet in ("office", "topic"):
        wanted = {("de", fold(name)) for name in getattr(question, facet)}
        if wanted and not wanted & text.terms[facet]:
            yield facet
    if question.years and text.day[:4] not in question.years:
        yield "time"
    if question.months and text.day[:7] not in question.months:
        yield "time"
    if question.since and text.day < question.since:
        yield "day"
    if question.until and text.day > question.until:
        yield "day"


def main() -> None:
    """Print each question with its total and most frequent offices and topics."""
    found = texts(read(Path(sys.argv[1])))
    for question in QUESTIONS:
        told = answer(question, found)
        print(f"{told.total:>7,}  {question}")  # noqa: T201
        for facet in ("office", "topic"):
            top = ", ".join(f"{name} {n:,}" for (_, name), n in told.counts[facet].most_common(3))
            print(f"         {facet}: {top}")  # noqa: T201


if __name__ == "__main__":
    main()
