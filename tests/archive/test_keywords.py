"""What people type, as clauses and back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dateline.archive.keywords import Clause, parse, write

# Mostly what the syntax is made of, so that its corners meet.
typed = st.text() | st.text(alphabet=" \"“”„«»-−*ab'é,.\u0301\u3000म\u093f权") | st.text('"- *a')


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("human rights", [Clause("human"), Clause("rights")]),
        ('"rule of law"', [Clause("rule of law", "phrase")]),
        ("“rule of law”", [Clause("rule of law", "phrase")]),
        ("„Europäische Union“", [Clause("Europäische Union", "phrase")]),
        ("« droits de l’homme »", [Clause("droits de l’homme", "phrase")]),
        ("»Menschenrechte«", [Clause("Menschenrechte", "phrase")]),
        ("intern*", [Clause("intern", "prefix")]),
        ("-war", [Clause("war", excluded=True)]),
        ('-"cold war" peace', [Clause("cold war", "phrase", True), Clause("peace")]),
        ("−intern*", [Clause("intern", "prefix", True)]),
        ("e-mail C-5", [Clause("e-mail"), Clause("C-5")]),
        ("(rights), law!", [Clause("rights"), Clause("law")]),
        ("2010 – 2015", [Clause("2010"), Clause("2015")]),
        ('peace "unfinished phr', [Clause("peace"), Clause("unfinished phr", "phrase")]),
        ('- "" * ... --', []),
        ("peace peace", [Clause("peace")]),
        ("स्थिति*", [Clause("स्थिति", "prefix")]),
        ("欧安组织\u3000人权", [Clause("欧安组织"), Clause("人权")]),
        ('"human  rights,"', [Clause("human rights", "phrase")]),
        ('law"of"war', [Clause("law"), Clause("of", "phrase"), Clause("war")]),
        ('"law"-war', [Clause("law", "phrase"), Clause("war")]),
        ("don't l’OSCE", [Clause("don't"), Clause("l’OSCE")]),
        ("headline:war", [Clause("war", field="headline")]),
        ("Headline: war peace", [Clause("war", field="headline"), Clause("peace")]),
        ('headline:"cold war"', [Clause("cold war", "phrase", field="headline")]),
        ("-headline:war", [Clause("war", excluded=True, field="headline")]),
        ("headline:intern*", [Clause("intern", "prefix", field="headline")]),
        ("titre : « état de droit »", [Clause("état de droit", "phrase", field="headline")]),
        ("ÜBERSCHRIFT:Wahl", [Clause("Wahl", field="headline")]),
        ("заголовок:выборы", [Clause("выборы", field="headline")]),
        ("العنوان: انتخابات", [Clause("انتخابات", field="headline")]),
        ("título：elecciones", [Clause("elecciones", field="headline")]),
        ("(headline:war)", [Clause("war", field="headline")]),
        ("headline:", [Clause("headline")]),
        ("headline: - war", [Clause("headline"), Clause("war")]),
        ("subheadline:war", [Clause("subheadline:war")]),
        ("10:30 https://example.org", [Clause("10:30"), Clause("https://example.org")]),
    ],
)
def test_what_is_typed_is_understood(text: str, expected: list[Clause]) -> None:
    assert list(parse(text)) == expected


@given(typed)
def test_clauses_survive_being_written_and_read(text: str) -> None:
    clauses = parse(text)
    assert parse(write(clauses)) == clauses


@given(typed)
def test_every_clause_says_something_and_is_said_once(text: str) -> None:
    clauses = parse(text)
    assert len(set(clauses)) == len(clauses)
    for clause in clauses:
        assert clause.text[0].isalnum()
        assert clause.text == " ".join(clause.text.split())
