"""Marks and spaces as each language's readers expect them."""

from __future__ import annotations

import re

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po

from dateline.operations import translations

QUOTES = {"ru": "«»", "fr": "«»", "de": "„“", "es": "«»", "it": "«»", "ar": "«»"}
LANGUAGES = sorted(QUOTES)
NARROW, WIDE = "\N{NARROW NO-BREAK SPACE}", "\N{NO-BREAK SPACE}"
ARABIC_COMMA, ARABIC_SEMICOLON, ARABIC_QUESTION = "،؛؟"


def _messages(language: str) -> list[Message]:
    path = translations.FOLDER / language / "LC_MESSAGES" / "django.po"
    with path.open("rb") as source:
        return [message for message in read_po(source, locale=language) if message.id]


def _texts(language: str) -> list[str]:
    """What readers see: the quotation marks of a tag's attributes are none of theirs."""
    return [
        re.sub("<[^>]*>", "", text)
        for message in _messages(language)
        for text in (message.string if isinstance(message.string, tuple) else (message.string,))
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_quotation_marks_are_the_languages_own(language: str) -> None:
    opening, closing = QUOTES[language]
    for text in _texts(language):
        assert not set(re.findall('["“”„‟«»]', text)) - {opening, closing}, text
        assert re.sub(f"[^{opening}{closing}]", "", text) in (
            "",
            opening + closing,
            2 * (opening + closing),
        ), text


@pytest.mark.parametrize("language", LANGUAGES)
def test_apostrophes_and_ellipses_are_typographic(language: str) -> None:
    for text in _texts(language):
        assert "'" not in text, text
        assert "..." not in text, text


def test_french_spaces_do_not_break() -> None:
    """The question mark inside an address, before a letter, is none of the sentence's."""
    for text in _texts("fr"):
        assert not re.search(rf"[^{WIDE}\d]:(\s|$)|[^{NARROW}][;!?](?!\w)", text), text
        assert not re.search(f"«[^{NARROW}]|[^{NARROW}]»", text), text


def test_arabic_has_its_own_comma_semicolon_and_question_mark() -> None:
    """Between Latin words, as in a list of addresses' endings, the Latin ones may stand."""
    for text in _texts("ar"):
        assert not re.search(r"[؀-ۿ)»]\s*[,;?]", text), text


def test_russian_writes_its_dots() -> None:
    """ "Её" and "ещё" with their dots throughout, so that one page does not show both spellings."""
    for text in _texts("ru"):
        assert not re.search(r"\b(ее|еще|обновлен)\b", text, re.IGNORECASE), text


def test_italian_articles_need_no_elision_before_a_day() -> None:
    """ "dal 8 marzo" would be wrong and "dall'8" is not known before the day is."""
    for text in _texts("it"):
        assert not re.search(r"\b(dal|al|il|del|nel) %\((date|zone)\)s", text), text
