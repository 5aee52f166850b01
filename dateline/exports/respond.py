"""Answers to `.csv`: the whole result of a query, whatever its size."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import http_date

from dateline.archive import entries, freshness, sentence, walk
from dateline.archive.query import Query
from dateline.formats.csv.write import CONTENT_TYPE, write
from dateline.lib import slugs
from dateline.vocabularies import snapshot as vocabularies


def csv(request: HttpRequest, query: Query) -> HttpResponseBase:
    """The query's stories as a table, sent while it is read, in constant memory."""
    modified = freshness.last_modified()
    seconds = int(modified.timestamp()) if modified else None
    if unchanged := get_conditional_response(request, last_modified=seconds):
        return unchanged
    rows = walk.every_row(query) if request.method == "GET" else ()
    table = (entries.entry(row, query.language) for row in rows)
    answer = StreamingHttpResponse(
        write(table, ZoneInfo(settings.TIME_ZONE)),
        content_type=f"{CONTENT_TYPE}; charset=utf-8; header=present",
    )
    answer["Content-Disposition"] = f'attachment; filename="{_file_name(query)}"'
    answer["Cache-Control"] = "no-cache"
    if seconds:
        answer["Last-Modified"] = http_date(seconds)
    return answer


def _file_name(query: Query) -> str:
    return slugs.slug(sentence.say(query, vocabularies.current())) + ".csv"
