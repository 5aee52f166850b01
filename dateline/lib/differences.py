"""What changed between two texts, as people read it: words within paragraphs.

Paragraphs (headings, list items, cells) are paired first, then the words of each pair. The longest
common subsequence is difflib's (Ratcliff and Metzener, 1988), without its shortcut for long texts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from html.parser import HTMLParser
from typing import Literal

Mark = Literal["same", "added", "removed"]

_IDEOGRAPHS = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_WORDS = re.compile(rf"\s+|[{_IDEOGRAPHS}]|[^\W{_IDEOGRAPHS}]+|[^\w\s]")
_BLOCKS = frozenset(
    [
        "p",
        "h2",
        "h3",
        "h4",
        "li",
        "blockquote",
        "td",
        "th",
        "figcaption",
        "caption",
        "dt",
        "dd",
        "pre",
        "hr",
    ]
)
_ALIKE = 0.4
"""Of two paragraphs' words, the share they must have in common to be one that was changed."""


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph's tag and words; `inside` are the tags within it, by which links differ."""

    tag: str
    text: str
    inside: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """Some words, and whether they are in both texts, only in the later or only in the earlier."""

    mark: Mark
    text: str


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph of both texts, with what changed in it; `relinked`: its links or emphasis."""

    tag: str
    parts: tuple[Part, ...]
    relinked: bool = False

    @property
    def element(self) -> str:
        """The tag to show it in: what stands in lists and tables has none of its own here."""
        return self.tag if self.tag in ("p", "h2", "h3", "h4", "blockquote") else "p"

    @property
    def changed(self) -> bool:
        """Whether the two texts differ here."""
        return self.relinked or any(part.mark != "same" for part in self.parts)


def blocks(html: str) -> list[Block]:
    """The paragraphs of clean HTML in order; words outside any are a paragraph too."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    reader.end()
    return reader.found


def words(before: str, after: str) -> tuple[Part, ...]:
    """One line of text against another."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    parts: list[Part] = []
    for name, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if name == "equal":
            parts.append(Part("same", "".join(old[a:b])))
            continue
        if a < b:
            parts.append(Part("removed", "".join(old[a:b])))
        if c < d:
            parts.append(Part("added", "".join(new[c:d])))
    return tuple(parts)


def passages(before: Sequence[Block], after: Sequence[Block]) -> list[Passage]:
    """Both texts in one: the paragraphs of each in its own order, common ones once."""
    old, new = [(b.tag, b.text) for b in before], [(b.tag, b.text) for b in after]
    found: list[Passage] = []
    for name, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if name == "equal":
            found += map(_kept, before[a:b], after[c:d])
        else:
            found += _replaced(before[a:b], after[c:d])
    return found


def _kept(old: Block, new: Block) -> Passage:
    return Passage(new.tag, _parts("same", new.text), relinked=old.inside != new.inside)


def _replaced(before: Sequence[Block], after: Sequence[Block]) -> Iterator[Passage]:
    for old, new in zip(before, after, strict=False):
        if _are_alike(old.text, new.text):
            yield Passage(new.tag, words(old.text, new.text))
        else:
            yield Passage(old.tag, _parts("removed", old.text))
            yield Passage(new.tag, _parts("added", new.text))
    paired = min(len(before), len(after))
    yield from (Passage(old.tag, _parts("removed", old.text)) for old in before[paired:])
    yield from (Passage(new.tag, _parts("added", new.text)) for new in after[paired:])


def _are_alike(old: str, new: str) -> bool:
    a, b = (list(filter(str.strip, _WORDS.findall(text))) for text in (old, new))
    return SequenceMatcher(None, a, b, autojunk=False).ratio() >= _ALIKE


def _parts(mark: Mark, text: str) -> tuple[Part, ...]:
    return (Part(mark, text),) if text else ()


class _Reader(HTMLParser):
    """Cuts clean HTML into its paragraphs."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[Block] = []
        self._tag, self._text, self._inside = "p", "", ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BLOCKS:
            self.end()
            self._tag = tag
        elif tag == "br":
            self._text += " "
        else:
            self._inside += f"{tag}{attrs}"

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS:
            self.end()

    def handle_data(self, data: str) -> None:
        self._text += data

    def end(self) -> None:
        """The paragraph is over."""
        if text := " ".join(self._text.split()):
            self.found.append(Block(self._tag, text, self._inside))
        self._tag, self._text, self._inside = "p", "", ""
