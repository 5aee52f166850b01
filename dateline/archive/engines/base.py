"""What an archive engine takes in and gives out. Documents go in, story ids come out.

An engine knows nothing of Django, of stories or of what is public: its callers put in only what
may be found, and subtract what must not be (`Search.barred`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

from dateline.archive.keywords import Clause

Sort = Literal["newest", "oldest", "relevance"]
Families = Mapping[str, Mapping[str, frozenset[str]]]
"""Facet → value → the values that count as it: itself, its descendants, its predecessors."""


class EngineError(Exception):
    """The engine cannot do what was asked; the message says what to do about it."""


class IndexUnusable(EngineError):  # noqa: N818 - a state of the file, named as operators see it
    """The index file is damaged or of another version: it must be built anew from the store."""


@dataclass(frozen=True, slots=True)
class Document:
    """One language's text of a story, as the index sees it.

    `instant` is the moment it is sorted by, in Unix seconds (a date without a time: that day's
    start in the newsroom's zone). `facets` holds direct values only: {"office": ("12", "7")}.
    `expires` is the moment from which it is no longer found, in Unix seconds.
    """

    id: int
    number: int
    language: str
    instant: int
    headline: str
    summary: str = ""
    body: str = ""
    facets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    expires: int | None = None

    def fingerprint(self) -> bytes:
        """Eight bytes that differ (but for chance) when anything the index holds differs."""
        facets = sorted((name, sorted(set(values))) for name, values in self.facets.items())
        parts = (self.number, self.language, self.instant, self.expires, facets)
        text = "\0".join((self.headline, self.summary, self.body, repr(parts)))
        return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()


@dataclass(frozen=True, slots=True)
class Entry:
    """What the index holds of one document: enough to compare it with the store."""

    id: int
    number: int
    language: str
    instant: int
    expires: int | None
    fingerprint: bytes


@dataclass(frozen=True, slots=True)
class Place:
    """Where a document stands in the order of all: what ties are broken by, too."""

    instant: int
    number: int
    language: str


@dataclass(frozen=True)
class Search:
    """One question. All clauses must match; any value within a facet, all facets must match.

    `languages` are those whose word stems the clauses are matched by, besides the exact word.
    `selections` are keyed by facet name, and by "year" ("2016") and "month" ("2016-03").
    `since` and `until` bound the instant: [since, until). `at` is now, for expiry, in Unix
    seconds. `barred` are story ids that are subtracted from everything. `after` asks for what comes
    strictly after this place in the order asked for (not with relevance: ValueError); `offset`
    counts from there, total and counts ignore it. Without `counted` the counts are left empty.
    """

    clauses: tuple[Clause, ...] = ()
    languages: tuple[str, ...] = ()
    selections: Mapping[str, frozenset[str]] = field(default_factory=dict)
    since: int | None = None
    until: int | None = None
    sort: Sort = "newest"
    offset: int = 0
    size: int = 20
    at: int = 0
    barred: frozenset[int] = frozenset()
    after: Place | None = None
    counted: bool = True

    def __post_init__(self) -> None:
        if self.after is not None and self.sort == "relevance":
            raise ValueError("a list by relevance has no place to go on from")


@dataclass(frozen=True)
class Result:
    """The page's story ids in order, how many match in all, and counts per facet value.

    `counts` are disjunctive: a facet's counts ignore that facet's own selection ("month" ignores
    "year" as well as itself, and "year" ignores "month": they are one axis at two scales).
    Values with a count of zero are left out. `last` is the place of the page's last id.
    """

    ids: list[int]
    total: int
    counts: dict[str, dict[str, int]]
    last: Place | None = None


class Engine(Protocol):
    """An archive index. Ties are broken by (instant, number, language), newest first.

    `oldest` is the exact reverse of `newest`; equal relevance falls back to newest first.
    """

    def search(self, search: Search) -> Result:
        """Answer one question from one consistent state of the index."""

    def similar(
        self,
        id: int,  # noqa: A002 - a story's id, as everywhere
        size: int,
        *,
        languages: tuple[str, ...],
        at: int,
        barred: frozenset[int] = frozenset(),
    ) -> list[int]:
        """Related stories in these languages (all, where none is named), the nearest first.

        Related by the rarest words shared with the story's headline and summary, and by its facet
        values. Never a text of the same number; nothing for an id the index does not hold.
        """

    def spelling(
        self,
        word: str,
        *,
        languages: tuple[str, ...],
        at: int,
        barred: frozenset[int] = frozenset(),
    ) -> str | None:
        """The index's own word nearest to this one, folded; None where there is none.

        One edit away before two (a letter more, less, another, or two changed about), then the
        most frequent; only words that a document found at `at` in these languages has. Two edits
        only in words of five letters and more, and one of them at most in the first half.
        """

    def apply(
        self,
        puts: Iterable[Document],
        removals: Iterable[int],
        cursor: int,
        *,
        vocabulary_changed: bool = False,
    ) -> None:
        """Add or replace documents, remove story ids, and move the cursor: all or nothing."""

    def rebuild(
        self,
        documents: Iterable[Document],
        cursor: int,
        progress: Callable[[int], None] | None = None,
    ) -> None:
        """Replace the whole index; searches see the old one until the new one is complete.

        `progress` is called now and then with the number of documents taken in so far.
        """

    def cursor(self) -> int:
        """The cursor given with the last change; 0 for a new index."""

    def stamp(self) -> int:
        """A number that grows whenever a change was applied with `vocabulary_changed`."""

    def set_families(self, families: Families) -> None:
        """Say which values count as which; facets and values not named count as themselves."""

    def get(self, ids: Iterable[int]) -> dict[int, Entry]:
        """What the index holds of these story ids; ids it does not hold are left out."""

    def documents(self) -> Iterator[Entry]:
        """Everything the index holds, in ascending order of story id."""

    def damage(self) -> Iterator[str]:
        """What is wrong with the index in itself, each fault as a sentence."""

    def close(self) -> None:
        """Let go of files and memory; the engine cannot be used afterwards."""
