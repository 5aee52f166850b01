"""What is marked in a text: what was asked for, in every form and writing, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dateline.archive.analysis import fold
from dateline.archive.highlight import AFTER, BEFORE, Marker
from dateline.archive.keywords import parse


def _marked(typed: str, text: str, language: str = "en", field: str = "") -> list[str]:
    found = Marker(parse(typed), language).mark(text, field)
    return [text[start:end] for start, end in found.spans]


@pytest.mark.parametrize(
    ("typed", "text", "marked"),
    [
        ("organisation", "The organisations’ work", ["organisations"]),
        ("zurich", "In Zürich, near ZURICH", ["Zürich", "ZURICH"]),
        ('"rule of law"', "the rule of law, the rules of law", ["rule of law"]),
        ("elect*", "Electoral and elected, selected", ["Electoral", "elected"]),
        ("email", "By e-mail or email", ["e-mail", "email"]),
        ("e-mail", "By e-mail or email", ["e-mail", "email"]),
        ("cooperat*", "co-operation", ["co-operation"]),
        ("C-5", "Meeting C-5, not C 6", ["C-5"]),
        ("№ 12", "Decision № 12 of 2012", ["12"]),
        ("人权", "促进人权和安全", ["人权"]),
        ("安", "促进人权和安全", ["安全"]),
        ("peace -war", "war and peace", ["peace"]),
        ('"mail address"', "an e-mail address", ["mail address"]),
        ('"law and ord*', "law and order", []),
        ("human rights", "human rights, rights of humans", ["human", "rights", "rights", "humans"]),
        ("", "anything", []),
        ("!?", "anything!?", []),
    ],
)
def test_what_matched_is_marked(typed: str, text: str, marked: list[str]) -> None:
    assert _marked(typed, text) == marked


@pytest.mark.parametrize(
    ("typed", "text", "language", "marked"),
    [
        ("выборы", "Наблюдение за выборами", "ru", ["выборами"]),
        ("елка", "Новогодняя ёлка", "ru", ["ёлка"]),
        ("évaluer", "Les mesures évaluées", "fr", ["évaluées"]),
        ("Strasse", "Die Straße wird gesperrt", "de", ["Straße"]),
        ("Wahl", "Wahlen und Abwahl", "de", ["Wahlen"]),
        ("الامم", "منظمة الأُمَم المتحدة", "ar", ["الأُمَم"]),
        ("انتخابات", "مراقبة الانتخابات", "ar", ["الانتخابات"]),
        ("שלום", "תהליך הַשָּׁלוֹם ושָׁלוֹם", "he", []),
        ("שלום", "על שָׁלוֹם", "he", ["שָׁלוֹם"]),
        ("人権", "人権と基本的自由", "ja", ["人権"]),
        ("ひと", "すべてのひとびと", "ja", ["ひと"]),
        ("인권", "인권과 기본적 자유", "ko", ["인권"]),
        ("สิทธิ", "สิทธิมนุษยชน", "th", ["สิทธิ"]),
        ("٢٠١٦", "In 2016", "ar", ["2016"]),
    ],
)
def test_in_every_writing(typed: str, text: str, language: str, marked: list[str]) -> None:
    assert _marked(typed, text, language) == marked


def test_a_word_is_marked_in_the_forms_of_the_texts_own_language_alone() -> None:
    """A German stem is not sought in an English text: it is not what made it match."""
    assert _marked("Wahl", "Wahlen", "de") == ["Wahlen"]
    assert _marked("Wahl", "Wahlen", "en") == []


def test_what_is_asked_of_the_headline_is_marked_there_alone() -> None:
    assert _marked("headline:war", "war", field="headline") == ["war"]
    assert _marked("headline:war", "war") == []
    assert _marked('headline:"cold war" peace', "cold war and peace") == ["peace"]


def test_it_is_known_which_clauses_a_text_answers() -> None:
    marker = Marker(parse('war "rule of law" -peace headline:treaty'), "en")
    assert marker.anywhere == {0, 1}
    assert marker.mark("The rule of law").said == {1}
    assert marker.mark("Wars and a treaty", "headline").said == {0, 3}


@given(st.text(alphabet='ab-é人权 "*:'), st.text(alphabet="ab-é人权 \u0301"))
def test_marks_lie_within_the_text_and_apart(typed: str, text: str) -> None:
    spans = Marker(parse(typed), "en").mark(text).spans
    edges = [edge for span in spans for edge in span]
    assert edges == sorted(set(edges))
    assert all(0 <= edge <= len(text) for edge in edges)


@given(st.text(), st.sampled_from(["en", "ar", "zh", "ru", "xx"]))
def test_a_text_is_marked_where_it_is_asked_for_as_a_phrase(text: str, language: str) -> None:
    """Whatever the writing: nothing but spaces and signs is left outside."""
    clauses = parse(f'"{text}"')
    if len(clauses) != 1 or clauses[0].kind != "phrase":
        return
    marked = Marker(clauses, language).mark(clauses[0].text)
    outside = clauses[0].text
    for start, end in reversed(marked.spans):
        outside = outside[:start] + outside[end:]
    assert not [letter for letter in outside if letter.isalnum() and fold(letter)]


# --- excerpts ---------------------------------------------------------------------------------
LONG = " ".join(f"word{number}" for number in range(400))


def _excerpt(typed: str, text: str, language: str = "en") -> str:
    marker = Marker(parse(typed), language)
    return marker.excerpt(text, marker.anywhere).text


def test_an_excerpt_surrounds_the_first_place_and_cuts_between_words() -> None:
    found = _excerpt("word200", LONG)
    assert found.startswith("… word19")
    assert " word200 " in found
    assert found.endswith(" …")
    assert set(found.split()) - {"…"} <= set(LONG.split())
    assert len(found) <= BEFORE + AFTER + 6


def test_an_excerpt_says_where_it_leaves_something_out() -> None:
    assert _excerpt("war", "War and\n\npeace") == "War and peace"
    assert _excerpt("word0", LONG).startswith("word0 word1")
    assert _excerpt("word399", LONG).endswith("word399")
    assert _excerpt("nothing", LONG) == ""


def test_an_excerpt_is_marked() -> None:
    marker = Marker(parse("word200 word201"), "en")
    found = marker.excerpt(LONG, frozenset([0]))
    assert [found.text[a:b] for a, b in found.spans] == ["word200", "word201"]


def test_writing_without_spaces_is_cut_between_letters() -> None:
    text = "自由" * 200 + "人权" + "安全" * 200
    found = _excerpt("人权", text, "zh")
    assert "自由人权安全" in found
    assert BEFORE < len(found) <= BEFORE + AFTER + 6


@given(st.text(alphabet="ab \u0301人", max_size=600), st.sampled_from(["a", "b", "人", '"a b"']))
def test_an_excerpt_is_a_piece_of_the_text_and_says_what_was_asked(text: str, typed: str) -> None:
    marker = Marker(parse(typed), "en")
    found = marker.excerpt(text, marker.anywhere)
    assert bool(found.text) is bool(marker.mark(text).spans)
    if found.text:
        assert found.text.strip("… ") in " ".join(text.split())
        assert found.said
