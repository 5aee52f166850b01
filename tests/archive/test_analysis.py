"""Text to terms: what compares equal, what is a word, what is marked."""

from __future__ import annotations

import sys
import unicodedata

import pytest
import snowballstemmer
from hypothesis import given
from hypothesis import strategies as st

from dateline.archive.analysis import RUN, fold, joined, parts, sought, stem_term
from dateline.archive.keywords import Clause

SURROGATES = range(0xD800, 0xE000)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Straße", "STRASSE"),
        ("Zürich", "zurich"),
        ("Ёлка", "елка"),
        ("Łódź", "lodz"),
        ("Đorđević", "dordevic"),
        ("Ørsted", "orsted"),
        ("İstanbul", "istanbul"),
        ("Ærø", "aero"),
        ("ﬁnance", "finance"),
        ("２０１６", "2016"),
        ("٢٠١٦", "2016"),
        ("ΟΔΥΣΣΕΥΣ", "οδυσσεύς"),
        ("الأُمَمُ", "الامم"),
        ("مـنـظـمـة", "منظمه"),
        ("إلى", "الي"),
        ("کشور", "كشور"),
        ("שָׁלוֹם", "שלום"),
        ("Co\u00adope\u00adration", "cooperation"),
        (unicodedata.normalize("NFD", "évaluée"), "évaluée"),
    ],
)
def test_written_differently_but_the_same(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("one", "other"), [("мой", "мои"), ("かき", "がき"), ("कल", "काल"), ("a", "b")]
)
def test_different_words_stay_different(one: str, other: str) -> None:
    assert fold(one) != fold(other)


def test_no_character_of_a_word_folds_into_what_marks_stems_and_facets() -> None:
    letters = (chr(code) for code in range(sys.maxunicode + 1) if chr(code).isalnum())
    assert not [letter for letter in letters if set(":@") & set(fold(letter))]


def test_lower_case_folds_to_the_same() -> None:
    """The index lowers whole texts before it cuts them, questions are cut as they are typed."""
    letters = (f"a{chr(code)}b" for code in range(sys.maxunicode + 1) if code not in SURROGATES)
    assert not [text for text in letters if fold(text.lower()) != fold(text)]


@given(st.text())
def test_lower_case_is_cut_to_the_same(text: str) -> None:
    def forms(text: str) -> list[str]:
        return [part.form for run in RUN.findall(text) for part in parts(run)]

    assert forms(text.lower()) == forms(text)


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    once = fold(text)
    assert fold(once)[: len(once)] == once[: len(fold(once))]


@pytest.mark.parametrize(
    ("language", "word", "other"),
    [
        ("en", "organisations", "organisation"),
        ("en-GB", "elections", "election"),
        ("de", "Wahlen", "Wahl"),
        ("fr", "évaluées", "évaluer"),
        ("ru", "выборов", "выборы"),
        ("it", "elezioni", "elezione"),
        ("es", "elecciones", "elección"),
    ],
)
def test_forms_of_a_word_share_a_stem(language: str, word: str, other: str) -> None:
    assert stem_term(word, language) == stem_term(other, language) is not None


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=20))
def test_stems_are_snowballs(word: str) -> None:
    assert stem_term(word, "en") == f":en:{snowballstemmer.stemmer('english').stemWord(word)}"


def test_a_language_without_a_stemmer_has_no_stems() -> None:
    assert stem_term("слова", "uk") is None
    assert stem_term("人权", "zh-Hans") is None


@pytest.mark.parametrize(
    ("run", "forms"),
    [
        ("peace", ["peace"]),
        ("E-Mail-Adressen", ["e", "mail", "adressen"]),
        ("snake_case", ["snake", "case"]),
        ("欧安组织", ["欧安", "安组", "组织", "织"]),
        ("G20峰会", ["g20", "峰会", "会"]),
        ("की", ["की"]),
        ("ไทย", ["ไท", "ทย", "ย"]),
    ],
)
def test_runs_have_parts(run: str, forms: list[str]) -> None:
    assert [part.form for part in parts(run)] == forms


@given(st.text() | st.text(alphabet="ab-_权组กำ\u0301\u00ad 人é"))
def test_parts_say_where_they_stand(text: str) -> None:
    for match in RUN.finditer(text):
        for part in parts(match[0], match.start()):
            assert text[part.start : part.end] == part.written
            assert fold(part.written) == part.form


def test_hyphens_join() -> None:
    assert joined("e-mail") == "email"
    assert joined("co‑operation") == "cooperation"
    assert joined("mail") is None


@pytest.mark.parametrize(
    ("clause", "sequence", "opened"),
    [
        (Clause("人"), ("人",), True),
        (Clause("人权"), ("人权",), False),
        (Clause("欧安组"), ("欧安", "安组"), False),
        (Clause("OSCE 人", "phrase"), ("osce", "人"), True),
        (Clause("权 人权", "phrase"), ("权", "人权"), False),
        (Clause("intern", "prefix"), ("intern",), True),
        (Clause("!?"), (), False),
    ],
)
def test_what_is_sought(clause: Clause, sequence: tuple[str, ...], opened: bool) -> None:
    found = sought(clause, ["zh"])
    assert (found.sequence, found.opened) == (sequence, opened)
