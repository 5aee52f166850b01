"""Text to terms: one rule for what is indexed, what is asked and what is highlighted.

Text is cut into *runs* (letters, digits and their marks, joined by hyphens), a run into *parts*.
"E-Mail-Adressen" is one run of three parts; 欧安组织 is one run whose parts are overlapping pairs
of characters, because Chinese, Japanese, Korean, Thai, Lao, Khmer, Burmese and Tibetan do not
(or not reliably) put spaces between words. Each part is found by its folded form in any language
and by its stem in its own. Stem terms carry the language (":en:organis"), forms do not; no form
begins with a colon or an at sign, which are left to stems and facets.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from dateline.archive.keywords import Clause

LONGEST_TERM = 64
"""Characters of a term that count; longer runs are addresses, keys and accidents."""


def _class(chosen: Callable[[str], bool]) -> str:
    """A regular expression's character class, without brackets, of the Basic Multilingual Plane."""
    codes = [code for code in range(0x10000) if chosen(chr(code))]
    starts = [code for code in codes if not chosen(chr(code - 1))]
    ends = [code for code in codes if code == 0xFFFF or not chosen(chr(code + 1))]
    return "".join(f"{chr(a)}-{chr(b)}" for a, b in zip(starts, ends, strict=True))


# Vowel signs and accents belong to their letter; soft hyphens and joiners are invisible within it.
_MARKS = _class(lambda c: c > "\0" and unicodedata.category(c) in {"Mn", "Mc", "Me"})
_INVISIBLE = "\u00ad\u200b-\u200d\u2060\ufeff"
_LETTERS = rf"\w{_MARKS}{_INVISIBLE}"
_HYPHENS = "\\-\u2010\u2011"
_UNHYPHENED = str.maketrans("", "", "-\u2010\u2011")
_DENSE = (
    "\u0e00-\u0eff\u0f00-\u0fff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u3005-\u3007\u3040-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\uff66-\uffdc"
    "\U00020000-\U0003ffff"
)

RUN = re.compile(rf"[{_LETTERS}]+(?:[{_HYPHENS}][{_LETTERS}]+)*")
_PART = re.compile(
    rf"[{_DENSE}{_MARKS}{_INVISIBLE}]*[{_DENSE}][{_DENSE}{_MARKS}{_INVISIBLE}]*"
    rf"|[^_{_HYPHENS}{_DENSE}]+"
)
_UNSTEMMED = re.compile(rf"[\d{_DENSE}]")
_DENSE_LETTER = re.compile(rf"[{_DENSE}][{_MARKS}{_INVISIBLE}]*")

# Letters that Unicode does not decompose but readers type without their stroke, and the forms of
# Arabic letters that are interchanged in writing; Arabic, Persian and other digits become ASCII.
_DIGITS = {
    chr(code): str(unicodedata.decimal(chr(code)))
    for code in range(0x100, 0x10000)
    if unicodedata.category(chr(code)) == "Nd"
}
_PLAIN = str.maketrans(
    dict(zip("đðħıłøŧƀɨʉɇɍɏŋƒς", "ddhilotbiuerynfσ", strict=True))
    | {"æ": "ae", "œ": "oe", "þ": "th", "ـ": None}
    | dict(zip("ٱىیېکةۀھہ", "اييي" + "كهههه", strict=True))
    | _DIGITS
)
# Only marks that writers leave out: of Latin, Greek and Cyrillic, Hebrew points, Arabic vowels.
# The vowel signs of Indic and Thai writing and the sound marks of kana make another word.
_OPTIONAL = re.compile(
    "[\u0300-\u036f\u0483-\u0487\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed"
    "\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff" + _INVISIBLE + "]"
)
# й is a letter of its own and no accented и: dropping its mark would join endings and words.
_SHORT_I = "й"

_STEMMERS = {
    "ca": "catalan", "cs": "czech", "da": "danish", "de": "german", "el": "greek",
    "en": "english", "eo": "esperanto", "es": "spanish", "et": "estonian", "eu": "basque",
    "fa": "persian", "fi": "finnish", "fr": "french", "ga": "irish", "hi": "hindi",
    "hu": "hungarian", "hy": "armenian", "id": "indonesian", "it": "italian", "lt": "lithuanian",
    "nb": "norwegian", "ne": "nepali", "nl": "dutch", "nn": "norwegian", "no": "norwegian",
    "pl": "polish", "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian",
    "sv": "swedish", "ta": "tamil", "tr": "turkish", "yi": "yiddish",
}  # fmt: skip
# Snowball takes off a plural's ending here and leaves a word whose own ending it takes off where it
# stands alone (mujeres → mujer, but mujer → muj): only a second round brings the two together.
_TWICE = {"es", "tr"}

# Snowball takes different endings off an Arabic word with the article and without it, so that
# القانون does not find قانون. This is light10 (Larkey, Ballesteros and Connell, 2007), with an
# initial و taken off behind the article too, since وزارة is a ministry and الوزارة the same.
_ARABIC_BEGINNING = re.compile("(?:[وفبك]?ال(?=..)|و?لل(?=..))?(?:و(?=...))*")
_ARABIC_ENDINGS = ("ها", "ان", "ات", "ون", "ين", "يه", "ه", "ي")


class Part(NamedTuple):
    """A piece of a run: its folded form, itself as written, and where it stands in the text."""

    form: str
    written: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Sought:
    """A clause in terms of the index: matched by `sequence` or by any term of `instead`.

    `sequence` are forms that must stand side by side in one field; when `opened`, the last one is
    only a beginning. An empty sequence asks for nothing and matches everything.
    """

    sequence: tuple[str, ...]
    opened: bool = False
    instead: tuple[str, ...] = ()


def fold(text: str) -> str:
    """`text` as it is compared: without case, accents, optional vowels, ligatures, wide forms."""
    text = text.casefold()
    if not text.isascii():
        text = _SHORT_I.join(map(_fold_marks, unicodedata.normalize("NFC", text).split(_SHORT_I)))
    return text[:LONGEST_TERM]


def _fold_marks(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.translate(_PLAIN)).casefold()
    return unicodedata.normalize("NFC", _OPTIONAL.sub("", plain).translate(_PLAIN))


def stem_term(written: str, language: str) -> str | None:
    """The stem of a word as a term (":en:organis"); None where there is no stemmer for it.

    The stemmer sees the word with its accents, which decide its ending in many languages; the
    stem is folded afterwards.
    """
    stem = _stemmer(language)
    if stem is None or _UNSTEMMED.search(written):
        return None
    word = written.casefold()[:LONGEST_TERM]
    if word.isascii():
        return stem.marker + stem.of(word)
    return stem.marker + fold(stem.of(unicodedata.normalize("NFC", word)))


class _Stemmer(NamedTuple):
    of: Callable[[str], str]
    marker: str


@cache
def _stemmer(language: str) -> _Stemmer | None:
    """The stemmer for a language tag: Snowball's, in C where PyStemmer is installed."""
    primary = language.partition("-")[0].lower()
    if primary == "ar":
        return _Stemmer(_arabic, ":ar:")
    name = _STEMMERS.get(primary)
    if name is None:
        return None
    once = _snowball(name)
    return _Stemmer((lambda word: once(once(word))) if primary in _TWICE else once, f":{primary}:")


def _snowball(name: str) -> Callable[[str], str]:
    try:
        import Stemmer
    except ImportError:  # no wheel for this platform: the same algorithms, slower
        import snowballstemmer

        stem: Callable[[str], str] = snowballstemmer.stemmer(name).stemWord
        return stem
    # Its own memory of words is slower than stemming them again.
    once: Callable[[str], str] = Stemmer.Stemmer(name, 0).stemWord
    return once


def _arabic(word: str) -> str:
    """A word without article, particles and regular endings, of which two letters stay."""
    word = fold(word)
    beginning = _ARABIC_BEGINNING.match(word)
    word = word[beginning.end() :] if beginning else word
    for ending in _ARABIC_ENDINGS:
        if len(word) >= len(ending) + 2:
            word = word.removesuffix(ending)
    return word


def parts(run: str, offset: int = 0) -> list[Part]:
    """The parts of a run in order; `offset` is where the run begins in its text."""
    if run.isalnum() and (run.isascii() or not _DENSE_LETTER.search(run)):  # nearly always
        form = fold(run)
        return [Part(form, run, offset, offset + len(run))] if form else []
    found: list[Part] = []
    for match in _PART.finditer(run):
        if _DENSE_LETTER.search(match[0]):
            found += _pairs(match[0], offset + match.start())
        elif form := fold(match[0]):
            found.append(Part(form, match[0], offset + match.start(), offset + match.end()))
    return found


def _pairs(text: str, offset: int) -> Iterator[Part]:
    """Each letter with the one after it, and the last one alone: every letter begins a part."""
    spans = [match.span() for match in _DENSE_LETTER.finditer(text)]
    for (start, end), (_, after) in zip(spans, [*spans[1:], spans[-1]], strict=True):
        stop = max(end, after)
        if form := fold(text[start:stop]):
            yield Part(form, text[start:stop], offset + start, offset + stop)


def joined(run: str) -> str | None:
    """The run written together ("e-mail" → "email"), by which it is found too; else None."""
    if run.isalnum():  # nearly always
        return None
    whole = run.translate(_UNHYPHENED)
    return whole if len(whole) != len(run) and len(whole) <= LONGEST_TERM else None


def sought(clause: Clause, languages: Iterable[str]) -> Sought:
    """What a clause asks of the index when words may match by their stems in `languages`."""
    runs = list(RUN.finditer(clause.text))
    found = [part for run in runs for part in parts(run[0], run.start())]
    opened = clause.kind == "prefix"
    if found and _DENSE_LETTER.match(found[-1].written):
        found, opened = _open_end(found)
    forms = tuple(part.form for part in found)
    if clause.kind != "word":
        return Sought(forms, opened)
    whole = joined(runs[0][0]) if len(runs) == 1 else None
    instead = () if whole is None else (fold(whole), *_stems(whole, languages))
    if len(found) == 1:
        instead += _stems(found[0].written, languages)
    return Sought(forms, opened, tuple(dict.fromkeys(instead)))


def _open_end(found: list[Part]) -> tuple[list[Part], bool]:
    """Dense writing may go on where the question ends, so its last letter must not stand alone.

    Where a pair before it holds the letter, the pair says all; a single letter stands for every
    pair that begins with it.
    """
    if len(found) > 1 and found[-2].end == found[-1].end:
        return found[:-1], False
    return found, True


def _stems(word: str, languages: Iterable[str]) -> tuple[str, ...]:
    terms = (stem_term(word, language) for language in languages)
    return tuple(term for term in terms if term is not None)
