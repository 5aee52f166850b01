"""Slugs are short, plain ASCII and never empty."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dateline.lib.slugs import slug


@given(st.text(), st.integers(min_value=5, max_value=120))
def test_always_a_slug(text: str, limit: int) -> None:
    made = slug(text, limit)
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", made)
    assert len(made) <= limit


@given(st.text())
def test_a_slug_is_its_own_slug(text: str) -> None:
    assert slug(slug(text)) == slug(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Kazakhstan’s Women Judges", "kazakhstans-women-judges"),
        ("Дача в Астане", "dacha-v-astane"),
        ("!!!", "story"),
        ("GORAŽDE/ FOČA", "gorazde-foca"),
        ("word " * 40, ("word-" * 16)[:-1]),
    ],
)
def test_examples(text: str, expected: str) -> None:
    assert slug(text) == expected
