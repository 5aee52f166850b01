"""How fast stories come in and are found: the Swiss federal news, imported and indexed.

    python bench/import_swiss.py [FILE]

The importer and a process that follows it with the index run side by side, as they do under
`dateline run`, in a scratch newsroom that is removed afterwards. Beside their time stands the
floor: the same rows, already prepared, put into the same tables by plain `sqlite3`.
"""

from __future__ import annotations

import os
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TABLES = (
    "stories_story",
    "publishing_version",
    "stories_story_offices",
    "stories_story_topics",
    "publishing_change",
)


def main() -> int:
    """Run the trial and print its figures."""
    given = os.environ.get("DATELINE_TEST_DATA", str(ROOT.parent / "shared"))
    path = Path(sys.argv[1] if len(sys.argv) > 1 else f"{given}/data/swiss-federal-news.jsonl.gz")
    if not path.exists():
        print(f"skipped: no {path} (set DATELINE_TEST_DATA to the folder that holds data/)")
        return 0
    scratch = Path(tempfile.mkdtemp(prefix="dateline-bench-"))
    try:
        _report(path, scratch)
    finally:
        shutil.rmtree(scratch)
    return 0


def _report(path: Path, scratch: Path) -> None:
    _run(scratch, "-m", "django", "migrate", "--verbosity=0")
    began = time.monotonic()
    follower = _start(scratch, "follow", str(scratch / "imported"))
    _run(scratch, str(Path(__file__)), "import", str(path))
    imported = time.monotonic() - began
    (scratch / "imported").touch()
    if follower.wait():
        raise SystemExit("the follower failed")
    indexed = time.monotonic() - began
    stories, floor = _floor(scratch)
    print(f"\n{stories:,} stories on {os.cpu_count()} cores")
    print(f"  import alone done after  {imported:6.1f} s  {stories / imported:8,.0f} stories/s")
    print(f"  import and index         {indexed:6.1f} s  {stories / indexed:8,.0f} stories/s")
    print(f"  floor: plain inserts     {floor:6.1f} s  {stories / floor:8,.0f} stories/s")


def _environment(scratch: Path) -> dict[str, str]:
    own = {name: value for name, value in os.environ.items() if not name.startswith("DATELINE_")}
    return own | {
        "DATELINE_DATA": str(scratch),
        "DJANGO_SETTINGS_MODULE": "dateline.settings",
        "PYTHONPATH": str(ROOT),
    }


def _run(scratch: Path, *arguments: str) -> None:
    subprocess.run([sys.executable, *arguments], env=_environment(scratch), check=True)


def _start(scratch: Path, *arguments: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, str(Path(__file__)), *arguments]
    return subprocess.Popen(command, env=_environment(scratch))


def _floor(scratch: Path) -> tuple[int, float]:
    """Put the rows the import wrote into empty copies of their tables, in as many transactions."""
    source, target = scratch / "dateline.sqlite3", scratch / "floor.sqlite3"
    with closing(sqlite3.connect(source)) as store:
        rows = {table: store.execute(f"SELECT * FROM {table}").fetchall() for table in TABLES}
        schema = store.execute(
            f"SELECT sql FROM sqlite_master WHERE tbl_name IN {TABLES} AND sql IS NOT NULL"
        ).fetchall()
    with closing(sqlite3.connect(target, isolation_level=None)) as store:
        store.execute("PRAGMA journal_mode=WAL")
        store.execute("PRAGMA synchronous=NORMAL")
        for (statement,) in schema:
            store.execute(statement)
        began = time.monotonic()
        for table, held in rows.items():
            _insert(store, table, held)
        return len(rows["stories_story"]), time.monotonic() - began


def _insert(store: sqlite3.Connection, table: str, rows: Sequence[tuple[object, ...]]) -> None:
    marks = ", ".join("?" * len(rows[0])) if rows else ""
    for start in range(0, len(rows), 500):
        store.execute("BEGIN IMMEDIATE")
        store.executemany(f"INSERT INTO {table} VALUES ({marks})", rows[start : start + 500])
        store.execute("COMMIT")


def follow(done: str) -> None:
    """Follow the outbox with the index until the import has ended and nothing is left."""
    import django

    django.setup()
    from dateline.archive import follow as follower
    from dateline.archive import index

    applied = 0
    while True:
        ended = Path(done).exists()
        step = follower.catch_up(index.engine())
        applied += step
        if ended and not step:
            break
        time.sleep(0 if step else 0.05)
    _account(f"index, {applied:,} changes")


def bring(path: str) -> None:
    """Import one file."""
    import django

    django.setup()
    from dateline import importing

    report = importing.run(path)
    _account(f"import, {report.created:,} created, {report.rejected:,} rejected")


def _account(what: str) -> None:
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(
        f"{what}: {used.ru_utime + used.ru_stime:.1f} s of processor, "
        f"{used.ru_maxrss / 1024:,.0f} MB of memory at most, mapped files included"
        f"{_own_memory()}",
        flush=True,
    )


def _own_memory() -> str:
    """What is the process's own at the end, without the database's pages mapped from disk."""
    status = Path("/proc/self/status")
    if not status.exists():
        return ""
    own = next(line for line in status.read_text().splitlines() if line.startswith("RssAnon"))
    return f"; {int(own.split()[1]) / 1024:,.0f} MB its own at the end"


if __name__ == "__main__":
    if sys.argv[1:2] == ["follow"]:
        follow(sys.argv[2])
    elif sys.argv[1:2] == ["import"]:
        bring(sys.argv[2])
    else:
        sys.exit(main())
