"""Where a story's pictures are, in which sizes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath

from dateline.stories.models import Story, StoryPicture

WIDTHS = (480, 960, 1600)
"""Widths in pixels a picture is offered in, besides the original; smaller ones stay as they are."""

FULL = "full"


@dataclass(frozen=True)
class Shown:
    """A picture on a page: `source` of medium width, `sources` as `srcset` has it."""

    alt: str
    caption: str
    credit: str
    licence: str
    width: int
    height: int
    source: str
    sources: str
    original: str


def shown(row: StoryPicture, story: Story, *, preview: bool = False) -> Shown:
    """A story's picture with its addresses; a draft's are the desk's own, behind its login."""
    picture = row.picture
    if preview:
        source = picture.get_rendition(filter_spec(960)).url
        sources, original = "", source
    else:
        source = address(story, picture.pk, 960)
        sources = ", ".join(f"{address(story, picture.pk, width)} {width}w" for width in WIDTHS)
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
        original=original,
    )


def address(story: Story, picture: int, width: int) -> str:
    """Where a public story's picture is in one width."""
    return f"/n/{story.number}/pictures/{picture}-{width}.webp"


def filter_spec(width: int) -> str:
    """Wagtail's name of a rendition of that width."""
    return f"width-{width}|format-webp"
