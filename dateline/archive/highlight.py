"""Where a text says what was asked for: found in the text that is shown, never in the index.

The same rules that cut texts into terms for the index decide here, so that what is marked is what
made the text match, other forms of a word included.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from unicodedata import category

from dateline.archive.analysis import RUN, Part, fold, joined, parts, sought, stem_term
from dateline.archive.keywords import Clause

Span = tuple[int, int]
"""Start and end as offsets into a text."""

BEFORE, AFTER = 60, 160
"""Characters of an excerpt before and after the place it was made for, more or less."""
FARTHEST = 10_000
"""Characters of a body that an excerpt is looked for in: a page shows many of them."""
_REMEMBERED = 30
"""Letters of the longest word whose terms are worth remembering; longer runs do not come again."""
_SPACE = re.compile(r"\s+")
_MARKS = {"Mn", "Mc", "Me"}


@dataclass(frozen=True, slots=True)
class Marked:
    """A plain text, the places that say what was asked (ascending, apart), and which clauses."""

    text: str
    spans: tuple[Span, ...] = ()
    said: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class _Asked:
    """A clause as terms: any of `single`, a term that begins with `begun`, or `sequence`."""

    number: int
    field: str
    single: frozenset[str]
    begun: str
    sequence: tuple[str, ...]
    opened: bool


class _Answers(dict[str, bool]):
    """Whether a run may begin an answer to any of the clauses; few ever do."""

    def __init__(self, asked: Iterable[_Asked], language: str) -> None:
        super().__init__()
        self._language = language
        self._first = frozenset[str]().union(*(one.single | set(one.sequence[:1]) for one in asked))
        self._begun = tuple(one.begun for one in asked if one.begun)

    def __missing__(self, run: str) -> bool:
        terms = _remembered if len(run) <= _REMEMBERED else _terms
        found = terms(run.lower(), self._language)
        answer = not self._first.isdisjoint(found) or (
            bool(self._begun) and _begins(found, self._begun)
        )
        self[run] = answer
        return answer


class Marker:
    """Finds what clauses ask for in texts of one language. Excluded clauses mark nothing."""

    def __init__(self, clauses: Iterable[Clause], language: str) -> None:
        self._language = language
        self._asked = [
            one
            for number, clause in enumerate(clauses)
            if not clause.excluded and (one := _asked(number, clause, language))
        ]
        self._answers = _Answers(self._asked, language)
        self.anywhere = frozenset(one.number for one in self._asked if not one.field)
        """The clauses, by number, that may be answered outside the headline."""

    def mark(self, text: str, field: str = "") -> Marked:
        """What a plain text says of the clauses; `field` is "headline" for a headline."""
        if not any(map(self._answers.__getitem__, set(RUN.findall(text)))):  # often, and quick
            return Marked(text)
        matches = list(self._matches(text, field))
        spans = merged((start, end) for start, end, _ in matches)
        return Marked(text, tuple(spans), frozenset(number for _, _, number in matches))

    def excerpt(self, text: str, wanted: frozenset[int]) -> Marked:
        """A line or two around the first place that answers one of the wanted clauses, if any."""
        for start, end, number in self._matches(text[:FARTHEST], ""):
            if number in wanted:
                return self.mark(_excerpt(text, start, end))
        return Marked("")

    def _matches(self, text: str, field: str) -> Iterator[tuple[int, int, int]]:
        """Start, end and the number of the clause, in the order of the words they begin in."""
        answers = self._answers
        for match in RUN.finditer(text) if self._asked else ():
            if answers[match[0]]:
                for one in self._asked:
                    if one.field in ("", field):
                        yield from self._here(text, match, one)

    def _here(self, text: str, match: re.Match[str], one: _Asked) -> Iterator[tuple[int, int, int]]:
        found = parts(match[0], match.start())
        for part in (*found, *_whole(match)):
            terms = _part_terms(part, self._language)
            if not one.single.isdisjoint(terms) or (one.begun and _begins(terms, (one.begun,))):
                yield part.start, part.end, one.number
        if one.sequence:
            following = list(islice(_parts(text, match.start()), len(found) + len(one.sequence)))
            for at in range(len(found)):
                window = following[at : at + len(one.sequence)]
                if _stands([part.form for part in window], one):
                    yield window[0].start, window[-1].end, one.number


def merged(spans: Iterable[Span]) -> list[Span]:
    """The same places with those that touch or overlap made one, ascending."""
    found: list[Span] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def _asked(number: int, clause: Clause, language: str) -> _Asked | None:
    one = sought(clause, (language,))
    if not one.sequence:
        return None
    alone = len(one.sequence) == 1
    return _Asked(
        number=number,
        field=clause.field,
        single=frozenset(one.instead) | frozenset(one.sequence if alone and not one.opened else ()),
        begun=one.sequence[0] if alone and one.opened else "",
        sequence=() if alone else one.sequence,
        opened=one.opened,
    )


def _terms(run: str, language: str) -> frozenset[str]:
    """All terms the index has for a run: forms and stems of its parts and of the whole."""
    whole = joined(run)
    words = [part.written for part in parts(run)] + ([whole] if whole else [])
    stems = (stem_term(word, language) for word in words)
    return frozenset(filter(None, (*map(fold, words), *stems)))


_remembered = lru_cache(maxsize=20_000)(_terms)  # texts of one language share most of their words


def _part_terms(part: Part, language: str) -> frozenset[str]:
    return frozenset(filter(None, (part.form, stem_term(part.written, language))))


def _whole(match: re.Match[str]) -> tuple[Part, ...]:
    whole = joined(match[0])
    return (Part(fold(whole), whole, match.start(), match.end()),) if whole else ()


def _parts(text: str, start: int) -> Iterator[Part]:
    for match in RUN.finditer(text, start):
        yield from parts(match[0], match.start())


def _begins(terms: Iterable[str], beginnings: tuple[str, ...]) -> bool:
    return any(term.startswith(beginnings) for term in terms)


def _stands(forms: list[str], one: _Asked) -> bool:
    *head, last = one.sequence
    if forms[:-1] != head or len(forms) != len(one.sequence):
        return False
    return forms[-1].startswith(last) if one.opened else forms[-1] == last


def _excerpt(text: str, start: int, end: int) -> str:
    """Cut between words where there are any near, else between letters, on one line."""
    first, last = max(0, start - BEFORE), max(end, min(len(text), start + AFTER))
    if first and (space := _SPACE.search(text, first, start)):
        first = space.end()
    if last < len(text):
        last = _last_space(text, end, last)
    while first < start and category(text[first]) in _MARKS:
        first += 1
    line = " ".join(text[first:last].split())
    return f"{'… ' if first else ''}{line}{' …' if last < len(text) else ''}"


def _last_space(text: str, end: int, last: int) -> int:
    """Where the word that the cut goes through begins, if that is not far from the cut."""
    spaces = [match.start() for match in _SPACE.finditer(text, max(end, last - BEFORE), last)]
    return spaces[-1] if spaces else last
