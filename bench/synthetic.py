"""Synthetic stories and questions: invented, but shaped like a newsroom's archive.

Six languages, eight genres, sixty offices (one or two a story), forty topics (one to four), their
popularity falling as in Zipf's law; a vocabulary of 50,000 invented words whose frequency falls
likewise; a moment of its own for each story, from 1995 to the end of 2026, in ascending order, as
an archive fills. Everything follows from (seed, size) alone and is made in constant memory:
block by block, each from a generator seeded with its own number.

No stemmer changes the words, and they are ASCII and free of punctuation. So every engine cuts the
texts into the same words, and answers can be compared exactly.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dateline.archive.analysis import stem_term
from dateline.archive.engines.base import Document

SEED = 20260101
LANGUAGES = ("en", "fr", "de", "es", "it", "ru")
VOCABULARY = 50_000
FACETS = ("language", "genre", "office", "topic")
CARDINALITY = {"language": 6, "genre": 8, "office": 60, "topic": 40}
_EXPONENT = {"language": 1.2, "genre": 1.0, "office": 1.0, "topic": 0.8}
_MOST = {"language": 1, "genre": 1, "office": 2, "topic": 4}
FIRST_YEAR, LAST_YEAR = 1995, 2026
_START = int(datetime(FIRST_YEAR, 1, 1, tzinfo=UTC).timestamp())
_END = int(datetime(LAST_YEAR + 1, 1, 1, tzinfo=UTC).timestamp())

HEADLINE, SUMMARY, BODY = 10, 60, 60
"""Words of each field; `LONG_BODY` in archives of up to `SMALL` stories, if not said otherwise."""
LONG_BODY, SMALL = 250, 100_000
BLOCK = 5_000
"""Stories made at once."""

PAGE = 20
DEEP = 200
"""The page that is asked for in the class "deep page"."""
KINDS = (
    "match all",
    "facets",
    "keywords, newest",
    "keywords, ranked",
    "phrase",
    "prefix",
    "deep page",
    "typing",
)
_HOW_MANY = {
    "match all": 20,
    "facets": 80,
    "keywords, newest": 40,
    "keywords, ranked": 40,
    "phrase": 40,
    "prefix": 40,
    "deep page": 30,
}
TYPINGS = 6
"""How often someone types two words, a question per keystroke from the second letter on."""


@dataclass(frozen=True)
class Question:
    """One question. All words, the phrase and the beginning of a word must occur.

    Any value within a facet, all facets must match. What is wanted: the page of `PAGE` story ids
    from `offset`, the total, every facet's counts without its own selection, the counts by year.
    """

    kind: str
    words: tuple[str, ...] = ()
    phrase: tuple[str, ...] = ()
    prefix: str = ""
    selections: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    ranked: bool = False
    offset: int = 0

    @property
    def has_text(self) -> bool:
        """Whether it asks for any word at all."""
        return bool(self.words or self.phrase or self.prefix)


def body_words(size: int) -> int:
    """How many words a body has in an archive of `size` stories, if nothing else is said."""
    return LONG_BODY if size <= SMALL else BODY


def documents(size: int, seed: int = SEED, *, body: int | None = None) -> Iterator[Document]:
    """`size` stories with ids and numbers from 1, in ascending order of their moments."""
    words = _texts_of(seed)
    lengths = (HEADLINE, SUMMARY, body_words(size) if body is None else body)
    for first in range(0, size, BLOCK):
        yield from _block(words, first, min(BLOCK, size - first), size, seed, lengths)


@lru_cache(maxsize=4)
def vocabulary(seed: int = SEED) -> tuple[str, ...]:
    """The invented words, most frequent first; no stemmer of the six languages changes any."""
    syllables = [consonant + vowel for consonant in "bcdfghjklmnprstvz" for vowel in "aeiou"]
    random = np.random.default_rng([seed, 1])
    found: dict[str, None] = {}
    while len(found) < VOCABULARY:
        chosen = random.integers(0, len(syllables), random.integers(2, 5)).tolist()
        word = "".join(syllables[at] for at in chosen) + "xqw"[random.integers(3)]
        if all(_unchanged(word, language) for language in LANGUAGES):
            found[word] = None
    return tuple(found)


def _unchanged(word: str, language: str) -> bool:
    return stem_term(word, language) in (None, f":{language}:{word}")


def value(facet: str, index: int) -> str:
    """The facet's value of this popularity: 0 is the most frequent one."""
    return LANGUAGES[index] if facet == "language" else str(index + 1)


@lru_cache
def popularity(facet: str) -> NDArray[np.float64]:
    """The share of each of the facet's values, adding up to 1."""
    shares = 1 / np.arange(1, CARDINALITY[facet] + 1) ** _EXPONENT[facet]
    return np.asarray(shares / shares.sum())


def _texts_of(seed: int) -> NDArray[Any]:
    return np.array(vocabulary(seed), dtype=object)


@lru_cache
def _cumulated() -> NDArray[np.float64]:
    """How likely a word is among the first so many of the vocabulary (Zipf and Mandelbrot)."""
    shares = 1 / (np.arange(1, VOCABULARY + 1) + 2.7)
    return np.asarray(np.cumsum(shares / shares.sum()))


def _block(
    words: NDArray[Any], first: int, count: int, size: int, seed: int, lengths: tuple[int, ...]
) -> Iterator[Document]:
    random = np.random.default_rng([seed, 2, size, first])
    values = {facet: _values(random, facet, count) for facet in FACETS}
    instants = _instants(random, first, count, size)
    drawn = np.searchsorted(_cumulated(), random.random((count, sum(lengths))))
    texts = words[np.minimum(drawn, VOCABULARY - 1)].tolist()
    summary, body = lengths[0], lengths[0] + lengths[1]
    for at, text in enumerate(texts):
        yield Document(
            id=first + at + 1,
            number=first + at + 1,
            language=values["language"][at][0],
            instant=instants[at],
            headline=" ".join(text[:summary]),
            summary=" ".join(text[summary:body]),
            body=" ".join(text[body:]),
            facets={facet: values[facet][at] for facet in FACETS},
        )


def _instants(random: np.random.Generator, first: int, count: int, size: int) -> list[int]:
    """Each story has an equal part of the years to itself, and falls on any second of it."""
    edges = _START + (np.arange(first, first + count + 1) * (_END - _START)) // size
    return [int(at) for at in random.integers(edges[:-1], edges[1:])]


def _values(random: np.random.Generator, facet: str, count: int) -> list[tuple[str, ...]]:
    """Between one and the facet's most values for each story, all different, by popularity."""
    most = _MOST[facet]
    # The largest of log-shares plus Gumbel noise are a weighted draw without replacement.
    noise = np.log(popularity(facet)) + random.gumbel(size=(count, CARDINALITY[facet]))
    drawn = np.argsort(-noise, axis=1)[:, :most].tolist()
    how_many = random.integers(1, most + 1, count).tolist()
    names = [value(facet, index) for index in range(CARDINALITY[facet])]
    return [
        tuple(names[index] for index in row[:kept])
        for row, kept in zip(drawn, how_many, strict=True)
    ]


def questions(seed: int = SEED, *, divisor: int = 1) -> list[Question]:
    """Questions of all kinds; a `divisor` of 4 gives a quarter of them."""
    random = np.random.default_rng([seed, 3])
    asked = [_question(random, seed, kind) for kind, many in _HOW_MANY.items() for _ in range(many)]
    kept = asked[::divisor]
    for _ in range(max(1, TYPINGS // divisor)):
        kept += _typing(_words(random, seed, 2))
    return kept


def _question(random: np.random.Generator, seed: int, kind: str) -> Question:
    match kind:
        case "match all":
            return Question(kind)
        case "facets":
            return Question(kind, selections=_selections(random, int(random.integers(1, 4))))
        case "phrase":
            return Question(kind, phrase=_phrase(random, seed))
        case "prefix":
            word = _words(random, seed, 1)[0]
            return Question(kind, prefix=word[: random.integers(3, max(4, len(word)))])
        case "deep page":
            selections = _selections(random, int(random.integers(0, 2)))
            return Question(kind, selections=selections, offset=(DEEP - 1) * PAGE)
        case _:
            words = _words(random, seed, int(random.integers(1, 3)))
            selections = _selections(random, int(random.integers(0, 3)))
            return Question(kind, words, selections=selections, ranked=kind.endswith("ranked"))


def _words(random: np.random.Generator, seed: int, count: int) -> tuple[str, ...]:
    """Different words, neither the most frequent ones nor rare ones: ranks 30 to 5,000."""
    ranks: dict[int, None] = {}
    while len(ranks) < count:
        ranks[int(np.exp(random.uniform(np.log(30), np.log(5000))))] = None
    return tuple(vocabulary(seed)[rank] for rank in ranks)


def _phrase(random: np.random.Generator, seed: int) -> tuple[str, ...]:
    """Two words side by side, frequent enough that most pairs occur in a large archive."""
    ranks = np.exp(random.uniform(np.log(3), np.log(1500), 2)).astype(int).tolist()
    return tuple(vocabulary(seed)[rank] for rank in ranks)


def _selections(random: np.random.Generator, count: int) -> dict[str, tuple[str, ...]]:
    """`count` values of any facets; half of them by popularity, half of them any."""
    chosen: dict[str, set[str]] = {}
    for _ in range(count):
        facet = FACETS[random.integers(len(FACETS))]
        by_popularity = random.random() < 0.5
        index = random.choice(CARDINALITY[facet], p=popularity(facet) if by_popularity else None)
        chosen.setdefault(facet, set()).add(value(facet, int(index)))
    return {facet: tuple(sorted(values)) for facet, values in chosen.items()}


def _typing(words: tuple[str, ...]) -> list[Question]:
    """What is asked while two words are typed: from the second letter, at each keystroke."""
    first, second = words
    asked = [Question("typing", prefix=first[:end]) for end in range(2, len(first) + 1)]
    asked += [
        Question("typing", (first,), prefix=second[:end]) for end in range(1, len(second) + 1)
    ]
    return asked
