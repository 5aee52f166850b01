"""A story's body on its way to a page."""

from __future__ import annotations

import re
from collections.abc import Mapping

from django.utils.safestring import SafeString, mark_safe

from dateline.lib import html as markup
from dateline.stories import body

_PICTURE = re.compile(r"<img\b[^>]*>", re.IGNORECASE)
_LINK_OR_PICTURE = re.compile(r"<a\b.*?</a>|<img\b[^>]*>", re.IGNORECASE | re.DOTALL)
_ATTRIBUTE = re.compile(r'\b(src|alt)="([^"]*)"', re.IGNORECASE)
_COMPARED = 60


def html(
    stored: str,
    pictures: Mapping[int, str] | None = None,
    documents: Mapping[int, str] | None = None,
) -> SafeString:
    """The body as the page prints it, with pictures (HTML) and documents (addresses) by their keys.

    Nothing is cleaned here, where every reader would pay for it. What may be marked safe was made
    so at the door: imported bodies went through `lib.html.clean`, and the desk's through the
    allow-list of Wagtail's rich text, which drops what its features do not name.
    """
    own = _LINK_OR_PICTURE.sub(_as_link, stored) if "<img" in stored else stored
    return mark_safe(body.expand(own, pictures or {}, documents or {}))


def opening(stored: str) -> str:
    """The first words of a body as plain text, to see what it repeats."""
    return markup.text(stored[:2000])[:400]


def repeats(text: str, part: str) -> bool:
    """Whether a text begins with (the first words of) another, spacing aside."""
    wanted = " ".join(part.split())[:_COMPARED].rstrip(" .,–-…")
    return " ".join(text.split()).startswith(wanted)


def _as_link(found: re.Match[str]) -> str:
    """A picture of another site as a link to it: a page loads nothing from third parties.

    Inside a link that is already there, only its alternative text is left.
    """
    if found[0].startswith("<a"):
        return _PICTURE.sub(
            lambda picture: dict(_ATTRIBUTE.findall(picture[0])).get("alt", ""), found[0]
        )
    attributes = dict(_ATTRIBUTE.findall(found[0]))
    source = attributes.get("src", "")
    text = attributes.get("alt") or source
    return f'<a href="{source}" rel="noopener noreferrer">{text}</a>' if source else text
