"""Where a story's pictures are, in which sizes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath

from dateline.stories.models import Story, StoryPicture

WIDTHS = (480, 960, 1600)
"""Widths in pixels a picture is offered in, besides the original; smaller ones stay as they are."""

FORMATS = {"avif": "format-avif|avifquality-60", "webp": "format-webp"}
"""What they are offered in, the smaller first; every browser of the last six years reads WebP."""

FULL = "full"


@dataclass(frozen=True)
class Shown:
    """A picture on a page: `source` of medium width, `sources` and `avif` as `srcset` has them."""

    alt: str
    caption: str
    credit: str
    licence: str
    width: int
    height: int
    source: str
    sources: str
    avif: str
    original: str


def shown(row: StoryPicture, story: Story, *, preview: bool = False) -> Shown:
    """A story's picture with its addresses; a draft's are the desk's own, behind its login."""
    picture = row.picture
    if preview:
        source = picture.get_rendition(filter_spec(960)).url
        sources, avif, original = "", "", source
    else:
        source = address(story, picture.pk, 960)
        sources, avif = (_widths(story, picture.pk, name) for name in ("webp", "avif"))
        extension = PurePath(picture.file.name).suffix.lstrip(".").lower()
        original = f"/n/{story.number}/pictures/{picture.pk}-{FULL}.{extension}"
    return Shown(
        alt=row.alt,
        caption=row.caption,
        credit=picture.credit,
        licence=picture.licence,
        width=picture.width,
        height=picture.height,
        source=source,
        sources=sources,
        avif=avif,
        original=original,
    )


def _widths(story: Story, picture: int, name: str) -> str:
    return ", ".join(f"{address(story, picture, width, name)} {width}w" for width in WIDTHS)


def address(story: Story, picture: int, width: int, name: str = "webp") -> str:
    """Where a public story's picture is in one width and format."""
    return f"/n/{story.number}/pictures/{picture}-{width}.{name}"


def filter_spec(width: int, name: str = "webp") -> str:
    """Wagtail's name of a rendition of that width and format."""
    return f"width-{width}|{FORMATS[name]}"
