"""HTML as a newsroom wants it: cleaned to what a news body needs, or as plain text."""

import re
from functools import lru_cache
from html import escape, unescape

import nh3
from markdown_it import MarkdownIt


def _names(words: str) -> frozenset[str]:
    return frozenset(words.split())


_BLOCKS = _names(
    "address article aside blockquote br caption dd details div dl dt fieldset figcaption figure "
    "footer form h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section summary table tbody td "
    "tfoot th thead tr ul"
)
_KEPT = _names(
    "a abbr b blockquote br caption cite code dd del div dl dt em figcaption figure h2 h3 h4 hr i "
    "img ins li ol p pre q s small strong sub sup table tbody td tfoot th thead time tr u ul"
)
_CELL = {"colspan", "rowspan"}
_ATTRIBUTES = {
    "*": {"lang", "dir"},
    "a": {"href", "hreflang", "title", "data-document"},
    "abbr": {"title"},
    "figure": {"data-picture"},
    "img": {"src", "alt", "width", "height"},
    "ol": {"start"},
    "td": _CELL,
    "th": _CELL | {"scope"},
    "time": {"datetime"},
}
_SCHEMES = {"http", "https", "mailto", "tel"}
# Their text is code or fallback, never a sentence of the story.
_SILENT = {"script", "style", "template", "noscript", "iframe", "object", "svg", "math", "title"}

_HEADINGS = re.compile(r"(</?h)([156])(?=[\s/>])", re.IGNORECASE)
_LEVELS = {"1": "2", "5": "4", "6": "4"}
_EMPTY = re.compile(r"<p>(?:\s|&nbsp;|<br>)*</p>\s*")
_TAG = re.compile(r"<[^>]*>")
_PLACED = re.compile(r'<figure\b[^>]*\bdata-picture="[^>]*>.*?</figure>', re.DOTALL)
_SPACES = re.compile(r"[^\S\n]+")
_PARAGRAPHS = re.compile(r"\n\s*\n")
_TAGS = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
_UNCLOSED = _names("br hr li dd dt p td th tr tbody thead tfoot")
_SILENT_WHOLE = re.compile(
    rf"<({'|'.join(sorted(_SILENT))})\b.*?</\1\s*>", re.DOTALL | re.IGNORECASE
)
_ROUNDS = 5
_FEW = 4_000
"""Tags up to which no nesting costs anything worth a look."""
_DEEPEST = 500
"""Browsers stop nesting at 512; cleaning takes time that grows with the square of the depth."""


def clean(html: str, base: str = "") -> str:
    """Return ``html`` reduced to the tags, attributes and schemes a news body needs.

    Headings are shifted into h2 to h4, since a page's only h1 is its headline; empty paragraphs
    go. With ``base`` (an absolute address) relative links are resolved against it. The result is
    safe to print as it is; cleaning it again changes nothing. HTML nested deeper than browsers
    go keeps its words, not its tags.
    """
    if "<" not in html:
        return nh3.clean(html)
    if _is_too_deep(html):
        return from_plain(_bare(html))
    cleaned = _clean_once(html, base)
    # Dropping a tag can leave a heading or link inside another, which a parser would part again.
    for _ in range(_ROUNDS):
        before, cleaned = cleaned, _clean_once(cleaned, base)
        if cleaned == before:
            return cleaned
    return from_plain(_bare(cleaned))


def _clean_once(html: str, base: str) -> str:
    shifted = _HEADINGS.sub(lambda found: found[1] + _LEVELS[found[2]], html)
    return _EMPTY.sub("", _cleaner(base).clean(shifted)).strip()


def without_pictures(html: str) -> str:
    """Return cleaned ``html`` without the figures at its places: what is left is the text.

    Their words are about a picture, and say nothing where there is none.
    """
    return _PLACED.sub("", html) if "data-picture" in html else html


def text(html: str) -> str:
    """Return the words of ``html`` as plain text, one line for each block."""
    if "<" not in html:
        return _SPACES.sub(" ", unescape(html)).strip()
    if _is_too_deep(html):
        return _bare(html)
    # Only bare block tags are left after this, so that a pattern can tell tags from text.
    blocks = _outliner().clean(html)
    return _lines(unescape(_TAG.sub("\n", blocks)))


def _is_too_deep(html: str) -> bool:
    """Whether open tags pile up; void and unclosed ones (br, li) count, hence the high bound."""
    if html.count("<") <= _FEW:
        return False
    depth = deepest = 0
    for name, closing in ((found[2].lower(), found[1]) for found in _TAGS.finditer(html)):
        if name in _BLOCKS and name not in _UNCLOSED:
            depth = max(0, depth - 1) if closing else depth + 1
            deepest = max(deepest, depth)
    return deepest > _DEEPEST


def _bare(html: str) -> str:
    """The words of HTML by pattern alone, for what no parser should be asked to nest."""
    words = _TAG.sub("\n", _SILENT_WHOLE.sub(" ", html))
    return _lines(unescape(words))


def _lines(text: str) -> str:
    """The lines of ``text`` that have words, each with single spaces.

    By splitting: every indexed body comes through here, and patterns took three times as long.
    """
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return "\n".join(filter(None, lines))


def from_markdown(markdown: str) -> str:
    """Return CommonMark with tables as cleaned HTML."""
    return clean(_markdown().render(markdown))


def from_plain(plain: str) -> str:
    """Return plain text as HTML: a blank line parts paragraphs, a line's end is kept."""
    paragraphs = _PARAGRAPHS.split(plain.replace("\r\n", "\n").strip())
    return "".join(
        f"<p>{escape(paragraph.strip(), quote=False).replace(chr(10), '<br>')}</p>"
        for paragraph in paragraphs
        if paragraph.strip()
    )


@lru_cache(maxsize=64)
def _cleaner(base: str) -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=set(_KEPT),
        attributes=_ATTRIBUTES,
        clean_content_tags=_SILENT,
        url_schemes=_SCHEMES,
        url_relative=("rewrite_with_base", base) if base else "pass_through",
        link_rel="noopener noreferrer",
    )


@lru_cache(maxsize=1)
def _outliner() -> nh3.Cleaner:
    return nh3.Cleaner(tags=set(_BLOCKS), attributes={}, clean_content_tags=_SILENT, link_rel=None)


@lru_cache(maxsize=1)
def _markdown() -> MarkdownIt:
    return MarkdownIt("commonmark").enable(["table", "strikethrough"])
