"""What whole lists cost: a newsroom of synthetic stories in every form, each in a fresh process.

    python -m bench.exports [STORIES]

Printed for each form: its bytes; when the first came; time and processor time to the last; the
process's own memory when a tenth of the stories had been read, and at most (looked at every 500
stories and at the end). What stays flat between the two is held whatever the list's length. The
mapped pages of the database's file come on top, up to the 256 MB SQLite is told to map; the system
takes them back when it needs them.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench import machine, site

STORIES = 100_000
FORMS = ("csv", "ndjson", "parquet", "ninjs", "newsml", "zip")


def main() -> int:
    """Fill the newsroom, write every form of its whole list, print the figures."""
    if sys.argv[1:2] == ["--one"]:
        print(json.dumps(_measured(sys.argv[2], int(sys.argv[3]))))
        return 0
    size = int(sys.argv[1]) if len(sys.argv) > 1 else STORIES
    data = site.filled(size)
    print(f"{size:,} stories, every language, whole texts but for csv: {machine.describe()}\n")
    print("| form | MB | first byte, ms | total, s | processor, s | MB at a tenth | MB at most |")
    print("|---|---|---|---|---|---|---|")
    for form in FORMS:
        seen = _alone(data, form, size)
        print(
            f"| {form} | {seen['bytes'] / 1e6:.0f} | {seen['first'] * 1000:.0f}"
            f" | {seen['total']:.1f} | {seen['processor']:.1f}"
            f" | {seen['tenth']:.0f} | {seen['peak']:.0f} |",
            flush=True,
        )
    return 0


def _alone(data: Path, form: str, size: int) -> dict[str, Any]:
    """What `_measured` sees in a process of its own, whose memory nothing else has touched."""
    command = [sys.executable, "-m", "bench.exports", "--one", form, str(size)]
    done = subprocess.run(
        command, env=site.environment(data), capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(done.stderr[-1000:])
    seen: dict[str, Any] = json.loads(done.stdout)
    return seen


def _measured(form: str, size: int) -> dict[str, float]:
    import django

    django.setup()
    from django.conf import settings
    from django.test import RequestFactory

    from dateline.archive import endings, walk
    from dateline.archive.query import Query

    ending = endings.get(form)
    assert ending
    first_language, *_ = settings.NEWSROOM.languages
    query = Query(first_language, selections=(("language", tuple(settings.NEWSROOM.languages)),))
    request = RequestFactory().get(query.path(form))
    memory: list[float] = []
    rows = walk.every_row

    def watched(*asked: Any, **options: Any) -> Iterator[Any]:
        for count, row in enumerate(rows(*asked, **options)):
            if count and count % 500 == 0:
                memory.append(machine.own_memory()["own"])
            yield row

    walk.every_row = watched
    used, began = time.process_time(), time.perf_counter()
    pieces = map(len, ending.respond(request, query))  # type: ignore[arg-type]
    total = next(pieces)
    first = time.perf_counter() - began
    total += sum(pieces)
    return {
        "bytes": total,
        "first": first,
        "total": time.perf_counter() - began,
        "processor": time.process_time() - used,
        "tenth": max(memory[: size // 10 // 500]),
        "peak": max(*memory, machine.own_memory()["own"]),
    }


if __name__ == "__main__":
    os.chdir(site.ROOT)
    raise SystemExit(main())
