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
from functools import cache, lru_cache
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
    "ar": "arabic", "ca": "catalan", "da": "danish", "de": "german", "el": "greek",
    "en": "english", "es": "spanish", "et": "estonian", "eu": "basque", "fi": "finnish",
    "fr": "french", "ga": "irish", "hi": "hindi", "hu": "hungarian", "hy": "armenian",
    "id": "indonesian", "it": "italian", "lt": "lithuanian", "nb": "norwegian", "ne": "nepali",
    "nl": "dutch", "nn": "norwegian", "no": "norwegian", "pt": "portuguese", "ro": "romanian",
    "ru": "russian", "sr": "serbian", "sv": "swedish", "ta": "tamil", "tr": "turkish",
    "yi": "yiddish",
}  # fmt: skip


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
    """Snowball's stemmer for a language tag, in C where PyStemmer is installed."""
    primary = language.partition("-")[0].lower()
    name = _STEMMERS.get(primary)
    if name is None:
        return None
    try:
        import Stemmer
    except ImportError:  # no wheel for this platform: the same algorithms, slower
        import snowballstemmer

        return _Stemmer(snowballstemmer.stemmer(name).stemWord, f":{primary}:")
    # Its own memory of words is slower than stemming them again.
    return _Stemmer(Stemmer.Stemmer(name, 0).stemWord, f":{primary}:")


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


_remembered_stem = lru_cache(maxsize=50_000)(stem_term)  # marking asks for the same words again


def _stems(word: str, languages: Iterable[str]) -> tuple[str, ...]:
    terms = (_remembered_stem(word, language) for language in languages)
    return tuple(term for term in terms if term is not None)


def spans(text: str, clauses: Iterable[Clause], languages: Iterable[str]) -> list[tuple[int, int]]:
    """Where the clauses match in plain `text`: (start, end) character offsets, merged, ascending.

    Excluded clauses mark nothing. What is marked is what made the text match, stems included.
    """
    tongues = tuple(languages)
    asked = [sought(clause, tongues) for clause in clauses if not clause.excluded]
    if not asked:
        return []
    runs = [(match[0], match.start(), match.end()) for match in RUN.finditer(text)]
    found = [part for run, start, _ in runs for part in parts(run, start)]
    marked: list[tuple[int, int]] = []
    for one in asked:
        marked += _sequences(found, one)
        if one.opened and len(one.sequence) == 1:
            marked += _begun(runs, one.sequence[0])
        marked += _instead(found, runs, one, tongues)
    return _merged(marked)


def _sequences(found: list[Part], one: Sought) -> Iterator[tuple[int, int]]:
    size = len(one.sequence)
    if not size:
        return
    *head, last = one.sequence
    for at in range(len(found) - size + 1):
        window = [part.form for part in found[at : at + size]]
        fits = window[-1].startswith(last) if one.opened else window[-1] == last
        if fits and window[:-1] == head:
            yield found[at].start, found[at + size - 1].end


def _begun(runs: list[tuple[str, int, int]], beginning: str) -> Iterator[tuple[int, int]]:
    for run, start, end in runs:
        if (whole := joined(run)) and fold(whole).startswith(beginning):
            yield start, end


def _instead(
    found: list[Part], runs: list[tuple[str, int, int]], one: Sought, languages: tuple[str, ...]
) -> Iterator[tuple[int, int]]:
    terms = set(one.instead)
    if not terms:
        return
    whole = [(text, start, end) for run, start, end in runs if (text := joined(run))]
    for written, start, end in [*((p.written, p.start, p.end) for p in found), *whole]:
        if not terms.isdisjoint((fold(written), *_stems(written, languages))):
            yield start, end


def _merged(marked: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(marked):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
