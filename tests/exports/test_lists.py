"""A list in every form: the same stories, by readers that know nothing of Dateline."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
import schemas
from build import genre, indexed, office, published, topic
from django.http import HttpResponseBase
from django.test import Client
from django.utils import timezone
from exports.ids import PAGED, WHOLE
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dateline.archive import endings, search, walk
from dateline.archive.query import Query
from dateline.exports import respond
from dateline.publishing import verbs
from dateline.publishing.models import Change, Datestamp

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("archive_file")]
WORDS = ("court", "opens", "mission", "суд", "open*", '"court opens"', "-mission", "headline:court")
EACH = pytest.mark.parametrize("suffix", WHOLE)


@pytest.fixture(autouse=True)
def _origin(settings: Any) -> None:
    settings.ORIGIN = "https://news.example.org"


@pytest.fixture
def newsroom(archive_file: Path) -> None:
    """Twenty-four stories in two languages, over six years, filed under this and that."""
    offices = [office("vienna"), office("astana")]
    offices.append(office("branch", parent=offices[0]))
    topics = [topic("law"), topic("media"), topic("arms")]
    genres = [genre("news"), None]
    for n in range(24):
        published(
            f"{('Court opens', 'Mission ends', 'Суд открыт')[n % 3]} {n}",
            language="ru" if n % 3 == 2 else "en",
            published=date(2018 + n % 6, 1 + n % 12, 1 + n % 28)
            if n % 4
            else datetime(2020, 1, 1, n % 24),  # noqa: DTZ001
            offices=tuple(offices[: n % 4]),
            topics=tuple(topics[n % 3 : n % 5]),
            genre=genres[n % 2],
            summary="Judges met. " * (n % 3),
            body=f"<p>Text {n} <b>of it</b></p>" if n % 5 else "",
        )
    indexed()


def _queries() -> st.SearchStrategy[Query]:
    some = {
        "language": ("en", "ru"),
        "genre": ("news",),
        "office": ("vienna", "astana", "branch"),
        "topic": ("law", "media", "arms"),
        "year": ("2018", "2020", "2023"),
    }
    chosen = st.fixed_dictionaries(
        {},
        optional={
            name: st.lists(st.sampled_from(values), max_size=2) for name, values in some.items()
        },
    )
    days = st.none() | st.dates(date(2018, 1, 1), date(2023, 12, 31))
    return st.builds(
        lambda chosen, days, **rest: Query(
            selections=tuple((name, tuple(values)) for name, values in chosen.items()),
            since=min(filter(None, days), default=None) if days[0] else None,
            until=max(filter(None, days), default=None) if days[1] else None,
            **rest,
        ),
        chosen=chosen,
        days=st.tuples(days, days),
        language=st.sampled_from(["en", "ru"]),
        keywords=st.lists(st.sampled_from(WORDS), max_size=2).map(" ".join),
        sort=st.sampled_from(["newest", "oldest"]),
    )


def _content(answer: HttpResponseBase) -> bytes:
    assert answer.status_code == 200
    return b"".join(answer) if answer.streaming else answer.content  # type: ignore[attr-defined]


def _expected(query: Query) -> list[str]:
    """The pages of the list, one after the other."""
    pages = search.search(replace(query, size=100)).pages
    rows = [
        row
        for page in range(1, pages + 1)
        for row in search.search(replace(query, size=100, page=page)).stories
    ]
    return [f"https://news.example.org/n/{row.number}#{row.language}" for row in rows]


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=_queries())
def test_every_ending_gives_the_same_stories(newsroom: None, client: Client, query: Query) -> None:
    expected = _expected(query)
    for suffix, read in WHOLE.items():
        assert read(_content(client.get(query.path(suffix)))) == expected, suffix
    for suffix, read in PAGED.items():
        paged = replace(query, size=100)
        assert sorted(read(_content(client.get(paged.path(suffix))))) == sorted(expected), suffix


def test_every_form_is_read_here() -> None:
    assert [form.suffix for form in respond.FORMS] == list(WHOLE)


def test_lists_are_what_their_schemas_want(newsroom: None, client: Client, real_data: Path) -> None:
    folder = real_data / "schemas"
    composite = json.loads(_content(client.get("/en/news.ninjs?language=en&language=ru")))
    assert [error.message for error in schemas.ninjs(folder).iter_errors(composite)] == []
    message = _content(client.get("/en/news.newsml?language=en&language=ru"))
    assert schemas.newsml_errors(folder, message) == []


# --- how they are answered --------------------------------------------------------------------
@EACH
def test_headers_say_what_it_is_and_how_to_save_it(suffix: str, client: Client) -> None:
    topic("law", "Rule of law", names={"ru": "Верховенство права"})
    answer = client.get(f"/ru/news.{suffix}?topic=law")
    ending = endings.get(suffix)
    assert ending
    assert answer["Content-Type"].partition(";")[0] == ending.media_type
    plain, extended = answer["Content-Disposition"].split("; ")[1:]
    assert plain.startswith('filename="novosti-i-press')
    name = unquote(extended.removeprefix("filename*=UTF-8''"))
    assert name.startswith("Новости")
    assert "Верховенство права." in name
    assert answer["Cache-Control"] == "public, no-cache"


@EACH
def test_a_reader_that_has_it_is_told_so(suffix: str, client: Client) -> None:
    published("Court opens")
    indexed()
    for kept in (Change, Datestamp):
        kept.objects.update(at=timezone.now() - timedelta(minutes=1))
    path = f"/en/news.{suffix}"
    first = client.get(path)
    since = {"if-modified-since": first["Last-Modified"]}
    assert client.get(path, headers=since).status_code == 304
    published("Another")
    indexed()
    assert client.get(path, headers=since).status_code == 200


@EACH
def test_asking_for_the_headers_alone_reads_no_story(
    suffix: str, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(walk, "every_row", None)
    answer = client.head(f"/en/news.{suffix}")
    assert b"".join(answer) == b""
    assert answer["Content-Disposition"].startswith("attachment")


@EACH
def test_the_first_bytes_come_before_any_story(
    suffix: str, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    if suffix == "ndjson":
        pytest.skip("its first bytes are a story")

    def refused(*_: Any, **__: Any) -> Iterator[Any]:
        raise OSError("the database is gone")
        yield

    monkeypatch.setattr(walk, "every_row", refused)
    pieces = iter(client.get(f"/en/news.{suffix}"))
    assert len(next(pieces)) > 3
    # The server, which is left with the error, breaks the connection off.
    with pytest.raises(OSError, match="gone"):
        b"".join(pieces)


@EACH
def test_what_is_killed_while_it_is_sent_is_not_sent(
    suffix: str, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    if suffix == "zip":
        pytest.skip("a dataset is broken off: test_dataset")
    monkeypatch.setattr(walk, "BATCH", 1)
    first = published("First", published=date(2024, 1, 3), body="<p>long</p>" * 20_000)
    second = published("Second", published=date(2024, 1, 2))
    indexed()
    monkeypatch.setattr("dateline.formats.csv.write._ROWS", 1)
    monkeypatch.setattr("dateline.formats.parquet.write._ROWS", 1)
    pieces = iter(client.get(f"/en/news.{suffix}"))
    got = next(pieces) + (b"" if suffix == "ndjson" else next(pieces))
    verbs.kill(second, "Must not be used")
    assert [ids.rpartition("/")[2] for ids in WHOLE[suffix](got + b"".join(pieces))] == [
        f"{first.number}#en"
    ]


# --- spreadsheets -----------------------------------------------------------------------------
def test_libreoffice_opens_the_table_with_every_letter_and_no_formula(
    client: Client, tmp_path: Path
) -> None:
    soffice = shutil.which("soffice")
    if soffice is None:
        pytest.skip("no LibreOffice: apt-get install libreoffice-calc-nogui")
    headlines = [
        "Žluťoučký kůň, „naïve“ façade – 5 € \U0001f5de",
        "Заголовок; с точкой",
        "عنوان القصة",
        '=HYPERLINK("https://evil.example")',
        "+1 @SUM(1)",
        "Two\nlines",
    ]
    for headline in headlines:
        published(headline, summary="-2+3")
    indexed()
    (tmp_path / "stories.csv").write_bytes(_content(client.get("/en/news.csv?sort=oldest")))
    # Token 1: comma, quote, UTF-8, from the first line, every column as the program guesses it.
    options = "--infilter=CSV:44,34,76,1,,0,false,true,false"
    own = f"-env:UserInstallation=file://{tmp_path}/profile"
    subprocess.run(
        [soffice, own, "--headless", options, "--convert-to", "xlsx", tmp_path / "stories.csv"],
        cwd=tmp_path,
        check=True,
        capture_output=True,
        timeout=120,
    )
    from openpyxl import load_workbook

    sheet = load_workbook(tmp_path / "stories.xlsx").active
    assert sheet is not None
    names = [cell.value for cell in next(sheet.iter_rows())]
    cells = [dict(zip(names, row, strict=True)) for row in sheet.iter_rows(min_row=2)]
    assert [cell["headline"].value.removeprefix("'") for cell in cells] == headlines
    assert {cell["published_on"].value.date() for cell in cells} == {date(2024, 3, 15)}
    assert not [cell for row in cells for cell in row.values() if cell.data_type == "f"]
