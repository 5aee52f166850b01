"""What people type into the search box: words, "phrases", prefix*, -without."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal
from unicodedata import category

Kind = Literal["word", "phrase", "prefix"]

_QUOTES = '"“”„‟«»＂「」『』'
_MARKS = {"Mn", "Mc", "Me"}
_MINUS = "-−–—"
_PIECE = re.compile(
    rf"(?P<minus>(?:(?<!\S)[{_MINUS}]+)?)(?:[{_QUOTES}](?P<phrase>[^{_QUOTES}]*)[{_QUOTES}]?"
    rf"|(?P<word>[^\s{_QUOTES}]+))"
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
    the end. A minus before a word or phrase excludes it, a star after a word makes it a beginning.
    """
    text = unicodedata.normalize("NFC", typed)
    clauses = (_clause(piece) for piece in _PIECE.finditer(text))
    return tuple(dict.fromkeys(clause for clause in clauses if clause.text))


def write(clauses: Iterable[Clause]) -> str:
    """Clauses as someone would type them: parse(write(parse(text))) == parse(text)."""
    return " ".join(_written(clause) for clause in clauses)


def _clause(piece: re.Match[str]) -> Clause:
    excluded = bool(piece["minus"])
    if piece["phrase"] is not None:
        phrase = " ".join(piece["phrase"].split())
        start, end = _edges(phrase)
        return Clause(phrase[start:end], "phrase", excluded)
    start, end = _edges(piece["word"])
    kind: Kind = "prefix" if piece["word"].startswith("*", end) else "word"
    return Clause(piece["word"][start:end], kind, excluded)


def _written(clause: Clause) -> str:
    text = f'"{clause.text}"' if clause.kind == "phrase" else clause.text
    return ("-" if clause.excluded else "") + text + ("*" if clause.kind == "prefix" else "")


def _edges(text: str) -> tuple[int, int]:
    """Where the first letter or digit begins and the last one, with its vowel signs, ends."""
    start, end = 0, len(text)
    while start < end and not text[start].isalnum():
        start += 1
    while end > start and not (text[end - 1].isalnum() or category(text[end - 1]) in _MARKS):
        end -= 1
    return start, end
