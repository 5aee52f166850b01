"""A story's text as segments: what a translator renders one by one.

A segment of the body or of the notes to editors is a run of text within one paragraph, heading,
list item or cell, with its inline markup. Its number counts the runs from the top of its part, so
it is stable for one version of a text. What is said of a picture or document goes by
the file's key.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from bs4 import BeautifulSoup
from bs4.element import NavigableString, PageElement, Tag

from dateline.lib import html
from dateline.publishing.checks import UNTRANSLATED, has_words

_REL = ' rel="noopener noreferrer"'
LINES = ("headline", "summary")
BODY, NOTES = "body", "notes"
PICTURE, DOCUMENT = "picture", "document"
_BLOCKS = frozenset(
    (
        *("blockquote", "caption", "dd", "div", "dl", "dt", "figcaption", "figure", "h2", "h3"),
        *("h4", "hr", "li", "ol", "p", "pre", "table", "tbody", "td", "tfoot", "th", "thead"),
        *("tr", "ul"),
    )
)


@dataclass(frozen=True, slots=True)
class Segment:
    """One of a text's segments; `text` is HTML in the body and the notes, plain elsewhere."""

    key: str
    tag: str
    text: str

    @property
    def part(self) -> str:
        """What it belongs to: a line, the body, the notes, the pictures or the documents."""
        return self.key.partition("-")[0]

    @property
    def is_html(self) -> bool:
        """Whether its text has markup."""
        return self.part in (BODY, NOTES)

    @property
    def of_file(self) -> bool:
        """Whether it speaks of a picture or document."""
        return self.part in (PICTURE, DOCUMENT)

    @property
    def words(self) -> str:
        """Its text without markup."""
        return html.text(self.text) if self.is_html else self.text


def cut(headline: str, summary: str, body: str, notes: str) -> list[Segment]:
    """The segments of a text in order: its lines, those of its body, of its notes to editors."""
    lines = [Segment(key, key, text) for key, text in zip(LINES, (headline, summary), strict=True)]
    return [*lines, *_cut(BODY, body), *_cut(NOTES, notes)]


def _cut(part: str, text: str) -> Iterator[Segment]:
    for at, run in enumerate(_runs(BeautifulSoup(text, "html.parser")), start=1):
        yield Segment(f"{part}-{at}", _tag(run), _written(run))


def join(part: str, text: str, targets: Mapping[str, str]) -> str:
    """The source's body or notes with each segment replaced by its target, clean.

    A segment without a target, or whose target is the source itself, is not translated: it is
    marked as such, and the checks keep the text from going out. What has no words to translate,
    a figure or a number to call, stays as it is.
    """
    soup = BeautifulSoup(text, "html.parser")
    for at, run in enumerate(list(_runs(soup)), start=1):
        target = _bare(targets.get(f"{part}-{at}", ""))
        written = _written(run)
        if not html.text(target) or target == written:
            target = UNTRANSLATED if has_words(html.text(written)) else written
        fragment = BeautifulSoup(target, "html.parser")
        for block in fragment.find_all(list(_BLOCKS)):  # a segment is one paragraph's
            block.unwrap()
        for node in list(fragment.children):
            run[0].insert_before(node)
        for node in run:
            node.extract()
    return html.clean(str(soup))


def targets(before: Sequence[Segment], after: Sequence[Segment]) -> dict[str, str] | None:
    """Key of a segment of `before` → its rendering in `after`, the translation as it stands.

    None where the two are not built alike: somebody has gone on from the translation by hand. A
    part that the translation leaves out is still to be made; one that only it has is its own.
    What is said of files is not paired here: it has keys of its own.
    """
    found: dict[str, str] = {}
    ours, theirs = (_parts(one for one in each if not one.of_file) for each in (before, after))
    for part, segments in ours.items():
        others = theirs.get(part, [])
        if others and [one.tag for one in segments] != [one.tag for one in others]:
            return None
        texts = ["" if other.text == UNTRANSLATED else other.text for other in others]
        found |= zip((one.key for one in segments), texts or [""] * len(segments), strict=True)
    return found


def earlier(before: Sequence[Segment], now: Sequence[Segment]) -> dict[str, Segment]:
    """Key of a segment of the text now → the segment of the earlier text it came from."""
    old = _parts(one for one in before if not one.of_file)
    found: dict[str, Segment] = {}
    for part, segments in _parts(one for one in now if not one.of_file).items():
        found |= _earlier(old.get(part, []), segments)
    files = {one.key: one for one in before if one.of_file}
    return found | {one.key: files[one.key] for one in now if one.key in files}


def _parts(segments: Iterable[Segment]) -> dict[str, list[Segment]]:
    found: dict[str, list[Segment]] = {}
    for one in segments:
        found.setdefault(one.part, []).append(one)
    return found


def _earlier(before: Sequence[Segment], now: Sequence[Segment]) -> dict[str, Segment]:
    old, new = ([(one.tag, one.text) for one in each] for each in (before, now))
    found: dict[str, Segment] = {}
    for name, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if name in ("equal", "replace"):
            pairs = zip(before[a:b], now[c:d], strict=False)
            found |= {late.key: early for early, late in pairs if early.tag == late.tag}
    return found


def _runs(root: Tag) -> Iterator[list[PageElement]]:
    """The inline content of each block in order; images and rules alone are no text."""
    run: list[PageElement] = []
    for child in [*root.children]:
        if isinstance(child, Tag) and (child.name in _BLOCKS or child.find(list(_BLOCKS))):
            yield from _worded(run)
            yield from _runs(child)
            run = []
        else:
            run.append(child)
    yield from _worded(run)


def _worded(run: list[PageElement]) -> Iterator[list[PageElement]]:
    if any(html.text(str(_html(node))) for node in run):
        yield run


def _html(node: PageElement) -> str:
    return node.output_ready() if isinstance(node, NavigableString) else str(node)


def _written(run: Sequence[PageElement]) -> str:
    return _bare("".join(map(_html, run)))


def _bare(text: str) -> str:
    """Clean HTML without what cleaning gives every link anyway: translators read the rest."""
    return html.clean(text).replace(_REL, "").strip()


def _tag(run: Sequence[PageElement]) -> str:
    parent = run[0].parent
    return parent.name if parent is not None else ""
