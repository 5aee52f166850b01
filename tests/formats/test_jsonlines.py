"""JSON Lines: real files whole, every type of value, and lines that are anything but JSON."""

import gzip
import json
from collections import Counter
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dateline.formats.jsonlines.read import read
from dateline.formats.record import Record, Rejection
from dateline.lib.reading import Limits, SourceError, from_bytes, open_source

_GOOD = b'{"title": "T", "published": "2024-01-02"}'


def _read(data: bytes, **options: object) -> list[Record | Rejection]:
    return list(read(from_bytes(data, limits=Limits(line=10_000)), **options))  # type: ignore[arg-type]


def _one(**values: object) -> Record | Rejection:
    (found,) = _read(orjson.dumps({"title": "T", "published": "2024-01-02", **values}))
    return found


def _record(**values: object) -> Record:
    found = _one(**values)
    assert isinstance(found, Record), found
    return found


def test_the_committed_slice_is_read_whole(fixtures: Path) -> None:
    with open_source(fixtures / "digitalgov.jsonl") as source:
        found = list(read(source))
    raw = [orjson.loads(line) for line in (fixtures / "digitalgov.jsonl").open("rb")]
    assert len(found) == len(raw)
    for record, values in zip(found, raw, strict=True):
        assert isinstance(record, Record)
        assert record.external_id == values["id"]
        assert record.topics == tuple(values["topics"])
        assert isinstance(record.published, datetime)
        assert record.published.isoformat() == values["published"]
        assert "<p>" in record.body or not values["body"]


@pytest.mark.parametrize(
    ("name", "count", "ids"),
    [
        ("swiss-federal-news.jsonl.gz", 24_619, 24_615),
        ("digitalgov.jsonl.gz", 2_635, 2_635),
        ("govuk-examples.jsonl.gz", 150, None),
        ("osce-listing/stories.jsonl", 304, 0),
    ],
)
def test_real_files_are_read_without_a_rejection(
    real_data: Path, name: str, count: int, ids: int | None
) -> None:
    with open_source(real_data / "data" / name) as source:
        found = list(read(source))
        assert source.position == source.total
    assert Counter(type(item) for item in found) == {Record: count}
    if ids is not None:
        given_ids = {item.external_id for item in found if isinstance(item, Record)}
        assert len(given_ids - {None}) == ids


def test_aliases_and_types() -> None:
    record = _record(
        id=17,
        group="g",
        language="pt_br",
        content_type="News",
        offices=["A", " B ", "A", "", None],
        topics="One",
        lead="VIENNA, 1 July 2024 – The <b>lead</b> &amp; more.",
        body="<p>x</p>",
        place="Bern",
        authors=["N", "M"],
        source="https://example.org/1",
        updated="2024-02-03",
        revoked=True,
        unheard_of={"a": 1},
    )
    assert record == Record(
        headline="T",
        published=date(2024, 1, 2),
        line=1,
        external_id="17",
        group="g",
        language="pt-BR",
        genre="News",
        offices=("A", "B"),
        topics=("One",),
        summary="The lead & more.",
        body="<p>x</p>",
        dateline="VIENNA, 1 July 2024",
        byline="N, M",
        location="Bern",
        url="https://example.org/1",
        updated=datetime(2024, 2, 3),  # noqa: DTZ001 - the source gives no zone
        withdrawn=True,
    )


@pytest.mark.parametrize("empty", [None, "", [], "absent"])
def test_null_empty_and_absent_are_the_same(empty: object) -> None:
    names = ("id", "group", "language", "content_type", "offices", "topics", "lead", "body", "url")
    values = {} if empty == "absent" else dict.fromkeys(names, empty)
    assert _record(**values) == Record("T", date(2024, 1, 2), 1)


def test_a_dateline_of_its_own_is_not_repeated_in_the_summary() -> None:
    record = _record(dateline="WIEN/BERN, im Juli –", lead="WIEN/BERN, im Juli – Text.")
    assert (record.dateline, record.summary) == ("WIEN/BERN, im Juli", "Text.")


def test_bodies_in_markdown_and_plain_text() -> None:
    assert _record(body="a **b**", body_format="markdown").body == "<p>a <strong>b</strong></p>"
    assert _record(body="a <b>\n\nc", body_format="text").body == "<p>a &lt;b&gt;</p><p>c</p>"
    assert _record(body="a &amp; b\n\nc").body == "<p>a &amp; b</p><p>c</p>"


def test_moments_keep_their_zone() -> None:
    moment = _record(published="2017-10-11T14:00:00-05:00").published
    assert moment == datetime(2017, 10, 11, 14, tzinfo=timezone(timedelta(hours=-5)))
    naive = _record(published="2017-10-11T14:00:00").published
    assert isinstance(naive, datetime)
    assert naive.tzinfo is None


@pytest.mark.parametrize(
    ("values", "field", "reason"),
    [
        ({"title": None}, "headline", "no headline"),
        ({"title": 7}, "headline", "“title” is a number, not text"),
        ({"title": ["x"]}, "headline", "a list"),
        ({"title": "a\0b"}, "headline", "zero byte"),
        ({"published": None}, "published", "no publishing date"),
        ({"published": 1_700_000_000}, "published", "a number"),
        ({"published": "3/4/2016"}, "published", "for certain"),
        ({"published": "2024-13-01"}, "published", "not a date"),
        ({"offices": [{"name": "x"}]}, "offices", "an object"),
        ({"topics": 3}, "topics", "a number"),
        ({"language": "english"}, "language", "not a language tag"),
        ({"url": "javascript:alert(1)"}, "url", "not an http"),
        ({"withdrawn": "yes"}, "withdrawn", "not true or false"),
        ({"body_format": "docx"}, "body_format", "neither html"),
        ({"body": {"html": ""}}, "body", "an object"),
        ({"id": True}, "external_id", "true or false"),
        ({"updated": "soon"}, "updated", "not a date"),
    ],
)
def test_what_cannot_be_used_is_rejected_by_field(
    values: dict[str, object], field: str, reason: str
) -> None:
    found = _one(**values)
    assert isinstance(found, Rejection)
    assert (found.line, found.field) == (1, field)
    assert reason in found.reason
    assert found.raw.startswith("{")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b'{"title": "caf\xe9", "published": "2024-01-02"}', "byte 15 of the line is not UTF-8"),
        (b"not json", "not JSON"),
        (b'{"title": "T"', "not JSON"),
        (b"[1]", "not an object"),
        (b"17", "not an object"),
        (b"\0\0", "not JSON"),
        (b'{"title": "\\ud800"}', "not JSON"),
        (b'{"body": "' + b"x" * 20_000 + b'"}', "longer than"),
        (b"[" * 9_000, "not JSON"),
    ],
)
def test_a_bad_line_is_rejected_and_the_next_is_read(line: bytes, reason: str) -> None:
    before, bad, after = _read(b"\n".join([_GOOD, line, b"", _GOOD]))
    assert isinstance(before, Record)
    assert isinstance(after, Record)
    assert after.line == 4
    assert isinstance(bad, Rejection)
    assert (bad.line, bad.field) == (2, "record")
    assert reason in bad.reason


def test_utf16_is_read_and_a_truncated_gzip_gives_what_came_before() -> None:
    text = '{"title": "Žena", "published": "2024-01-02"}\n'
    (record,) = _read(text.encode("utf-16"))
    assert isinstance(record, Record)
    assert record.headline == "Žena"
    packed = gzip.compress(
        b"".join(b'{"title":"%d","published":"2024-01-02"}\n' % n for n in range(9999))
    )
    found = []
    with pytest.raises(SourceError, match="ends early"):
        found.extend(read(from_bytes(packed[: len(packed) // 2])))
    assert [record.headline for record in found if isinstance(record, Record)] == [
        str(n) for n in range(len(found))
    ]


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=5,
)
_KEYS = st.sampled_from(
    [
        "title",
        "published",
        "offices",
        "lead",
        "body",
        "language",
        "url",
        "withdrawn",
        "updated",
        "id",
    ]
)


def _dumped(values: dict[str, object]) -> bytes:
    return json.dumps(values).encode()  # writes any integer, which orjson does not


@given(st.lists(st.dictionaries(_KEYS, _VALUES).map(_dumped) | st.binary(max_size=40)))
def test_any_lines_are_records_or_rejections(lines: list[bytes]) -> None:
    lines = [line.replace(b"\n", b"").replace(b"\r", b"") for line in lines]
    lines = [line for line in lines if line.strip()]
    # A blank line first, so that no line is taken for the mark of a packed file.
    found = list(read(from_bytes(b"\n".join([b"", *lines]), encoding="utf-8")))
    assert [item.line for item in found] == list(range(2, len(lines) + 2))
