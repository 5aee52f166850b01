"""What the embedded engine finds, in what order, and how it counts."""

from __future__ import annotations

import random
import sqlite3
from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from itertools import pairwise
from pathlib import Path

import pytest
from indexes import find, story, swiss
from pyroaring import BitMap

from dateline.archive.engines.base import Document, Place, Search, Sort
from dateline.archive.engines.embedded import EmbeddedEngine, postings
from dateline.archive.engines.embedded.rebuilding import batches
from dateline.archive.keywords import Clause, Kind, parse

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("language", "text", "found_by", "not_by"),
    [
        ("en", "OSCE e-mail co-operation", ["email", "e-mail", "mail", "cooperation",
                                            "co-operation", "cooperat*", '"osce e-mail"'],
         ['"email"x', '"mail e"', "operations-co"]),
        ("en", "Resolution C-5 of the G7", ["C-5", "c5", "5", "g7", '"C 5 of"'], ["c6", "g"]),
        ("de", "Die Straße nach Zürich", ["strasse", "STRASSE", "zurich", "zür*"], ["stras"]),
        ("de", "Häuser in Wahlen", ["Haus", "häuser", "wahl"], ["hau"]),
        ("fr", "L’accord d’été à l’Élysée", ["accord", "ete", "ÉTÉ", '"d\'été"', "elysee"],
         ["laccord"]),
        ("ru", "Ёлка на выборах", ["елка", "ёлки", "выборы"], ["кабан"]),
        ("ar", "الأُمَم المتّحدة في المنظمة", ["الامم", "الأمم", "منظمة", "المنظمه"], ["سلام"]),
        ("zh-Hans", "促进人权和安全。", ["人权", "人", "权", "促进人权", '"人权和安全"', "安全"],
         ["权人", "和人权", "全人"]),
        ("ja", "ガイドラインを発表", ["ガイドライン", "発表"], ["カイト"]),
        ("th", "สิทธิมนุษยชน", ["มนุษย", "สิทธิ"], ["ทธิสิ"]),
        ("hi", "मानव अधिकारों की स्थिति", ["मानव", "स्थिति", "अधिकार"], ["मनव"]),
        ("he", "שָׁלוֹם עולם", ["שלום"], ["של"]),
        ("uk", "Україна і світ", ["україна", "Україн*"], ["україну"]),
        ("pt-BR", "Eleições em São Paulo", ["eleicoes", "eleições", "sao"], ["elei"]),
    ],
)  # fmt: skip
def test_every_script_is_found(
    engine: EmbeddedEngine, language: str, text: str, found_by: list[str], not_by: list[str]
) -> None:
    engine.apply([story(1, body=text, language=language), story(2, "Another")], [], 1)
    assert [typed for typed in found_by if find(engine, typed, language) != [1]] == []
    assert [typed for typed in not_by if find(engine, typed, language) != []] == []


def test_a_phrase_stays_within_its_field(engine: EmbeddedEngine) -> None:
    engine.apply([story(1, "The rule", summary="of law"), story(2, "The rule of law")], [], 1)
    assert find(engine, '"rule of law"') == [2]
    assert find(engine, '"rules of law"') == []


@pytest.mark.embedded
def test_a_word_of_two_bytes_is_no_other_word_read_askew(engine: EmbeddedEngine) -> None:
    """Forms are stored as numbers side by side: a pattern may fit between them by accident."""
    words = [f"w{number}" for number in range(700)]
    engine.apply([story(1, body=" ".join(words)), story(2, body=" ".join(words[::-1]))], [], 1)
    for first, second in pairwise(words):
        assert find(engine, f'"{first} {second}"') == [1]
        assert find(engine, f'"{second} {first}"') == [2]


def test_a_phrase_looked_for_before_is_known_anew_after_an_edit(engine: EmbeddedEngine) -> None:
    engine.apply([story(1, "rule of law"), story(2, "of law the rule")], [], 1)
    assert find(engine, '"rule of law"') == [1]
    engine.apply([story(1, "law of rule"), story(2, "the rule of law")], [], 2)
    assert find(engine, '"rule of law"') == [2]


def test_words_match_by_stem_only_in_the_languages_asked_for(engine: EmbeddedEngine) -> None:
    engine.apply([story(1, "elections"), story(2, "Wahlen", "de")], [], 1)
    assert find(engine, "election", "en") == [1]
    assert find(engine, "election", "de") == []
    assert find(engine, "elections", "de") == [1]
    assert find(engine, "wahl", "en", "de") == [2]


def test_relevance_prefers_the_headline_the_exact_word_and_the_shorter_text(
    engine: EmbeddedEngine,
) -> None:
    engine.apply(
        [
            story(1, "Elections", body="peace " * 50),
            story(2, "News", body="elections " + "peace " * 50),
            story(3, "News", body="election " + "peace " * 50),
            story(4, "News", body="elections " + "peace " * 500),
            story(5, "Nothing"),
        ],
        [],
        1,
    )
    ranked = find(engine, "elections", sort="relevance")
    assert ranked[:2] == [1, 2]
    assert sorted(ranked[2:]) == [3, 4]  # inexact but shorter, exact but longer
    assert find(engine, "elections", sort="relevance", offset=1, size=2) == ranked[1:3]


def test_equal_relevance_falls_back_to_newest_first(engine: EmbeddedEngine) -> None:
    engine.apply([story(n, "peace") for n in range(1, 60)], [], 1)
    engine.apply([story(n, "peace", instant=n) for n in range(60, 70)], [], 2)  # all late
    newest = find(engine, "peace")
    assert find(engine, "peace", sort="relevance") == newest
    assert find(engine, "peace", sort="relevance", offset=17, size=9) == newest[17:26]


def test_a_clause_of_the_headline_matches_there_only(engine: EmbeddedEngine) -> None:
    engine.apply(
        [
            story(1, "Elections in Vienna", summary="peace talks", body="peace talks"),
            story(2, "Peace talks", body="elections in Vienna"),
            story(3, "Peace and talks on e-mail", summary="talks"),
        ],
        [],
        1,
    )

    def headed(text: str, kind: Kind = "word", *, excluded: bool = False) -> list[int]:
        return find(engine, clauses=(Clause(text, kind, excluded, "headline"),))

    assert headed("election") == [1]
    assert headed("peace") == [3, 2]
    assert headed("peace", excluded=True) == [1]
    assert headed("peace talks", "phrase") == [2]
    assert headed("in vienna", "phrase") == [1]
    assert headed("vienna peace", "phrase") == []
    assert headed("talks peace", "phrase") == []
    assert headed("t", "prefix") == [3, 2]
    assert headed("email") == headed("e-mail") == headed("e-m", "prefix") == [3]


@pytest.mark.parametrize("sort", ["newest", "oldest"])
def test_a_list_goes_on_after_any_place(engine: EmbeddedEngine, sort: Sort) -> None:
    texts = [story(n, "peace", number=n // 2, instant=n // 5, language="deen"[n % 2 * 2 :][:2])
             for n in range(1, 80)]  # fmt: skip
    chance = random.Random(3)
    for start, batch in enumerate(batches(chance.sample(texts, 79), 20)):
        engine.apply(batch, [], start)
    whole = find(engine, sort=sort)
    place, walked = None, []
    while True:
        result = engine.search(Search(sort=sort, size=7, after=place, counted=False))
        assert (result.total, result.counts) == (79, {})
        if not result.ids:
            assert result.last is None
            break
        walked += result.ids
        last = texts[result.ids[-1] - 1]
        assert result.last == Place(last.instant, last.number, last.language)
        place = result.last
    assert walked == whole
    between = Place(3, 7, "df")  # of no document
    rest = [d.id for d in texts if (d.instant, d.number, d.language) < (3, 7, "df")]
    if sort == "newest":
        assert sorted(find(engine, after=between)) == rest
        assert find(engine, after=between, offset=2) == find(engine, after=between)[2:]


def test_relevance_has_no_place_to_go_on_from() -> None:
    with pytest.raises(ValueError, match="relevance"):
        Search(sort="relevance", after=Place(1, 1, "en"))


def test_related_stories_share_the_rarest_words(engine: EmbeddedEngine) -> None:
    engine.apply(
        [
            story(1, "Minefields cleared near Khujand", "en", facets={"office": ("7",)}),
            story(2, "Minefields in Khujand", "en", expires=500),
            story(3, "Training on minefields", "en"),
            story(4, "Nahe Khujand: minefields", "de", number=1),
            story(5, "Minefields nahe Khujand", "de"),
            story(6, "Nothing of the kind", facets={"office": ("7",)}),
            *(story(n, f"Usual words {n}") for n in range(10, 40)),
        ],
        [],
        1,
    )
    assert engine.similar(1, 5, languages=(), at=0) == [2, 5, 3]  # its own language first
    assert engine.similar(1, 5, languages=("en",), at=0) == [2, 3]
    assert engine.similar(1, 1, languages=("en",), at=0) == [2]
    assert engine.similar(1, 5, languages=("en",), at=500) == [3]
    assert engine.similar(1, 5, languages=("en",), at=0, barred=frozenset([2])) == [3]
    assert engine.similar(99, 5, languages=(), at=0) == []


def test_a_misspelt_word_is_taken_for_the_nearest_of_the_index(engine: EmbeddedEngine) -> None:
    engine.apply(
        [
            story(1, "Elections and observation", expires=500),
            story(2, "Selections"),
            story(3, "Selections"),
            story(4, "Wahlbeobachtung", "de"),
            story(5, "Ёлка", "ru"),
        ],
        [],
        1,
    )

    def meant(word: str, *languages: str, at: int = 0, barred: Iterable[int] = ()) -> str | None:
        return engine.spelling(word, languages=languages, at=at, barred=frozenset(barred))

    assert meant("elektions") == "elections"
    assert meant("Eelctions") == "elections"  # two letters changed about
    assert meant("elections", at=500) == "selections"
    assert meant("selectoins", barred=[2, 3]) == "elections"
    assert meant("wahlbeobachtun", "de") == "wahlbeobachtung"
    assert meant("wahlbeobachtun", "en") is None
    assert meant("ёлко") == "елка"
    assert meant("parliament") is None


@pytest.mark.parametrize("sort", ["newest", "oldest", "relevance"])
def test_a_page_beyond_the_end_or_of_no_size_is_empty(engine: EmbeddedEngine, sort: str) -> None:
    engine.apply([story(1, "peace"), story(2, "peace")], [], 1)
    assert find(engine, "peace", sort=sort, offset=2) == []
    assert find(engine, "peace", sort=sort, offset=1 << 40) == []
    assert find(engine, "peace", sort=sort, size=0) == []
    assert find(engine, "unheard", sort=sort) == []


def test_ties_are_broken_by_number_and_then_language(engine: EmbeddedEngine) -> None:
    texts = [(1, 7, "de"), (2, 7, "fr"), (3, 9, "ar"), (4, 8, "ru"), (5, 7, "en")]
    for n, number, language in texts:
        engine.apply([story(n, number=number, language=language, instant=5)], [], n)
    assert find(engine) == [3, 4, 2, 5, 1]
    assert find(engine, sort="oldest") == [1, 5, 2, 4, 3]


def test_any_page_of_a_thousand_late_stories_is_the_sorted_lists(engine: EmbeddedEngine) -> None:
    chance = random.Random(5)
    order = list(range(1, 1001))
    chance.shuffle(order)
    for start in range(0, 1000, 50):
        engine.apply([story(n, instant=n // 3) for n in order[start : start + 50]], [], start)
    for offset in range(0, 1000, 7):
        expected = list(range(1000, 0, -1))[offset : offset + 10]
        assert find(engine, offset=offset, size=10) == expected
        assert find(engine, sort="oldest", offset=offset, size=10) == [1001 - i for i in expected]


def test_an_edit_keeps_document_frequencies_right(engine: EmbeddedEngine, path: Path) -> None:
    engine.apply([story(n, "peace treaty") for n in range(1, 101)], [], 1)
    engine.apply([story(n, "peace") for n in range(1, 51)], range(51, 61), 2)
    engine.apply([story(70, "peace treaty", instant=5)], [], 3)
    with sqlite3.connect(path) as db:
        texts = {number: text for text, number in db.execute("SELECT text, id FROM term")}
        live = BitMap(row[0] for row in db.execute("SELECT slot FROM place WHERE id IS NOT NULL"))
        found = postings.documents(db, postings.extent(db), list(texts))
    frequencies = {texts[n]: len(bits & live) for n, bits in found.items()}
    assert frequencies == {
        "peace": 90, ":en:peac": 90, "treaty": 40, ":en:treati": 40, "@:en": 90
    }  # fmt: skip


def test_years_and_months_are_the_newsrooms(engine: EmbeddedEngine) -> None:
    moments = ["2015-12-31T22:30+00:00", "2015-12-31T23:30+00:00", "2016-03-31T22:30+00:00"]
    instants = [int(datetime.fromisoformat(moment).timestamp()) for moment in moments]
    engine.apply([story(i, instant=at) for i, at in enumerate(instants, 1)], [], 1)
    counts = engine.search(Search(selections={"month": frozenset(["2016-04"])})).counts
    assert counts["year"] == {"2015": 1, "2016": 2}
    assert counts["month"] == {"2015-12": 1, "2016-01": 1, "2016-04": 1}
    assert find(engine, selections={"year": frozenset(["2016"])}) == [3, 2]


@pytest.mark.parametrize("instant", [-(10**11), -62135596800, 253402300799, 10**12])
def test_any_year_can_be_held(engine: EmbeddedEngine, instant: int) -> None:
    engine.apply([story(1, instant=instant), story(2, instant=0)], [], 1)
    result = engine.search(Search())
    assert result.total == sum(result.counts["year"].values()) == 2


def test_what_is_both_put_and_removed_is_removed(engine: EmbeddedEngine) -> None:
    engine.apply([story(1, "peace")], [], 1)
    engine.apply([story(1, "peace treaty")], [1], 2)
    assert find(engine) == []


def test_an_empty_selection_restricts_nothing(engine: EmbeddedEngine) -> None:
    engine.apply([story(1)], [], 1)
    assert find(engine, selections={"office": frozenset()}) == [1]
    assert find(engine, selections={"unheard of": frozenset(["x"])}) == []


@pytest.mark.embedded
def test_blocks_beyond_the_first_are_found_and_edited(
    engine: EmbeddedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postings, "BLOCK_BITS", 6)
    engine.apply([story(n, "peace" if n % 2 else "war") for n in range(1, 501)], [], 1)
    engine.apply([story(n, "war") for n in range(1, 501, 4)], range(3, 501, 40), 2)
    odd = {n for n in range(1, 501) if n % 4 == 3} - set(range(3, 501, 40))
    assert set(find(engine, "peace")) == odd
    assert find(engine, "-war") == sorted(odd, reverse=True)


def test_the_swiss_releases_are_counted_as_by_hand(engine: EmbeddedEngine, real_data: Path) -> None:
    documents = list(swiss(real_data / "data/swiss-federal-news.jsonl.gz", 1500))
    engine.rebuild(iter(documents), 1)
    result = engine.search(Search(clauses=parse("Bundesrat"), languages=(), size=5000))
    having = [d for d in documents if "bundesrat" in _words(d)]
    assert sorted(result.ids) == sorted(d.id for d in having)
    assert result.counts["office"] == Counter(o for d in having for o in d.facets["office"])
    phrase = engine.search(Search(clauses=parse('"Le Conseil fédéral"'), size=5000))
    expected = [d.id for d in documents if " le conseil fédéral " in f" {' '.join(_words(d))} "]
    assert sorted(phrase.ids) == sorted(expected)


def _words(document: Document) -> list[str]:
    """Lower-case words by hand: letters and digits, anything else parts them; fields apart."""
    text = " § ".join((document.headline, document.summary, document.body)).replace("\u00ad", "")
    return "".join(c if c.isalnum() or c == "§" else " " for c in text.lower()).split()
