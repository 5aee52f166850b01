"""Did you mean, in the embedded engine: edits counted, words found like those of a plain loop."""

from __future__ import annotations

import random
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from indexes import story

from dateline.archive.engines.embedded import EmbeddedEngine
from dateline.archive.engines.embedded.spelling import edits, variants

words = st.text(alphabet="abc", min_size=1, max_size=5)


def _neighbours(word: str) -> set[str]:
    """Words one edit away, by the definition: each edit at each place."""
    found = set()
    for at, letter in product(range(len(word) + 1), "abc"):
        left, right = word[:at], word[at:]
        found |= {left + letter + right, left + letter + right[1:], left + right[1:]}
        if len(right) > 1:
            found.add(left + right[1] + right[0] + right[2:])
    return found


@given(words, words)
def test_edits_are_the_fewest_steps_from_word_to_word(one: str, other: str) -> None:
    near = _neighbours(one)
    if one == other:
        assert edits(one, other) == 0
    elif other in near:
        assert edits(one, other) == 1
    else:
        assert edits(one, other) >= 2
    assert edits(one, other) == edits(other, one)


@given(words)
def test_variants_are_all_words_one_edit_away(word: str) -> None:
    found = {variant for variant in variants(word) if set(variant) <= set("abc")}
    assert found == _neighbours(word) | {word}


@pytest.mark.parametrize("word", ["выборы", "انتخابات", "εκλογεσ", "zurich"])
def test_variants_are_in_the_words_own_letters(word: str) -> None:
    assert {word + letter for letter in word} <= variants(word)
    assert {letter + word[1:] for letter in word} <= variants(word)


@pytest.mark.parametrize("seed", range(3))
def test_the_word_meant_is_the_one_a_plain_loop_finds(engine: EmbeddedEngine, seed: int) -> None:
    chance = random.Random(seed)
    vocabulary = {"".join(chance.choices("abcde", k=chance.randint(5, 9))) for _ in range(150)}
    texts = [story(n, " ".join(chance.sample(sorted(vocabulary), 12))) for n in range(1, 40)]
    engine.apply(texts, [], 1)
    having = {word: sum(word in text.headline.split() for text in texts) for word in vocabulary}
    for _ in range(60):
        word = "".join(chance.choices("abcde", k=chance.randint(5, 9)))
        meant = engine.spelling(word, languages=("en",), at=0)
        near = {other: edits(word, other) for other in vocabulary if having[other]}
        one = [other for other, distance in near.items() if distance == 1]
        if one:
            assert meant is not None
            assert (near[meant], having[meant]) == (1, max(having[other] for other in one))
        elif meant:
            assert near[meant] == 2
        else:  # what is two edits away has both of them in its first half
            half = word[: -(-len(word) // 2)]
            two = [other for other, distance in near.items() if distance == 2]
            assert not [w for w in two for v in variants(half) if w.startswith(v)]


def test_two_edits_make_another_word_of_a_short_one(engine: EmbeddedEngine) -> None:
    engine.apply([story(1, "four elections")], [], 1)
    assert engine.spelling("fous", languages=("en",), at=0) == "four"
    assert engine.spelling("foes", languages=("en",), at=0) is None
    assert engine.spelling("elektiens", languages=("en",), at=0) == "elections"
