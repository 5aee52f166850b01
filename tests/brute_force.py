"""What an archive engine must answer, by plain loops over plain lists; random texts and questions.

It knows no stemmer and no folding: its words come with what they are written like when case and
accents are gone, and with the forms that are the same word.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from random import Random
from zoneinfo import ZoneInfo

from dateline.archive.engines.base import Document, Families, Place, Result, Search
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

VALUES = {
    "language": sorted(WORDS),
    "office": ["1", "2", "4", "9", "unknown"],
    "topic": ["a", "b", "c"],
    "year": ["1950", "1999", "2000", "2016", "nonsense"],
    "month": ["2016-03", "2016-04", "2000-01", "2016-13"],
}


def text(chance: Random, language: str) -> str:
    return ", ".join(chance.choices(sorted(WORDS[language]), k=chance.randrange(6)))


def document(chance: Random) -> Document:
    language = chance.choice(sorted(WORDS))
    number = chance.randint(1, 12)
    return Document(
        id=number * 10 + sorted(WORDS).index(language),
        number=number,
        language=language,
        instant=chance.choice(INSTANTS),
        headline=text(chance, language),
        summary=text(chance, language),
        body=text(chance, language),
        facets={
            "language": (language,),
            "office": tuple(chance.choices("12345", k=chance.randrange(4))),
            "topic": tuple(chance.sample("ab", k=chance.randrange(3))),
        },
        expires=chance.choice([None, None, None, 50, 100]),
    )


def edited(chance: Random, old: Document) -> Document:
    """The same text with something else said of it; at times of another moment."""
    other = document(chance)
    fields = chance.sample(["headline", "summary", "body", "facets", "expires", "instant"], k=2)
    changes = {field: getattr(other, field) for field in fields}
    for field in {"headline", "summary", "body"} & set(fields):
        changes[field] = text(chance, old.language)
    return replace(old, **changes)


def clause(chance: Random) -> Clause:
    words = sorted(WORDS[chance.choice(sorted(WORDS))])
    excluded = chance.random() < 0.3
    field = chance.choice(["", "", "", "headline"])
    kind = chance.choice(["word", "word", "phrase", "prefix"])
    if kind == "phrase":
        phrase = " ".join(chance.choices(words, k=chance.randint(1, 3)))
        return Clause(phrase, "phrase", excluded, field)
    word = chance.choice(words)
    if kind == "prefix":
        return Clause(word[: chance.randint(1, 6)], "prefix", excluded, field)
    return Clause(word, "word", excluded, field)


def question(chance: Random) -> Search:
    facets = chance.sample(sorted(VALUES), k=chance.choice([0, 0, 1, 2]))
    rarely = [None] * 5
    sort = chance.choice(["newest", "oldest", "relevance"])
    place = Place(chance.choice(INSTANTS), chance.randint(1, 12), chance.choice(sorted(WORDS)))
    return Search(
        clauses=tuple(clause(chance) for _ in range(chance.choice([0, 1, 1, 2]))),
        languages=tuple(chance.sample(sorted(WORDS), k=chance.randrange(4))),
        selections={
            facet: frozenset(chance.choices(VALUES[facet], k=chance.randrange(4)))
            for facet in facets
        },
        since=chance.choice([*rarely, chance.choice(INSTANTS)]),
        until=chance.choice([*rarely, chance.choice(INSTANTS)]),
        sort=sort,
        offset=chance.choice([0, 0, 1, 2, 5, 8, 20]),
        size=chance.randint(1, 6),
        at=chance.choice([0, 50, 99, 1000]),
        barred=frozenset(chance.sample(range(10, 130), k=chance.choice([0, 0, 5]))),
        after=None if sort == "relevance" else chance.choice([None, None, None, place]),
        counted=chance.random() < 0.9,
    )


def place_of(d: Document) -> Place:
    return Place(d.instant, d.number, d.language)


def _order(place: Place) -> tuple[int, int, str]:
    return place.instant, place.number, place.language


class Oracle:
    """What the index must answer."""

    def __init__(self) -> None:
        self.held: dict[int, Document] = {}
        self.families: Families = FAMILIES

    def check(self, result: Result, search: Search) -> None:
        """That this is the answer, total, counts and page (by relevance: that it may be it)."""
        ids, counts = self.answer(search)
        assert result.total == len(ids)
        assert {facet: c for facet, c in result.counts.items() if c} == counts
        if search.after:
            ids = [i for i in ids if self._is_after(self.held[i], search)]
        if search.sort == "relevance" and any(not c.excluded for c in search.clauses):
            assert set(result.ids) <= set(ids)
            assert len(set(result.ids)) == len(result.ids)
            assert len(result.ids) == max(0, min(search.size, len(ids) - search.offset))
        else:
            ordered = ids[::-1] if search.sort == "oldest" else ids
            assert result.ids == ordered[search.offset : search.offset + search.size]
        assert result.last == (place_of(self.held[result.ids[-1]]) if result.ids else None)

    def _is_after(self, d: Document, search: Search) -> bool:
        assert search.after is not None
        here, there = _order(place_of(d)), _order(search.after)
        return here > there if search.sort == "oldest" else here < there

    def answer(self, search: Search) -> tuple[list[int], dict[str, dict[str, int]]]:
        """All matching ids, newest first, and the counts."""
        found = [d for d in self.held.values() if self._selected(d, search, {})]
        found.sort(key=lambda d: _order(place_of(d)), reverse=True)
        if not search.counted:
            return [d.id for d in found], {}
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
        families = self.families.get(facet, {})
        return direct | {value for value, members in families.items() if members & direct}

    def _matches(self, d: Document, clause: Clause, languages: tuple[str, ...]) -> bool:
        known = {word: entry for words in WORDS.values() for word, entry in words.items()}
        texts = (d.headline,) if clause.field else (d.headline, d.summary, d.body)
        fields = [text.split(", ") if text else [] for text in texts]
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
