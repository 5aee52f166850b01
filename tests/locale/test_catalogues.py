"""Every catalogue says all that the interface says, in the form gettext and readers expect."""

from __future__ import annotations

import gettext
import re
import shutil
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from babel import Locale
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from dateline.lib.newsroom import Newsroom
from dateline.operations import translations

LOCALE = translations.FOLDER
LANGUAGES = sorted(folder.name for folder in LOCALE.iterdir() if folder.is_dir())
NUMBERS = range(1200)
COUNTED = {"n", "more", "count"}
"""Placeholders that hold the number a plural form is chosen by."""

_PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|%%")
_TAG = re.compile(r"</?[a-z][^>]*>")

pytestmark = pytest.mark.parametrize("language", LANGUAGES)


def _path(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def _catalogue(language: str) -> Catalog:
    with _path(language).open("rb") as source:
        return read_po(source, locale=language)


def _messages(language: str) -> Iterator[Message]:
    return (message for message in _catalogue(language) if message.id)


def _pairs(language: str) -> Iterator[tuple[str, str, frozenset[int]]]:
    """Source, translation, and the numbers it is for where a message counts something."""
    numbers = _numbers_of_forms(language)
    for message in _messages(language):
        if isinstance(message.id, str):
            yield message.id, message.string, frozenset()
        else:
            for form, text in enumerate(message.string):
                yield message.id[1], text, numbers[form]


def _numbers_of_forms(language: str) -> dict[int, frozenset[int]]:
    form = gettext.c2py(_catalogue(language).plural_expr)
    found: dict[int, set[int]] = defaultdict(set)
    for number in NUMBERS:
        found[form(number)].add(number)
    return {index: frozenset(numbers) for index, numbers in found.items()}


def test_all_of_it_is_translated_and_nothing_is_a_guess(language: str) -> None:
    for message in _messages(language):
        texts = message.string if isinstance(message.string, tuple) else (message.string,)
        assert all(text.strip() for text in texts), f"untranslated: {message.id}"
        assert not message.fuzzy, f"nobody has looked at the guess for {message.id}"
    assert not _catalogue(language).obsolete


def test_no_message_of_the_code_is_missing_and_none_is_left_over(language: str, tool: Any) -> None:
    assert list(tool.faults(_catalogue(language), tool.extract())) == []


def test_the_file_is_in_the_tools_form(language: str, tool: Any, tmp_path: Path) -> None:
    """So that the next run changes no line that nobody has edited."""
    again = tmp_path / language / "LC_MESSAGES" / "django.po"
    tool.write(again, tool.read(_path(language)))
    assert again.read_text() == _path(language).read_text(), "run tools/messages.py"


def test_plural_forms_are_those_of_cldr(language: str) -> None:
    """Two numbers share a form exactly where CLDR puts them in one category."""
    catalogue, category = _catalogue(language), Locale.parse(language).plural_form
    form = gettext.c2py(catalogue.plural_expr)
    met = {(form(number), category(number)) for number in NUMBERS}
    assert len(met) == len({index for index, _ in met}) == len({name for _, name in met})
    assert {index for index, _ in met} == set(range(catalogue.num_plurals))
    for message in _messages(language):
        if not isinstance(message.id, str):
            assert len(message.string) == catalogue.num_plurals


def test_placeholders_are_those_of_the_source(language: str) -> None:
    """A form for one number alone may say it as a word: "مادتان" is two stories."""
    for source, text, numbers in _pairs(language):
        wanted, used = (Counter(_PLACEHOLDER.findall(each)) for each in (source, text))
        if len(numbers) == 1:
            assert not used - wanted, f"{text} ({source})"
            assert set(wanted - used) <= COUNTED, f"{text} ({source})"
        else:
            assert used == wanted, f"{text} ({source})"


def test_tags_are_those_of_the_source(language: str) -> None:
    for source, text, _numbers in _pairs(language):
        assert sorted(_TAG.findall(text)) == sorted(_TAG.findall(source)), text


def test_the_compiled_catalogue_says_what_the_source_says(language: str, tmp_path: Path) -> None:
    folder = tmp_path / language / "LC_MESSAGES"
    folder.mkdir(parents=True)
    shutil.copy(_path(language), folder)
    assert translations.compile_changed(tmp_path) == 1
    compiled = gettext.translation("django", tmp_path, [language])
    for message in _messages(language):
        if isinstance(message.id, str):
            said = (
                compiled.pgettext(message.context, message.id)
                if message.context
                else compiled.gettext(message.id)
            )
            assert said == message.string
    for source, text, _numbers in _pairs(language):
        values: dict[str, Any] = dict.fromkeys(_PLACEHOLDER.findall(source), 7)
        assert "%(" not in (text % values if values else text)


def test_the_file_names_nobody_and_no_day(language: str) -> None:
    """Such lines change with every run and tell nothing that the history does not."""
    text = _path(language).read_text()
    assert not re.search(
        r"Last-Translator|Language-Team|-Date|@(?!example\.org)|^# ", text, re.MULTILINE
    )


def test_spaces_around_a_message_stay(language: str) -> None:
    for source, text, _numbers in _pairs(language):
        assert text.endswith(" ") == source.endswith(" "), repr(text)
        assert not text.startswith(" "), repr(text)
        assert "  " not in text, repr(text)


def test_a_newsroom_offers_the_language_from_the_start(language: str) -> None:
    assert language in Newsroom().interface_languages
    assert set(LANGUAGES) == set(Newsroom().interface_languages) - {"en"}
