"""Encodings: texts of Django's own catalogues, in 28 languages, are read rightly or refused.

The catalogues are texts of buttons and errors, harder than prose: few common words, much ASCII.
"""

import re
from collections import Counter
from functools import cache
from pathlib import Path

import django
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dateline.lib import encodings

_WINDOWS = {
    "cp1250": ("pl", "cs", "sk", "hu", "ro", "hr", "sl"),
    "cp1251": ("ru", "uk", "bg", "sr"),
    "cp1252": ("fr", "de", "es", "it", "pt", "nl", "sv", "da", "fi"),
    "cp1253": ("el",),
    "cp1254": ("tr",),
    "cp1255": ("he",),
    "cp1256": ("ar", "fa"),
    "cp1257": ("lt", "lv", "et"),
}
_PAIRS = [(encoding, language) for encoding, names in _WINDOWS.items() for language in names]
_OTHERS = [
    ("koi8-r", "ru"),
    ("cp866", "ru"),
    ("iso8859-5", "ru"),
    ("cp852", "pl"),
    ("iso8859-2", "pl"),
    ("shift_jis", "ja"),
    ("euc_jp", "ja"),
    ("gb18030", "zh_Hans"),
    ("euc_kr", "ko"),
]


@cache
def _messages(language: str) -> list[str]:
    messages = []
    for path in sorted(Path(django.__file__).parent.rglob(f"locale/{language}/LC_MESSAGES/*.po")):
        text = path.read_text(encoding="utf-8")
        for found in re.findall(r'^msgstr(?:\[0\])? ((?:"[^\n]*"\n)+)', text, re.MULTILINE):
            message = "".join(re.findall(r'"(.*)"', found)).replace("\\n", "\n")
            if message.strip() and "Project-Id-Version" not in message:
                messages.append(message)
    return messages


def _samples(language: str, encoding: str, size: int) -> list[bytes]:
    messages = _messages(language)
    return [
        "\n".join(messages[start : start + size]).encode(encoding, "ignore")
        for start in range(0, len(messages) - size, size)
    ]


def _outcome(sample: bytes, encoding: str) -> str:
    try:
        found = encodings.detect(sample)
    except encodings.EncodingError:
        return "refused"
    return "right" if sample.decode(found, "replace") == sample.decode(encoding) else "wrong"


@pytest.mark.parametrize(("encoding", "language"), _PAIRS)
def test_windows_encodings_are_right_or_refused(encoding: str, language: str) -> None:
    outcomes = Counter(
        _outcome(sample, encoding)
        for size in (20, 60, 200)
        for sample in _samples(language, encoding, size)
        if not sample.isascii()
    )
    assert outcomes["wrong"] == 0
    assert outcomes["right"] > outcomes["refused"] / 2


@pytest.mark.parametrize(("encoding", "language"), _OTHERS)
def test_other_encodings_are_refused(encoding: str, language: str) -> None:
    for sample in _samples(language, encoding, 60):
        assert _outcome(sample, encoding) in ("refused", "right")


@pytest.mark.parametrize("language", sorted({language for _, language in _PAIRS + _OTHERS}))
def test_utf8_is_always_right(language: str) -> None:
    for size in (1, 20):
        for sample in _samples(language, "utf-8", size):
            if not sample.isascii():
                assert encodings.detect(sample) == "utf-8"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("“It is the end of the beginning,” he said – and that was that for the day.", "cp1252"),
        ("Die Präsidentin der Republik und der Außenminister sprachen über die Wahl.", "cp1252"),
        ("La présidente de la République a été reçue par le ministre et les élus.", "cp1252"),
        ("Он сказал, что на встрече не было ничего нового для прессы и для читателей.", "cp1251"),
        ("Η πρόεδρος της χώρας και ο υπουργός είπαν ότι το θέμα δεν είναι από τα νέα.", "cp1253"),
    ],
)
def test_one_sentence(text: str, encoding: str) -> None:
    sample = text.encode(encoding)
    assert sample.decode(encodings.detect(sample)) == text


def test_a_foreign_name_in_english_leaves_it_open() -> None:
    sample = "The minister, Dačić, spoke in Belgrade for the first time in a year.".encode("cp1250")
    with pytest.raises(encodings.EncodingError, match="name it"):
        encodings.detect(sample)


@given(st.binary(min_size=1))
def test_any_bytes_have_an_encoding_that_decodes_or_none(sample: bytes) -> None:
    try:
        found = encodings.detect(sample)
    except encodings.EncodingError:
        return
    sample.decode(found, "replace")


def test_names_of_encodings() -> None:
    assert encodings.named("Windows-1251") == "cp1251"
    assert encodings.named("UTF8") == "utf-8"
    for name in ("", "nonsense", "rot13", "zip", "base64"):
        with pytest.raises(encodings.EncodingError):
            encodings.named(name)
