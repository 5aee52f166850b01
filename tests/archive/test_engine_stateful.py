"""The embedded engine against plain loops over plain lists, under random changes and questions.

The oracle knows no stemmer and no folding: its words come with what they are written like when
case and accents are gone, and with the forms that are the same word.
"""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from dateline.archive.engines.base import Document, Search
from dateline.archive.engines.embedded import EmbeddedEngine, postings
from dateline.archive.keywords import Clause

ZONE = ZoneInfo("Europe/Vienna")
# language → word → (as compared, same word as)
WORDS = {
    "en": {
        "election": ("election", "election"),
        "Elections": ("elections", "election"),
        "right": ("right", "right"),
        "rights": ("rights", "right"),
        "OSCE": ("osce", "osce"),
        "2016": ("2016", "2016"),
    },
    "de": {
        "Wahl": ("wahl", "wahl"),
        "Wahlen": ("wahlen", "wahl"),
        "Straße": ("strasse", "strasse"),
        "STRASSE": ("strasse", "strasse"),
        "OSCE": ("osce", "osce"),
        "2016": ("2016", "2016"),
    },
    "fr": {
        "droit": ("droit", "droit"),
        "droits": ("droits", "droit"),
        "évaluée": ("evaluee", "évaluer"),
        "évaluées": ("evaluees", "évaluer"),
        "OSCE": ("osce", "osce"),
    },
    "ru": {
        "выборы": ("выборы", "выборы"),
        "выборов": ("выборов", "выборы"),
        "Ёлка": ("елка", "елка"),
        "елка": ("елка", "елка"),
        "OSCE": ("osce", "osce"),
    },
}
FAMILIES = {
    "office": {"1": frozenset("123"), "2": frozenset("23"), "9": frozenset("94")},
    "topic": {"b": frozenset("b")},
}
INSTANTS = [
    int(datetime(*moment, tzinfo=UTC).timestamp())
    for moment in (
        (1950, 6, 1), (1969, 12, 31, 23, 30), (1999, 12, 31, 22, 59, 59), (1999, 12, 31, 23),
        (2016, 2, 29), (2016, 3, 31, 21, 59, 59), (2016, 3, 31, 22), (2016, 3, 31, 22, 0, 1),
        (2016, 7, 1), (2024, 12, 19), (2025, 1, 1),
    )
]  # fmt: skip

instants = st.sampled_from(INSTANTS)


def _text(language: str) -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from(sorted(WORDS[language])), max_size=5).map(", ".join)


@st.composite
def documents(draw: st.DrawFn) -> Document:
    language = draw(st.sampled_from(sorted(WORDS)))
    number = draw(st.integers(1, 12))
    text = _text(language)
    return Document(
        id=number * 10 + sorted(WORDS).index(language),
        number=number,
        language=language,
        instant=draw(instants),
        headline=draw(text),
        summary=draw(text),
        body=draw(text),
        facets={
            "language": (language,),
            "office": tuple(draw(st.lists(st.sampled_from("12345"), max_size=3))),
            "topic": tuple(draw(st.sets(st.sampled_from("ab")))),
        },
        expires=draw(st.sampled_from([None, None, None, 50, 100])),
    )


@st.composite
def clauses(draw: st.DrawFn) -> Clause:
    words = sorted(WORDS[draw(st.sampled_from(sorted(WORDS)))])
    kind = draw(st.sampled_from(["word", "word", "phrase", "prefix"]))
    text = draw(st.sampled_from(words))
    if kind == "phrase":
        text = " ".join(draw(st.lists(st.sampled_from(words), min_size=1, max_size=3)))
    if kind == "prefix":
        text = text[: draw(st.integers(1, 6))]
    return Clause(text, kind, draw(st.sampled_from([False, False, True])))  # type: ignore[arg-type]


VALUES = {
    "language": sorted(WORDS),
    "office": ["1", "2", "4", "9", "unknown"],
    "topic": ["a", "b", "c"],
    "year": ["1950", "1999", "2000", "2016", "nonsense"],
    "month": ["2016-03", "2016-04", "2000-01", "2016-13"],
}


@st.composite
def selections(draw: st.DrawFn) -> dict[str, frozenset[str]]:
    facets = draw(st.lists(st.sampled_from(sorted(VALUES)), max_size=2, unique=True))
    return {facet: draw(st.frozensets(st.sampled_from(VALUES[facet]))) for facet in facets}


searches = st.builds(
    Search,
    clauses=st.lists(clauses(), max_size=2).map(tuple),
    languages=st.sets(st.sampled_from(sorted(WORDS))).map(sorted).map(tuple),
    selections=selections(),
    since=st.none() | st.none() | instants,
    until=st.none() | st.none() | instants,
    sort=st.sampled_from(["newest", "oldest", "relevance"]),
    offset=st.sampled_from([0, 0, 1, 2, 5, 8]),
    size=st.integers(1, 6),
    at=st.sampled_from([0, 50, 99, 1000]),
    barred=st.frozensets(st.integers(10, 40), max_size=2),
)


class Oracle:
    """What the index must answer."""

    def __init__(self) -> None:
        self.held: dict[int, Document] = {}

    def answer(self, search: Search) -> tuple[list[int], dict[str, dict[str, int]]]:
        """All matching ids, newest first, and the counts."""
        found = [d for d in self.held.values() if self._selected(d, search, {})]
        found.sort(key=lambda d: (d.instant, d.number, d.language), reverse=True)
        facets = ("language", "office", "topic", "year", "month")
        counts = {facet: self._count(search, facet) for facet in facets}
        return [d.id for d in found], {facet: c for facet, c in counts.items() if c}

    def _count(self, search: Search, facet: str) -> dict[str, int]:
        axis = {"year", "month"} if facet in {"year", "month"} else {facet}
        found = [d for d in self.held.values() if self._selected(d, search, axis)]
        return dict(Counter(value for d in found for value in self._values(d, facet)))

    def _selected(self, d: Document, search: Search, ignored: Iterable[str]) -> bool:
        return (
            d.id not in search.barred
            and (d.expires is None or d.expires > search.at)
            and (search.since is None or d.instant >= search.since)
            and (search.until is None or d.instant < search.until)
            and all(self._matches(d, c, search.languages) != c.excluded for c in search.clauses)
            and all(
                not values or facet in ignored or values & self._values(d, facet)
                for facet, values in search.selections.items()
            )
        )

    def _values(self, d: Document, facet: str) -> set[str]:
        moment = datetime.fromtimestamp(d.instant, ZONE)
        if facet in {"year", "month"}:
            return {moment.strftime("%Y" if facet == "year" else "%Y-%m")}
        direct = set(d.facets.get(facet, ()))
        families = FAMILIES.get(facet, {})
        return direct | {value for value, members in families.items() if members & direct}

    def _matches(self, d: Document, clause: Clause, languages: tuple[str, ...]) -> bool:
        known = {word: entry for words in WORDS.values() for word, entry in words.items()}
        fields = [text.split(", ") if text else [] for text in (d.headline, d.summary, d.body)]
        forms = [[known[word][0] for word in field] for field in fields]
        if clause.kind == "prefix":
            beginning = plain(clause.text)
            return any(form.startswith(beginning) for field in forms for form in field)
        asked = [known[word] for word in clause.text.split()]
        sequence = [form for form, _ in asked]
        beside = any(
            field[at : at + len(sequence)] == sequence
            for field in forms
            for at in range(len(field) - len(sequence) + 1)
        )
        stemmed = clause.kind == "word" and d.language in languages
        same = {known[word][1] for field in fields for word in field}
        return beside or (stemmed and asked[0][1] in same)


def plain(text: str) -> str:
    for accented, letter in (("é", "e"), ("ё", "е"), ("ß", "ss")):
        text = text.lower().replace(accented, letter)
    return text


class EngineMachine(RuleBasedStateMachine):
    """Writers and readers of one index, in any order of changes."""

    def __init__(self) -> None:
        super().__init__()
        self.patch = pytest.MonkeyPatch()
        # Blocks of eight slots, so that a dozen documents already fill several.
        self.patch.setattr(postings, "BLOCK_BITS", 3)
        self.patch.setattr(postings, "BLOCK", 8)
        self.patch.setattr(postings, "PACKED_FROM", 3)
        self.folder = Path(tempfile.mkdtemp())
        self.writer, self.reader = self._engine(), self._engine()
        self.oracle = Oracle()
        self.cursor = 0

    def _engine(self) -> EmbeddedEngine:
        engine = EmbeddedEngine(self.folder / "archive.sqlite3", ZONE, late_limit=6)
        engine.set_families(FAMILIES)
        return engine

    def teardown(self) -> None:
        self.writer.close()
        self.reader.close()
        shutil.rmtree(self.folder)
        self.patch.undo()

    @initialize(puts=st.lists(documents(), min_size=5, max_size=25))
    def begin(self, puts: list[Document]) -> None:
        self.apply(puts, set())

    @rule(puts=st.lists(documents(), max_size=6), removals=st.sets(st.integers(10, 60), max_size=2))
    def apply(self, puts: list[Document], removals: set[int]) -> None:
        self.cursor += 1
        self.writer.apply(puts, removals, self.cursor)
        self.oracle.held |= {d.id: d for d in puts}
        for removed in removals:
            self.oracle.held.pop(removed, None)

    @rule(data=st.data(), instant=st.none() | instants, headline=_text("en"))
    def edit(self, data: st.DataObject, instant: int | None, headline: str) -> None:
        english = [d for d in self.oracle.held.values() if d.language == "en"]
        if english:
            old = data.draw(st.sampled_from(english))
            new = replace(old, headline=headline, instant=instant or old.instant, expires=None)
            self.apply([new], set())

    @rule()
    def rebuild(self) -> None:
        self.cursor += 1
        self.writer.rebuild(iter(list(self.oracle.held.values())[::-1]), self.cursor)

    @rule()
    def reopen(self) -> None:
        self.reader.close()
        self.writer, self.reader = self._engine(), self.writer

    @rule(several=st.lists(searches, min_size=5, max_size=20))
    def search(self, several: list[Search]) -> None:
        for search in several:
            self.check(search)

    def check(self, search: Search) -> None:
        ids, counts = self.oracle.answer(search)
        result = self.reader.search(search)
        assert result.total == len(ids)
        assert {facet: c for facet, c in result.counts.items() if c} == counts
        page = slice(search.offset, search.offset + search.size)
        if search.sort == "relevance" and any(not c.excluded for c in search.clauses):
            whole = self.reader.search(replace(search, offset=0, size=1000)).ids
            assert sorted(whole) == sorted(ids)
            assert result.ids == whole[page]
        else:
            assert result.ids == (ids[::-1] if search.sort == "oldest" else ids)[page]

    @invariant()
    def holds_what_it_was_given(self) -> None:
        assert self.writer.cursor() == self.cursor
        held = {e.id: e.fingerprint for e in self.reader.documents()}
        assert held == {i: d.fingerprint() for i, d in self.oracle.held.items()}


TestEngine = EngineMachine.TestCase
TestEngine.settings = settings(
    max_examples=25,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
