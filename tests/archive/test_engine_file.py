"""What the embedded engine's file survives, and what several threads and processes see of it."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from indexes import ZONE, find, story

from dateline.archive.engines.base import Document, Engine, EngineError, IndexUnusable, Search
from dateline.archive.engines.embedded import EmbeddedEngine, merging, schema
from dateline.archive.keywords import parse

ROOT = Path(__file__).parents[2]


def test_the_embedded_engine_is_an_engine(path: Path) -> None:
    engine: Engine = EmbeddedEngine(path, ZONE)
    assert engine.cursor() == 0
    assert engine.stamp() == 0
    assert engine.search(Search()).total == 0
    engine.close()


def test_the_same_again_changes_nothing(engine: EmbeddedEngine, path: Path) -> None:
    engine.apply([story(1, "peace")], [], 1)
    engine.apply([story(1, "peace")], [2], 2)
    assert engine.cursor() == 2
    with sqlite3.connect(path) as db:
        assert db.execute("SELECT count(*) FROM log").fetchone() == (1,)


def test_a_failed_change_leaves_everything_as_it_was(engine: EmbeddedEngine) -> None:
    engine.apply([story(1, "peace")], [], 1)

    def puts() -> Iterator[Document]:
        yield from (story(n, "war") for n in range(2, 4000))
        raise RuntimeError("the store went away")

    with pytest.raises(RuntimeError):
        engine.apply(puts(), [1], 2)
    assert (engine.cursor(), find(engine), find(engine, "war")) == (1, [1], [])
    engine.apply([story(2, "war")], [], 2)
    assert find(engine, "war") == [2]


def test_another_process_sees_changes_folds_and_rebuilds_at_its_next_search(path: Path) -> None:
    writer, reader = (
        EmbeddedEngine(path, ZONE, late_limit=3, aside=False),
        EmbeddedEngine(path, ZONE),
    )
    for step in range(1, 30):
        writer.apply([story(step, "peace", instant=-step)], [step - 7], step)
        assert (
            find(reader, "peace")
            == find(writer, "peace")
            == list(range(max(1, step - 6), step + 1))
        )
        assert reader.cursor() == step
    writer.rebuild([story(5, "war")], 77)
    assert (find(reader, "peace"), find(reader, "war"), reader.cursor()) == ([], [5], 77)
    writer.close()
    reader.close()


def test_a_reader_too_far_behind_the_log_reads_everything_anew(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dateline.archive.engines.embedded.writing.LOG_LENGTH", 2)
    writer, reader = EmbeddedEngine(path, ZONE), EmbeddedEngine(path, ZONE)
    for step in range(1, 5):
        assert find(reader) == list(range((step - 1) * 5, 0, -1))
        writer.apply([story(n) for n in range(step * 5 - 4, step * 5 + 1)], [], step)
    writer.close()
    reader.close()


def test_the_stamp_grows_with_the_vocabulary_and_with_every_new_file(
    engine: EmbeddedEngine,
) -> None:
    stamps = [engine.stamp()]
    engine.apply([], [], 1, vocabulary_changed=True)
    stamps.append(engine.stamp())
    engine.rebuild([], 2)
    stamps.append(engine.stamp())
    engine.apply([story(1)], [], 3)
    assert engine.stamp() == stamps[-1]
    assert stamps == sorted(set(stamps))


def test_families_set_later_count_what_is_held(engine: EmbeddedEngine) -> None:
    engine.apply(
        [story(1, facets={"office": ("7", "7")}), story(2, facets={"office": ("8",)})], [], 1
    )
    assert engine.search(Search()).counts["office"] == {"7": 1, "8": 1}
    engine.set_families({"office": {"1": frozenset("178"), "8": frozenset("8")}})
    assert engine.search(Search()).counts["office"] == {"1": 2, "7": 1, "8": 1}
    engine.apply([story(1, "new", facets={"office": ()})], [], 2)
    assert engine.search(Search()).counts["office"] == {"1": 1, "8": 1}
    assert find(engine, selections={"office": frozenset("1")}) == [2]


def test_what_is_held_can_be_compared_with_the_store(engine: EmbeddedEngine) -> None:
    one, two = story(1, "peace", expires=9), story(2, "war", "de", facets={"topic": ("b", "a")})
    engine.apply([two, one], [], 1)
    entries = list(engine.documents())
    assert [entry.id for entry in entries] == [1, 2]
    assert engine.get([2, 3]) == {2: entries[1]}
    assert [entry.fingerprint for entry in entries] == [one.fingerprint(), two.fingerprint()]
    assert two.fingerprint() == replace(two, facets={"topic": ("a", "b")}).fingerprint()
    assert two.fingerprint() != replace(two, facets={"topic": ("a",)}).fingerprint()


@pytest.mark.parametrize("content", [b"", b"no database at all, but long enough to look" * 200])
def test_a_file_that_is_no_index_says_so_and_can_be_rebuilt(path: Path, content: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    engine = EmbeddedEngine(path, ZONE)
    for use in (lambda: engine.search(Search()), engine.cursor, lambda: engine.apply([], [], 1)):
        with pytest.raises(IndexUnusable, match="dateline reindex"):
            use()
    engine.rebuild([story(1)], 3)
    assert (find(engine), engine.cursor()) == ([1], 3)
    assert engine.stamp() > 0
    engine.close()


def test_a_file_of_another_version_says_so(engine: EmbeddedEngine, path: Path) -> None:
    engine.apply([story(1)], [], 1)
    with sqlite3.connect(path) as db:
        db.execute(f"PRAGMA user_version = {schema.VERSION + 1}")
    with pytest.raises(IndexUnusable, match=f"format {schema.VERSION + 1}.*dateline reindex"):
        EmbeddedEngine(path, ZONE).cursor()


def test_a_torn_file_says_so(engine: EmbeddedEngine, path: Path) -> None:
    engine.rebuild([story(n, f"peace {n} " * 50) for n in range(300)], 1)
    engine.close()
    whole = path.read_bytes()
    path.resolve().write_bytes(whole[: len(whole) // 3])
    with pytest.raises(IndexUnusable, match="dateline reindex"):
        find(engine, "peace")


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ("UPDATE base SET documents = zeroblob(8) WHERE term = {peace}", "“peace”"),
        ("UPDATE weight SET impacts = zeroblob(length(impacts)) WHERE term = {peace}", "“peace”"),
        ("UPDATE spot SET positions = x'00' WHERE key >> 16 = {peace}", "“peace”"),
        ("DELETE FROM base WHERE term = {peace}", "“peace”"),
        ("DELETE FROM frequency WHERE term = {peace}", "2 rows of postings belong to no term"),
        ("UPDATE held SET data = zeroblob(8) WHERE name = 'expiry'", "the array expiry"),
        ("UPDATE beginning SET documents = x'00'", "the beginning "),
        ("UPDATE place SET instant = 1 WHERE slot = 3", "the place 3"),
        ("DELETE FROM place WHERE slot = 3", "the place 3"),
        ("UPDATE tail SET documents = x'0b0001' WHERE key & 0xffff = {peace}", "“peace”"),
        ("UPDATE tail SET positions = x'00000000' WHERE key & 0xffff = {peace}", "“peace”"),
        ("DELETE FROM tail WHERE key & 0xffff = {peace}", "“peace”"),
        ("DELETE FROM content WHERE slot = 11", "place 11 has no content"),
    ],
)  # fmt: skip
def test_damage_within_rows_is_named(
    engine: EmbeddedEngine, path: Path, monkeypatch: pytest.MonkeyPatch, change: str, named: str
) -> None:
    monkeypatch.setattr(merging, "MANY", 1)
    engine.rebuild([story(n, f"peace word{n}", expires=9**9) for n in range(1, 11)], 1)
    engine.apply([story(n, f"peace word{n}") for n in range(11, 21)], [15], 2)
    assert list(engine.damage()) == []
    engine.close()
    with closing(sqlite3.connect(path)) as db:
        peace = db.execute("SELECT id FROM term WHERE text = 'peace'").fetchone()[0]
        changed = db.execute(change.format(peace=peace)).rowcount
        db.commit()
    assert changed
    assert any(named in fault for fault in engine.damage())


def test_damage_of_a_page_is_named(engine: EmbeddedEngine, path: Path) -> None:
    engine.rebuild([story(n, f"peace {n}", body=f"word{n} " * 90) for n in range(300)], 1)
    engine.close()
    whole = bytearray(path.read_bytes())
    page = 8192 * (len(whole) // 8192 // 2)
    whole[page : page + 100] = bytes(100)
    path.resolve().write_bytes(whole)
    assert list(engine.damage()) != []


def test_a_file_that_cannot_be_written_asks_for_no_rebuild(
    engine: EmbeddedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine.apply([story(1)], [], 1)

    def full(*_: object) -> None:
        error = sqlite3.OperationalError("database or disk is full")
        error.sqlite_errorcode = sqlite3.SQLITE_FULL
        raise error

    monkeypatch.setattr("dateline.archive.engines.embedded.writing.put", full)
    with pytest.raises(EngineError, match="disk is full") as caught:
        engine.apply([story(2)], [], 2)
    assert not isinstance(caught.value, IndexUnusable)
    monkeypatch.setattr("dateline.archive.engines.embedded.rebuilding.build", full)
    with pytest.raises(EngineError, match="disk is full"):
        engine.rebuild([story(3)], 3)
    assert find(engine) == [1]


def test_deleting_the_index_makes_an_empty_one(engine: EmbeddedEngine, path: Path) -> None:
    engine.apply([story(1)], [], 5)
    path.unlink()
    assert (engine.cursor(), find(engine)) == (0, [])


def test_a_copy_of_the_file_goes_on_where_the_original_was(
    engine: EmbeddedEngine, path: Path, tmp_path: Path
) -> None:
    engine.rebuild([story(1)], 5)
    copy = tmp_path / "copy.sqlite3"
    copy.write_bytes(path.read_bytes())
    other = EmbeddedEngine(copy, ZONE)
    assert (other.cursor(), find(other)) == (5, [1])
    other.rebuild([story(1), story(2)], 6)
    assert (other.cursor(), find(other)) == (6, [2, 1])
    other.close()


def test_nothing_is_left_beside_the_index_but_its_locks(path: Path) -> None:
    engine = EmbeddedEngine(path, ZONE, late_limit=0, aside=False)
    (path.parent).mkdir()
    path.with_name("archive.sqlite3.spool-00000000").write_bytes(b"left by a crash")
    for step in range(5):
        engine.apply([story(step, instant=-step)], [], step)
    engine.rebuild([story(1)], 9)
    engine.close()
    names = sorted(file.name for file in path.parent.iterdir())
    assert names == [
        "archive.sqlite3",
        path.resolve().name,
        "archive.sqlite3.rebuild.lock",
        "archive.sqlite3.write.lock",
    ]


def test_threads_see_whole_changes_only(path: Path) -> None:
    """Each change puts one more story of every group; a reader must find all groups equal."""
    shared, others = (
        EmbeddedEngine(path, ZONE, late_limit=20, aside=False),
        EmbeddedEngine(path, ZONE),
    )
    failures: list[object] = []
    done = threading.Event()

    def read(engine: EmbeddedEngine) -> None:
        while not done.is_set():
            result = engine.search(Search(clauses=parse("peace"), languages=("en",)))
            counts = result.counts.get("topic", {})
            if len(set(counts.values())) > 1 or result.total != 5 * next(iter(counts.values()), 0):
                failures.append(result)

    readers = [threading.Thread(target=read, args=(e,)) for e in (shared, shared, others)]
    for reader in readers:
        reader.start()
    for step in range(60):
        ids = range(step * 5, step * 5 + 5)
        puts = [story(i, "peace", instant=-(i % 97), facets={"topic": (str(i % 5),)}) for i in ids]
        shared.apply(puts, [], step)
        if step == 30:
            others.rebuild(puts, step)
    done.set()
    for reader in readers:
        reader.join()
    shared.close()
    others.close()
    assert not failures


def test_a_forked_process_opens_the_index_for_itself(engine: EmbeddedEngine) -> None:
    engine.apply([story(1)], [], 1)
    assert find(engine) == [1]
    child = os.fork()
    if child == 0:
        os._exit(0 if find(engine) == [1] else 1)
    assert os.waitpid(child, 0)[1] == 0
    engine.apply([story(2)], [], 2)
    assert find(engine) == [2, 1]


# Puts batch after batch for ever: batch n is stories n*40 … n*40+39, and takes the batch before
# the last one out; at times it renumbers or rebuilds.
WRITER = """
import sys
from pathlib import Path
from zoneinfo import ZoneInfo
from dateline.archive.engines.base import Document
from dateline.archive.engines.embedded import EmbeddedEngine

def batch(n):
    ids = range(n * 40, n * 40 + 40)
    return [Document(i, i, "en", -i if n % 3 else i, f"word{n} peace {i}") for i in ids]

engine = EmbeddedEngine(Path(sys.argv[1]), ZoneInfo("UTC"), late_limit=60, aside=False)
print("ready", flush=True)
while True:
    n = engine.cursor() + 1
    if n % 7 == 0:
        engine.rebuild([d for m in (n - 1, n) for d in batch(m)], n)
    else:
        engine.apply(batch(n), [d.id for d in batch(n - 2)] if n > 1 else [], n)
"""


def test_a_writer_killed_at_any_moment_leaves_cursor_and_content_agreed(path: Path) -> None:
    reader = EmbeddedEngine(path, ZONE)
    chance = random.Random(11)
    reached: list[int] = []
    while len(reached) < 12 or reached[-1] == reached[0]:
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(path)], cwd=ROOT, stdout=subprocess.PIPE
        )
        assert writer.stdout is not None
        assert writer.stdout.readline() == b"ready\n"
        until = chance.random() * 0.3
        threading.Event().wait(until)  # the moment of the kill is the test's point, not a pause
        writer.send_signal(signal.SIGKILL)
        writer.wait()
        writer.stdout.close()
        for engine in (reader, EmbeddedEngine(path, ZONE)):
            n = engine.cursor()
            live = set(range((n - 1) * 40 if n > 1 else 40, n * 40 + 40)) if n else set()
            assert {entry.id for entry in engine.documents()} == live
            assert set(find(engine, "peace")) == live
            assert set(find(engine, f"word{n}")) == {i for i in live if i // 40 == n}
            assert find(engine, f"word{n - 2}") == []
        engine.close()
        with sqlite3.connect(path) as db:
            assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        reached.append(n)
    reader.close()


def test_an_index_is_folded_by_a_process_of_its_own_while_others_use_it(path: Path) -> None:
    writer, reader = EmbeddedEngine(path, ZONE, late_limit=10), EmbeddedEngine(path, ZONE)
    before = None
    step = 0
    while before is None or path.resolve() == before:
        step += 1
        writer.apply([story(step, "peace", instant=-step)], [step - 5], step)
        before = before or path.resolve()
        assert find(reader, "peace") == list(range(max(1, step - 4), step + 1))
    assert (writer.cursor(), reader.cursor()) == (step, step)
    assert list(reader.damage()) == []
    writer.close()
    reader.close()


def test_who_is_not_to_wait_folds_nothing_that_another_folds(
    engine: EmbeddedEngine, path: Path
) -> None:
    engine.apply([story(1)], [], 1)
    with schema.locked(path, "rebuild"), pytest.raises(BlockingIOError):
        engine.fold(wait=False)
