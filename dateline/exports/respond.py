"""Answers to the endings of a list: the whole result of a query, whatever its size.

Nothing is gathered before it is sent: stories are read in batches while the reader takes them. If
that fails in the midst, the connection breaks (the last chunk of HTTP/1.1's chunked coding never
comes), so that no reader takes a part for the whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from dateline.archive import caching, endings, entries, freshness, sentence, walk
from dateline.archive.endings import Ending
from dateline.archive.query import Query
from dateline.exports import dataset
from dateline.exports.dictionary import About
from dateline.exports.files import attach
from dateline.formats import newsmlg2, ninjs, parquet
from dateline.formats.csv import write as csv
from dateline.formats.feed import Entry
from dateline.formats.jsonlines import write as jsonlines
from dateline.formats.newsmlg2 import write as newsmlg2_write
from dateline.formats.ninjs import write as ninjs_write
from dateline.formats.parquet import write as parquet_write
from dateline.vocabularies import snapshot as vocabularies

Write = Callable[[Iterable[Entry], Query], Iterator[bytes]]


@dataclass(frozen=True)
class Form:
    """A form of every list that is saved as a file: its address ends in `suffix`, the file in
    `extension`. One without `bodies` carries what lists show, and not the texts.
    """

    suffix: str
    extension: str
    media_type: str
    label: str | Promise
    about: str | Promise
    write: Write
    bodies: bool = True


def register() -> None:
    """Make every form an ending of every list."""
    for form in FORMS:
        endings.register(
            Ending(
                form.suffix,
                form.media_type.partition(";")[0],
                form.label,
                partial(answer, form),
                about=form.about,
            )
        )


def answer(form: Form, request: HttpRequest, query: Query) -> HttpResponseBase:
    """The query's stories in a form, sent while they are read, in constant memory."""
    content: Iterator[bytes] = iter(())
    if request.method != "HEAD":
        rows = walk.every_row(query, bodies=form.bodies)
        content = form.write((entries.entry(row, query.language) for row in rows), query)
    response = StreamingHttpResponse(content, content_type=form.media_type)
    attach(response, title(query), form.extension)
    modified = freshness.last_modified()
    keys = caching.query_keys(query)
    return caching.public(request, response, keys, modified=modified, ask=True)


def title(query: Query) -> str:
    """The query's sentence."""
    return sentence.say(query, vocabularies.current())


def address(query: Query, suffix: str) -> str:
    """The full address of an answer, which is its identifier too."""
    return entries.absolute(query.path(suffix))


def _csv(stories: Iterable[Entry], query: Query) -> Iterator[bytes]:
    return csv.write(stories, entries.publisher(query.language).zone)


def _jsonlines(stories: Iterable[Entry], query: Query) -> Iterator[bytes]:
    return jsonlines.write(stories, entries.publisher(query.language).zone)


def _parquet(stories: Iterable[Entry], query: Query) -> Iterator[bytes]:
    publisher = entries.publisher(query.language)
    about = {
        "title": title(query),
        "language": ", ".join(query.languages),
        "publisher": publisher.name,
        "source": address(query, "parquet"),
        "time zone of dates": settings.TIME_ZONE,
    }
    return parquet_write.write(stories, about)


def _ninjs(stories: Iterable[Entry], query: Query) -> Iterator[bytes]:
    return ninjs_write.write_all(
        stories,
        title(query),
        address(query, "ninjs"),
        query.language,
        entries.publisher(query.language),
    )


def _newsml(stories: Iterable[Entry], query: Query) -> Iterator[bytes]:
    return newsmlg2_write.write_all(
        stories,
        timezone.now(),
        title(query),
        address(query, "newsml"),
        entries.publisher(query.language),
    )


def _dataset(stories: Iterable[Entry], query: Query) -> Iterator[bytes]:
    about = About(
        title=title(query),
        address=address(query, "zip"),
        language=query.language,
        labels=query.labels,
        publisher=entries.publisher(query.language),
    )
    return dataset.write(stories, about)


FORMS: tuple[Form, ...] = (
    Form(
        "csv",
        "csv",
        "text/csv; charset=utf-8; header=present",
        _("Table (CSV)"),
        _("one line for each story, for Excel and LibreOffice"),
        _csv,
        bodies=False,
    ),
    Form(
        "ndjson",
        "ndjson",
        jsonlines.CONTENT_TYPE,
        "NDJSON",
        _("full texts, one JSON object on each line"),
        _jsonlines,
    ),
    Form(
        "parquet",
        "parquet",
        parquet.CONTENT_TYPE,
        "Parquet",
        _("full texts in typed columns, for analysis"),
        _parquet,
    ),
    Form(
        "ninjs",
        "json",
        ninjs.CONTENT_TYPE,
        "ninjs",
        _("for newsroom systems, JSON"),
        _ninjs,
    ),
    Form(
        "newsml",
        "xml",
        f"{newsmlg2.MESSAGE_CONTENT_TYPE}; charset=utf-8",
        "NewsML-G2",
        _("for newsroom systems, XML"),
        _newsml,
    ),
    Form(
        "zip",
        "zip",
        dataset.CONTENT_TYPE,
        _("Dataset (ZIP)"),
        _("all of it to cite and keep: data, dictionary, checksums"),
        _dataset,
    ),
)
"""Every form, in the order they are offered. A new one is a folder in `formats` and a line here."""
