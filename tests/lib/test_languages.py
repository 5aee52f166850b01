"""Language tags: spelling as RFC 5646 advises, direction and own names as CLDR has them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dateline.lib import languages


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("EN", "en"),
        ("pt_br", "pt-BR"),
        ("zh-hans-cn", "zh-Hans-CN"),
        ("de-CH-1996", "de-CH-1996"),
        ("ES-419", "es-419"),
        ("iw", "he"),
        ("en-US-x-Private", "en-US-x-private"),
    ],
)
def test_normalise(tag: str, expected: str) -> None:
    assert languages.normalise(tag) == expected


@pytest.mark.parametrize(
    "tag", ["", "english", "e", "en--US", "en US", "12", "en-", "*", "a" * 999]
)
def test_what_is_no_tag_is_refused(tag: str) -> None:
    with pytest.raises(ValueError, match="not a language tag"):
        languages.normalise(tag)


@given(st.text(alphabet="abcxyzENUS019-_", max_size=14))
def test_the_usual_spelling_is_settled(tag: str) -> None:
    try:
        usual = languages.normalise(tag)
    except ValueError:
        return
    assert languages.normalise(usual) == usual
    assert languages.direction(usual) in ("ltr", "rtl")
    assert languages.endonym(usual)


def test_direction() -> None:
    assert [languages.direction(tag) for tag in ("ar", "he", "ur", "fa", "az-Arab")] == ["rtl"] * 5
    assert [languages.direction(tag) for tag in ("en", "ru", "ar-Latn", "xq")] == ["ltr"] * 4


def test_endonym() -> None:
    names = {tag: languages.endonym(tag) for tag in ("ru", "fr", "ar", "pt-BR", "xq")}
    assert names == {
        "ru": "Русский",
        "fr": "Français",
        "ar": "العربية",
        "pt-BR": "Português (Brasil)",
        "xq": "Xq",
    }
