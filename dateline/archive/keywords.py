"""What people type into the search box: words, "phrases", prefix*, -without, headline:word."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal
from unicodedata import category

Kind = Literal["word", "phrase", "prefix"]

HEADLINE = (
    "headline", "title", "titre", "titel", "überschrift", "schlagzeile", "titolo", "título",
    "titulo", "titular", "заголовок", "عنوان", "العنوان",
)  # fmt: skip
"""What stands before a colon to ask for the headline, in the languages of the interface."""

_QUOTES = '"“”„‟«»＂「」『』'
_MARKS = {"Mn", "Mc", "Me"}
_MINUS = "-−–—"
# Whatever surrounds a word is dropped from it, so it may stand before a field's name as well.
_FIELD = rf"(?:(?![\s{_QUOTES}])[\W_])*(?:{'|'.join(HEADLINE)})\s?[:：]\s*(?=[^\W_]|[{_QUOTES}])"
_PIECE = re.compile(
    rf"(?P<minus>(?:(?<!\S)[{_MINUS}]+)?)(?P<field>(?:{_FIELD})?)"
    rf"(?:[{_QUOTES}](?P<phrase>[^{_QUOTES}]*)[{_QUOTES}]?|(?P<word>[^\s{_QUOTES}]+))",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Clause:
    """One thing asked for: `text` as typed, without quotes, star or minus.

    With `field` "headline" it must stand in the headline; otherwise anywhere.
    """

    text: str
    kind: Kind = "word"
    excluded: bool = False
    field: Literal["", "headline"] = ""


def parse(typed: str) -> tuple[Clause, ...]:
    """What was typed as clauses, each once, in order. Never raises; what says nothing is dropped.

    Words stand between spaces and quotes, and lose the punctuation around them. Any of the usual
    quotation marks (" “ ” „ « » 「 」) opens and closes a phrase; one that is never closed runs to
    the end. A minus before a word or phrase excludes it, a star after a word makes it a beginning,
    and "headline:" (or its name in another language) before it asks for the headline alone.
    """
    text = unicodedata.normalize("NFC", typed)
    clauses = (_clause(piece) for piece in _PIECE.finditer(text))
    return tuple(dict.fromkeys(clause for clause in clauses if clause.text))


def write(clauses: Iterable[Clause]) -> str:
    """Clauses as someone would type them: parse(write(parse(text))) == parse(text)."""
    return " ".join(_written(clause) for clause in clauses)


def _clause(piece: re.Match[str]) -> Clause:
    excluded = bool(piece["minus"])
    field: Literal["", "headline"] = "headline" if piece["field"] else ""
    if piece["phrase"] is not None:
        phrase = " ".join(piece["phrase"].split())
        start, end = _edges(phrase)
        return Clause(phrase[start:end], "phrase", excluded, field)
    start, end = _edges(piece["word"])
    kind: Kind = "prefix" if piece["word"].startswith("*", end) else "word"
    return Clause(piece["word"][start:end], kind, excluded, field)


def _written(clause: Clause) -> str:
    text = f'"{clause.text}"' if clause.kind == "phrase" else clause.text
    field = f"{clause.field}:" if clause.field else ""
    star = "*" if clause.kind == "prefix" else ""
    return ("-" if clause.excluded else "") + field + text + star


def _edges(text: str) -> tuple[int, int]:
    """Where the first letter or digit begins and the last one, with its vowel signs, ends."""
    start, end = 0, len(text)
    while start < end and not text[start].isalnum():
        start += 1
    while end > start and not (text[end - 1].isalnum() or category(text[end - 1]) in _MARKS):
        end -= 1
    return start, end
