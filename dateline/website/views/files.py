"""Pictures and documents: read through a public story that shows them, or not at all."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django.http import Http404, HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe

from dateline.archive import caching, files
from dateline.publishing import visibility
from dateline.stories.models import Story, StoryDocument, StoryPicture
from dateline.website import responses
from dateline.website.pages.pictures import FORMATS, FULL, WIDTHS, filter_spec


@require_safe
def picture(
    request: HttpRequest, number: int, pk: int, size: str, extension: str
) -> HttpResponseBase:
    """A picture in one of the offered widths, or the original as a download."""
    row = _row(StoryPicture.objects.filter(picture=pk), number, "picture")
    if size == FULL:
        return _answer(request, row.picture.file, row.story, attached=True)
    if size not in map(str, WIDTHS) or extension not in FORMATS:
        raise Http404
    rendition = row.picture.get_rendition(filter_spec(int(size), extension))
    return _answer(request, rendition.file, row.story)


@require_safe
def document(request: HttpRequest, number: int, pk: int, filename: str) -> HttpResponseBase:
    """A document. Its id counts: under the name of a replaced file the present one is found."""
    row = _row(StoryDocument.objects.filter(document=pk), number, "document")
    if filename != row.document.filename:
        present = f"/n/{number}/documents/{pk}/{quote(row.document.filename)}"
        keys = [caching.story_key(number)]
        return responses.moved(request, present, keys=keys, permanent=False)
    return _answer(request, row.document.file, row.story)


def _row(rows: Any, number: int, part: str) -> Any:
    """The first use of a file by a listed story of that number; 404 if there is none."""
    stories = visibility.texts(Story.objects.filter(number=number))
    row = rows.filter(story__in=stories).select_related(part, "story").first()
    if row is None:
        raise Http404
    return row


def _answer(
    request: HttpRequest, file: Any, story: Story, *, attached: bool = False
) -> HttpResponseBase:
    response = files.answer(file, attached=attached)
    # A replaced file is stored under a new name, so its name and size tell versions apart.
    response["ETag"] = caching.etag(f"{file.name} {file.size}".encode())
    keys = [caching.story_key(story.number)]
    return caching.public(request, response, keys, until=story.expire_at)
