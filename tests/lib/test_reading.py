"""Opening input: every line comes back as it was, and every kind of bad input says what it is."""

import gzip
import io
import os
import tracemalloc
import zlib
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dateline.lib.reading import Limits, Source, SourceError, from_bytes, open_source

_TEXT = st.text(
    alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\r\n\0\ufeff")
)
_SMALL = Limits(line=1000, document=1000, unpacked=100_000_000)


def _texts(source: Source) -> list[str]:
    return [text for _, text in source.text_lines()]


@given(st.lists(_TEXT), st.booleans(), st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_utf8_comes_back_line_by_line(lines: list[str], packed: bool, end: str, mark: bool) -> None:
    data = "".join(line + end for line in lines).encode("utf-8-sig" if mark else "utf-8")
    source = from_bytes(gzip.compress(data) if packed else data, encoding="utf-8-sig")
    assert _texts(source) == lines
    assert not source.unended
    assert source.position == source.total


@given(st.lists(_TEXT, min_size=1), st.sampled_from(["utf-16", "utf-16-le", "utf-16-be", "utf-32"]))
def test_named_encodings_come_back(lines: list[str], encoding: str) -> None:
    data = "".join(line + "\n" for line in lines).encode(encoding)
    assert _texts(from_bytes(data, encoding=encoding)) == lines


@given(st.binary(max_size=3000), st.booleans())
def test_any_bytes_are_lines_or_a_source_error(data: bytes, guess: bool) -> None:
    with suppress(SourceError):
        for line in from_bytes(data, limits=_SMALL).lines(guess=guess):
            assert len(line.data) <= _SMALL.line
            line.data.decode("utf-8", "surrogateescape")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig", "utf-8"])
@pytest.mark.parametrize("text", ["Žene u Šibeniku\nlist\n", "Женщины Казахстана\nи суд\n"])
def test_unicode_is_told_without_being_named(text: str, encoding: str) -> None:
    assert _texts(from_bytes(text.encode(encoding))) == text.splitlines()


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-be"])
@pytest.mark.parametrize("name", [None, "utf-16"])
def test_what_comes_before_a_wrong_unit_is_read(encoding: str, name: str | None) -> None:
    alone = "\udc00".encode(encoding, "surrogatepass")  # half of a pair, which stands for nothing
    data = "\ufeffŽena\n".encode(encoding) + alone + "\n".encode(encoding)
    seen: list[str] = []
    with pytest.raises(SourceError, match=f"line 2: it is not {encoding} here"):
        seen.extend(text for _, text in from_bytes(data, encoding=name).text_lines())
    assert seen == ["Žena"]


@pytest.mark.parametrize(
    ("encoding", "sentence"),
    [
        ("cp1252", "Die Präsidentin der Republik und der Außenminister sprachen über die Wahl."),
        ("cp1251", "Он сказал, что на встрече не было ничего нового для прессы и для всех."),
    ],
)
def test_windows_text_is_told_by_its_words_or_refused(encoding: str, sentence: str) -> None:
    data = "\n".join([sentence] * 3).encode(encoding)
    assert _texts(from_bytes(data)) == [sentence] * 3
    name = sentence.split()[1].encode(encoding)
    with pytest.raises(SourceError, match=r"line 1: it is not UTF-8, .* name it"):
        _texts(from_bytes(name))
    assert _texts(from_bytes(name, encoding=encoding.replace("cp", "Windows-"))) == [
        sentence.split()[1]
    ]


def test_a_letter_halved_between_two_blocks() -> None:
    data = b"x" * (256 * 1024 - 1) + "é\nž\n".encode()
    assert _texts(from_bytes(data))[1] == "ž"


def test_the_encoding_is_decided_where_the_first_foreign_letter_stands() -> None:
    data = b"plain\n" * 200_000 + "é\n".encode()
    source = from_bytes(data)
    assert _texts(source)[-1] == "é"
    assert source.encoding == "utf-8"


def test_a_damaged_byte_in_utf8_spoils_its_own_line_only() -> None:
    data = "žena\n".encode() * 20 + b"caf\xe9\n" + "ćud\n".encode() * 20
    texts = _texts(from_bytes(data))
    assert texts[20] == "caf\udce9"
    assert texts[21] == "ćud"


def test_a_wrongly_named_encoding_says_the_line() -> None:
    data = b"one\ntwo\n" + b"\x81\n"
    source = from_bytes(data, encoding="cp1252")
    seen = []
    with pytest.raises(SourceError, match="line 3: it is not cp1252 here"):
        seen.extend(text for _, text in source.text_lines())
    with pytest.raises(SourceError, match="not the name of a text encoding"):
        open_source("/etc/hostname", encoding="rot13")


def test_zero_bytes_are_not_a_text_but_may_be_a_bad_json_line() -> None:
    data = b"{}\n\0\0\0\n{}\n"
    with pytest.raises(SourceError, match="zero bytes"):
        _texts(from_bytes(data))
    assert [line.data for line in from_bytes(data).lines(guess=False)] == [b"{}", b"\0\0\0", b"{}"]


def test_a_line_without_end_is_cut_and_the_next_is_read() -> None:
    data = b"a\n" + b"x" * 5_000_000 + b"\nb\n"
    lines = list(from_bytes(gzip.compress(data), limits=_SMALL).lines())
    assert [(line.number, len(line.data), line.whole) for line in lines] == [
        (1, 1, True),
        (2, 1000, False),
        (3, 1, True),
    ]
    with pytest.raises(SourceError, match="line 2: it is longer than"):
        _texts(from_bytes(data, limits=_SMALL))


def test_two_gigabytes_in_one_line_hold_little_memory(tmp_path: Path) -> None:
    path = tmp_path / "endless.jsonl"
    with path.open("wb") as file:
        file.write(b"{}\n")
        file.truncate(2 * 1024**3)  # a hole, which takes no room on the disk
        file.seek(0, os.SEEK_END)
        file.write(b"\n{}\n")
    tracemalloc.start()
    with open_source(path) as source:
        seen = [(line.number, line.whole) for line in source.lines(guess=False)]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert seen == [(1, True), (2, False), (3, True)]
    assert peak < 64 * 1024**2


@given(st.lists(_TEXT, min_size=1), st.data())
def test_a_truncated_gzip_gives_what_came_before(lines: list[str], data: st.DataObject) -> None:
    packed = gzip.compress("".join(line + "\n" for line in lines).encode(), mtime=0)
    end = data.draw(st.integers(min_value=3, max_value=len(packed) - 1))
    seen: list[str] = []
    source = from_bytes(packed[:end], encoding="utf-8")
    with pytest.raises(SourceError, match="ends early") as raised:
        seen.extend(text for _, text in source.text_lines())
    assert seen == lines[: len(seen)]
    assert f"line {len(seen) + 1}:" in str(raised.value)


def test_a_gzip_damaged_within_says_so() -> None:
    packed = bytearray(gzip.compress(b"line\n" * 10_000))
    packed[-6] ^= 0xFF  # its checksum
    with pytest.raises(SourceError, match="damaged"):
        _texts(from_bytes(bytes(packed)))


def test_members_of_a_gzip_follow_each_other() -> None:
    packed = gzip.compress(b"a\nb") + gzip.compress(b"c\n") + b"\0" * 20
    assert _texts(from_bytes(packed)) == ["a", "bc"]


def _bomb(size: int) -> bytes:
    packer = zlib.compressobj(wbits=31)
    block = b"\n" * 1_000_000
    return b"".join(packer.compress(block) for _ in range(size // len(block))) + packer.flush()


def test_a_zip_bomb_is_stopped() -> None:
    with pytest.raises(SourceError, match="zip bomb"):
        from_bytes(_bomb(90_000_000)).document()
    with pytest.raises(SourceError, match="more than the 100,000 bytes allowed"):
        for _ in from_bytes(_bomb(1_000_000), limits=Limits(unpacked=100_000)).lines():
            pass


def test_a_document_has_a_limit() -> None:
    assert from_bytes(b"x" * 1000, limits=_SMALL).document() == b"x" * 1000
    with pytest.raises(SourceError, match="larger than"):
        from_bytes(b"x" * 1001, limits=_SMALL).document()


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"PK\x03\x04rest", "ZIP archive"),
        (b"BZh91AY", "bzip2"),
        (b"%PDF-1.7", "PDF"),
        (gzip.compress(gzip.compress(b"x", mtime=0), mtime=0), "packed twice"),
    ],
)
def test_other_containers_are_named(data: bytes, kind: str) -> None:
    with pytest.raises(SourceError, match=kind):
        from_bytes(data)


def test_paths_that_cannot_be_read(tmp_path: Path) -> None:
    for path, reason in (
        (tmp_path, "directory"),
        (tmp_path / "none", "no such file"),
        (Path("/dev/zero"), "device"),
        (Path("a\0b"), "cannot be opened"),
    ):
        with pytest.raises(SourceError, match=reason):
            open_source(path)
    with pytest.raises(SourceError, match="only http and https"):
        open_source("ftp://example.org/x")
    with pytest.raises(SourceError) as raised:
        open_source("http://user:secret@127.0.0.1/")
    assert "secret" not in str(raised.value)


def test_a_file_without_permission(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path, mode: str) -> None:
        raise PermissionError(13, "Permission denied", path)

    # Not by chmod, which does not bind root.
    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(SourceError, match="closed: you may not read it"):
        open_source("closed")


def test_a_disk_that_fails_while_reading() -> None:
    class Failing(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            if self.tell():
                raise OSError(5, "Input/output error")
            return super().read(6)

    source = Source(Failing(b"one\ntwo\nthree"), "disk")
    seen = []
    with pytest.raises(SourceError, match=r"disk, line 2: .*Input/output error"):
        seen.extend(text for _, text in source.text_lines())


def test_the_head_can_be_looked_at_before_reading() -> None:
    source = from_bytes(gzip.compress(b"a\nb\n"))
    assert source.head == b"a\nb\n"
    assert _texts(source) == ["a", "b"]
