"""A story's body with its pictures and documents where its author placed them.

The body says where, the story's own rows say what: `<figure data-picture="12"></figure>` is the
place of picture 12, `<a data-document="7">` leads to document 7. What is not among the story's
pictures and documents shows nowhere, whatever a body names.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from django.utils.html import format_html
from wagtail.rich_text import expand_db_html

_PICTURE = re.compile(r'<figure\b[^>]*\bdata-picture="(\d{1,9})"[^>]*>\s*</figure>')
_DOCUMENT = re.compile(r'<a\b[^>]*\bdata-document="(\d{1,9})"[^>]*>(.*?)</a>', re.DOTALL)

Places = Mapping[int, str]
"""Key of a picture → its HTML, or key of a document → its address."""


def placed(stored: str) -> set[int]:
    """Keys of the pictures that have a place in the text."""
    return {int(key) for key in _PICTURE.findall(stored)}


def linked(stored: str) -> set[int]:
    """Keys of the documents that the text leads to."""
    return {int(key) for key, _text in _DOCUMENT.findall(stored)}


def expand(stored: str, pictures: Places, documents: Places) -> str:
    """The body as HTML: places filled from `pictures` and `documents`, others left without."""
    html = str(expand_db_html(stored))
    if "data-" not in html:
        return html
    html = _PICTURE.sub(lambda found: pictures.get(int(found[1]), ""), html)
    return _DOCUMENT.sub(lambda found: _link(found, documents), html)


def without_files(stored: str) -> str:
    """The body as HTML with its words alone."""
    return expand(stored, {}, {})


def figure(key: int, source: str, alt: str, *said: str) -> str:
    """A picture as HTML outside our own pages; `said` are caption, credit and the like.

    It keeps its key, by which forms without pictures leave it out (`lib.html.without_pictures`).
    """
    caption = " ".join(filter(None, said))
    below = format_html("<figcaption>{}</figcaption>", caption) if caption else ""
    html = '<figure data-picture="{}"><img src="{}" alt="{}">{}</figure>'
    return format_html(html, key, source, alt, below)


def _link(found: re.Match[str], documents: Places) -> str:
    address = documents.get(int(found[1]))
    return format_html('<a href="{}">', address) + found[2] + "</a>" if address else found[2]
