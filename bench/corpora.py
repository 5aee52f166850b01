"""The archives that are measured: synthetic ones of any size, and the real Swiss one multiplied."""

from __future__ import annotations

import gzip
import json
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from bench import synthetic
from bench.peers.base import Unavailable
from bench.synthetic import Question
from dateline.archive.engines.base import Document
from dateline.lib import html

ROOT = Path(__file__).resolve().parent.parent
_PLAIN_WORD = re.compile(r"(?<!\S)[a-z]{4,}(?!\S)")
_PLAIN_PAIR = re.compile(r"(?<!\S)[a-z]{4,} [a-z]{4,}(?!\S)")


@dataclass(frozen=True)
class Corpus:
    """A named archive: its documents as often as they are wanted, and the questions put to it.

    Where `exact`, all engines cut texts into the same words, so all answers must be equal;
    otherwise only those to questions without words.
    """

    name: str
    size: int
    seed: int
    documents: Callable[[], Iterator[Document]]
    questions: Callable[[int], list[Question]]
    exact: bool = True

    @property
    def key(self) -> str:
        """A folder's name that no other archive has."""
        return f"{self.name}-{self.size}-{self.seed}"


def synthetic_corpus(size: int, seed: int = synthetic.SEED, body: int | None = None) -> Corpus:
    """Synthetic stories; bodies of the usual length for the size, or of so many words."""
    words = synthetic.body_words(size) if body is None else body
    return Corpus(
        name=f"synthetic{words}",
        size=size,
        seed=seed,
        documents=lambda: synthetic.documents(size, seed, body=words),
        questions=lambda divisor: synthetic.questions(seed, divisor=divisor),
    )


def swiss_corpus(copies: int) -> Corpus:
    """The Swiss federal news (24,615 texts in four languages), `copies` times over.

    Each copy has ids and moments of its own: the same day, another second.
    """
    path = swiss_file()
    if not path.exists():
        raise Unavailable(f"no {path.name} (DATELINE_TEST_DATA names the folder that holds data/)")
    originals = list(_swiss(path))
    return Corpus(
        name="swiss",
        size=len(originals) * copies,
        seed=0,
        documents=lambda: _copied(originals, copies),
        questions=lambda divisor: _swiss_questions(originals)[::divisor],
        exact=False,
    )


def swiss_file() -> Path:
    """Where the Swiss federal news are, or would be."""
    given = os.environ.get("DATELINE_TEST_DATA", str(ROOT.parent / "shared"))
    return Path(given) / "data" / "swiss-federal-news.jsonl.gz"


def _swiss(path: Path) -> Iterator[Document]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        records = [json.loads(line) for line in lines]
    records.sort(key=lambda record: (str(record["published"]), str(record["id"])))
    for at, record in enumerate(records, 1):
        day = datetime.fromisoformat(record["published"]).replace(tzinfo=UTC)
        yield Document(
            id=at,
            number=at,
            language=record["language"],
            instant=int(day.timestamp()) + at % 1000 * 60,
            headline=record["title"],
            summary=record.get("lead") or "",
            body=html.text(record.get("body") or ""),
            facets={
                "language": (record["language"],),
                "genre": (record["content_type"],) if record.get("content_type") else (),
                "office": tuple(dict.fromkeys(record.get("offices") or ())),
                "topic": tuple(dict.fromkeys(record.get("topics") or ())),
            },
        )


def _copied(originals: list[Document], copies: int) -> Iterator[Document]:
    for at, one in enumerate(originals):
        for copy in range(copies):
            ident = at * copies + copy + 1
            yield replace(one, id=ident, number=ident, instant=one.instant + copy)


def _swiss_questions(originals: list[Document]) -> list[Question]:
    """Questions whose words and facet values are taken from random stories of the archive."""
    random = np.random.default_rng(7)
    return [
        _taken(random, kind, originals[int(random.integers(len(originals)))])
        for kind in synthetic.KINDS
        if kind != "typing"
        for _ in range(5 if kind == "match all" else 40)
    ]


def _taken(random: np.random.Generator, kind: str, story: Document) -> Question:
    if kind == "match all":
        return Question(kind)
    facets = [name for name, values in story.facets.items() if values and name != "genre"]
    chosen = random.permutation(facets)[: random.integers(1, 3)].tolist()
    selections = {name: story.facets[name][:1] for name in chosen}
    words = _PLAIN_WORD.findall(story.summary.lower()) or ["bern"]
    at = int(random.integers(len(words)))
    match kind:
        case "phrase":
            pairs = _PLAIN_PAIR.findall(story.summary.lower()) or ["bern bern"]
            return Question(kind, phrase=tuple(pairs[at % len(pairs)].split()))
        case "prefix":
            return Question(kind, prefix=words[at][:4])
        case "facets":
            return Question(kind, selections=selections)
        case "deep page":
            language = {"language": story.facets["language"]}
            return Question(kind, selections=language, offset=(synthetic.DEEP - 1) * synthetic.PAGE)
        case _:
            return Question(kind, (words[at],), ranked=kind.endswith("ranked"))
