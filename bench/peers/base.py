"""What every peer must do: build an index of documents, and answer questions from it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar

from bench import machine
from bench.synthetic import FACETS, KINDS, Question
from dateline.archive.engines.base import Document


@dataclass(frozen=True)
class Answer:
    """A page of story ids, how many match, and how many by facet value.

    `counts` has the four facets, each without its own selection, and "year"; no zeros.
    """

    ids: tuple[int, ...]
    total: int
    counts: Mapping[str, Mapping[str, int]]


class Unavailable(Exception):  # noqa: N818 - said of a peer, not an error of the measurement
    """This peer cannot run here; the message says why."""


class Peer:
    """One engine over one folder of its own.

    `build` fills the folder; `start` starts what runs beside us (a server), and is not timed;
    `open` opens the index; `answer` is what is timed.
    """

    name: ClassVar[str]
    kinds: ClassVar[frozenset[str]] = frozenset(KINDS)
    """The kinds of question it can answer."""
    revision: ClassVar[int] = 1
    """Raised whenever `build` makes something else than it did."""
    most: ClassVar[int | None] = None
    """The largest archive it can be asked to build."""
    loose: ClassVar[frozenset[str]] = frozenset()
    """The kinds it takes in a wider sense than the others: timed, but not compared."""
    disjunctive: ClassVar[bool] = True
    """Whether a facet's counts ignore its own selection; otherwise those are not compared."""
    shares: ClassVar[str | None] = None
    """The peer whose built folder it reads, if it builds none itself."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @classmethod
    def version(cls) -> str:
        """The version of what is measured."""
        raise NotImplementedError

    @classmethod
    def layout(cls) -> str:
        """A word that changes when folders built before can no longer be read."""
        return f"{cls.version()}-{cls.revision}"

    def build(self, documents: Iterable[Document]) -> None:
        """Index the documents, from nothing, to the state a competent owner would serve from."""
        raise NotImplementedError

    def start(self) -> None:
        """Start what must run beside this process."""

    def open(self) -> None:
        """Open the index for reading."""
        raise NotImplementedError

    def answer(self, question: Question) -> Answer:
        """The page, the total and all counts."""
        raise NotImplementedError

    def disk(self) -> int:
        """Bytes of what was built."""
        return machine.disk(self.folder)

    def servers(self) -> list[int]:
        """The processes beside this one whose memory is the peer's."""
        return []

    def close(self) -> None:
        """Let go of what was opened."""

    def stop(self) -> None:
        """Stop what `start` started."""


def year(instant: int) -> int:
    """The calendar year (UTC) of a moment in Unix seconds."""
    return datetime.fromtimestamp(instant, UTC).year


def bases(question: Question) -> Iterable[tuple[Mapping[str, tuple[str, ...]], list[str]]]:
    """What must be counted: (selections, the facets counted under them), the whole answer first.

    A facet's counts ignore its own selection, so each selected facet needs a base of its own.
    """
    chosen = question.selections
    yield chosen, [facet for facet in FACETS if facet not in chosen]
    for facet in chosen:
        yield {other: chosen[other] for other in chosen if other != facet}, [facet]
