"""What cannot be imported: one record, which is written down, or a whole input, which is said."""

from __future__ import annotations

import gzip
import json
import os
import zlib
from pathlib import Path

import pytest

from dateline import importing
from dateline.cli import importing as command
from dateline.cli import parsers
from dateline.importing import Options
from dateline.lib.reading import SourceError
from dateline.stories.models import Story

pytestmark = pytest.mark.django_db


def _command(*words: str) -> int:
    arguments = parsers.parser().parse_args(["import", *words])
    return command.run(arguments)


def _refused(path: Path | str, **options: str) -> str:
    with pytest.raises(SourceError) as refusal:
        importing.run(path, Options(**options))
    assert not Story.objects.exists()
    return str(refusal.value)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"title": ""}, "headline"),
        ({"title": "x" * 501}, "headline"),
        ({"title": ["x"]}, "headline"),
        ({"published": "3/4/2016"}, "published"),
        ({"published": "0001-01-01"}, "published"),
        ({"published": None}, "published"),
        ({"language": "cy"}, "language"),
        ({"language": "not a language"}, "language"),
        ({"id": "x" * 300}, "external_id"),
        ({"url": "javascript:alert(1)"}, "url"),
        ({"url": "https://example.org/" + "x" * 1000}, "url"),
        ({"offices": ["x" * 256]}, "offices"),
        ({"topics": ["a\0b"]}, "topics"),
        ({"body": 7}, "body"),
        ({"withdrawn": "perhaps"}, "withdrawn"),
    ],
)
def test_a_record_that_cannot_be_used_is_written_down_and_the_rest_goes_on(
    tmp_path: Path, bring, record, change: dict[str, object], field: str
) -> None:
    path = tmp_path / "rejected.jsonl"
    report = bring([record(id="0"), record(**change), record(id="2")], rejected=path)
    assert (report.created, report.rejected) == (2, 1)
    (entry,) = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert (entry["line"], entry["field"]) == (2, field)
    assert entry["reason"]
    assert entry["raw"] or change.get("title") == ""


def test_a_refused_language_says_what_to_write_where(bring, record) -> None:
    report = bring([record(language="cy")])
    ((_, reason),) = report.reasons
    assert '"cy"]' in reason
    assert "newsroom.toml" in reason


def test_a_regional_language_is_its_language_where_only_that_is_known(bring, record) -> None:
    bring([record(language="en-GB")])
    assert Story.objects.get().language == "en"


def test_an_old_file_of_rejects_does_not_survive(tmp_path: Path, bring, record) -> None:
    path = tmp_path / "rejected.jsonl"
    bring([record(title="")], rejected=path)
    assert path.exists()
    bring([record()], rejected=path)
    assert not path.exists()


def test_reasons_without_end_do_not_fill_the_report(bring, record) -> None:
    report = bring([record(id=str(n), published=f"day {n}") for n in range(400)])
    assert report.rejected == 400
    assert len(report.reasons) <= 201


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("cut.jsonl.gz", gzip.compress(b'{"title": "a"}\n' * 9999, mtime=0)[:-20], "ends early"),
        ("bad.jsonl.gz", gzip.compress(b"x" * 99, mtime=0)[:10] + b"\xff" * 50, "damaged"),
        ("bomb.jsonl.gz", gzip.compress(b"0" * (80 << 20), mtime=0), "zip bomb"),
        ("notes.txt", b"Just a letter.\n", "format cannot be told"),
        ("array.json", b'[{"title": "a"}]', "JSON Lines"),
        ("table.csv", b"colour,shape\nred,round\n", "column"),
        ("page.zip", b"PK\x03\x04rest", "ZIP"),
        ("odd.csv", "title,published\nMäßig,2024-01-01\n".encode("latin-1"), "encoding"),
        (
            "entities.rss",
            b'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
            b"<rss><channel><item><title>&x;</title></item></channel></rss>",
            "entit",
        ),
        ("not.rss", b'<?xml version="1.0"?><html/>', "feed"),
    ],
)
def test_an_input_that_cannot_be_read_is_said_and_nothing_imported(
    tmp_path: Path, name: str, content: bytes, said: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert said in _refused(path)


def test_a_damaged_end_imports_nothing_of_what_came_before(tmp_path: Path, record) -> None:
    lines = "".join(json.dumps(record(id=str(n))) + "\n" for n in range(3000))
    path = tmp_path / "wire.jsonl.gz"
    path.write_bytes(gzip.compress(lines.encode())[:-8])
    assert "line" in _refused(path)


def test_a_line_of_two_gigabytes_is_one_refused_record(tmp_path: Path, record) -> None:
    """Packed, since what counts is what is held in memory; its neighbours come in."""
    path = tmp_path / "wire.jsonl.gz"
    packer = zlib.compressobj(1, wbits=31)
    noise = os.urandom(1 << 20).hex().encode()
    with path.open("wb") as file:
        file.write(packer.compress(json.dumps(record(id="0")).encode() + b"\n"))
        for _ in range(_megabytes() // 2):
            file.write(packer.compress(noise))
        file.write(packer.compress(b"\n" + json.dumps(record(id="2")).encode() + b"\n"))
        file.write(packer.flush())
    report = importing.run(path, Options())
    assert (report.created, report.rejected) == (2, 1)


def _megabytes() -> int:
    return 2048 if os.environ.get("DATELINE_SOAK") else 64


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("/nowhere/at/all.jsonl", "no such file"),
        ("http://127.0.0.1:9/feed.xml", "not a public address"),
        ("http://[::1]/feed.xml", "not a public address"),
        ("http://169.254.169.254/latest", "not a public address"),
        ("http://nowhere.invalid/feed", "not found"),
        ("ftp://example.org/feed", "only http and https"),
        ("https://user:secret@example.org/feed", "user name"),
    ],
)
def test_an_address_that_cannot_be_used_is_said(address: str, said: str) -> None:
    message = _refused(address)
    assert said in message
    assert "secret" not in message


def test_a_directory_is_said(tmp_path: Path) -> None:
    assert "directory" in _refused(tmp_path)


def test_options_that_do_not_fit_are_said(tmp_path: Path, record) -> None:
    path = tmp_path / "wire.jsonl"
    path.write_text(json.dumps(record()), encoding="utf-8")
    assert "known are" in _refused(path, format="docx")
    assert "language" in _refused(path, language="not a language").lower()
    assert _command(str(path), "--map", "Titel=headline") == command.UNUSABLE
    assert _command(str(path), "--map", "Titel=nonsense") == command.UNUSABLE


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_text_is_read_in_the_encoding_it_shows(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "news.csv"
    path.write_bytes("title,published\nДва слова: Žluťoučký,2024-01-01\n".encode(encoding))
    importing.run(path, Options())
    assert Story.objects.get().headline == "Два слова: Žluťoučký"


@pytest.mark.parametrize(
    ("encoding", "word"), [("windows-1251", "Жизнь"), ("windows-1252", "Über")]
)
def test_text_is_read_in_the_encoding_that_is_named(
    tmp_path: Path, encoding: str, word: str
) -> None:
    path = tmp_path / "news.csv"
    path.write_bytes(f"title,published\n{word},2024-01-01\n".encode(encoding))
    importing.run(path, Options(encoding=encoding))
    assert Story.objects.get().headline == word


def test_the_commands_exit_status_tells_scripts(
    tmp_path: Path, record, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    good, mixed = tmp_path / "good.jsonl", tmp_path / "mixed.jsonl"
    good.write_text(json.dumps(record()), encoding="utf-8")
    mixed.write_text(json.dumps(record(id="2")) + "\n{}\n", encoding="utf-8")
    assert _command(str(good), "--dry-run") == command.OK
    assert not Story.objects.exists()
    assert _command(str(good)) == command.OK
    assert _command(str(mixed)) == command.REJECTED
    assert (tmp_path / "rejected.jsonl").exists()
    assert _command("nowhere.jsonl") == command.UNUSABLE
    told = capsys.readouterr()
    assert "1 × headline" in told.out
    assert "dateline: nowhere.jsonl: there is no such file" in told.err


def test_a_pipe_is_read_like_a_file(tmp_path: Path, record) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    if os.fork() == 0:  # the other end of the pipe, which must open it at the same time
        pipe.write_text(json.dumps(record()), encoding="utf-8")
        os._exit(0)
    assert importing.run(pipe, Options(source="wire")).created == 1
    os.wait()
