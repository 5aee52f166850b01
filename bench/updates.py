"""From publishing to being found: the real verbs, the real worker, another process that looks.

    python -m bench.updates [--size N] [--updates N] [--record NAME]

The store holds 20,000 synthetic stories, the index a million others beside them: what an update
costs depends on the index. A story is published as the desk does it, the worker (`dateline work`,
a process of its own) finds it in the outbox and indexes it, and this process asks the archive for
a word of its headline, every half millisecond, until it is found. Counted from the moment the verb
has returned (its transaction is committed); what the verb itself took is given beside it.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

from bench import building, results, site, synthetic
from bench.corpora import synthetic_corpus
from bench.measuring import percentile

STORE = 20_000


def main() -> int:
    """Prepare the newsroom and its large index, publish, print, and write the results."""
    parser = argparse.ArgumentParser(prog="python -m bench.updates")
    parser.add_argument("--size", type=int, default=1_000_000, help="documents in the index")
    parser.add_argument("--updates", type=int, default=200)
    parser.add_argument("--record", metavar="NAME", help="write docs/benchmarks/NAME.json")
    arguments = parser.parse_args()
    data = _prepared(arguments.size)
    worker = [sys.executable, "-m", "dateline.cli", "work"]
    with site.running(worker, site.environment(data)):
        measured = json.loads(_within(data, "publish", str(arguments.updates)))
    shutil.rmtree(data)
    outcome = {
        "size": arguments.size,
        "store": STORE,
        "updates": arguments.updates,
        **{name: _summary(seconds) for name, seconds in measured.items()},
    }
    print(json.dumps(outcome, indent=1))
    name = arguments.record or f"updates-{arguments.size}"
    print("written to", results.write(name, outcome, record=bool(arguments.record)).name)
    return 0


def _prepared(size: int) -> Path:
    """A copy of a filled newsroom whose index is a copy of the large one, brought up to date."""
    corpus = synthetic_corpus(size, body=synthetic.BODY)
    building.ensure(corpus, "dateline")
    source = site.filled(STORE)
    data = building.store() / "updates"
    shutil.rmtree(data, ignore_errors=True)
    shutil.copytree(source, data)
    large = building.folder_of(corpus, "dateline") / "archive.sqlite3"
    for left in data.glob("archive.sqlite3*"):
        left.unlink()
    shutil.copyfile(large, data / "archive.sqlite3")
    with sqlite3.connect(data / "dateline.sqlite3") as store:
        # New stories get ids that the index does not know yet.
        store.execute(
            "UPDATE sqlite_sequence SET seq = ? WHERE name = 'stories_story'", (2 * size,)
        )
    _within(data, "follow")
    return data


def _within(data: Path, *arguments: str) -> bytes:
    """Run bench.updates_within in the newsroom's environment; what it printed."""
    command = [sys.executable, "-m", "bench.updates_within", *arguments]
    done = subprocess.run(command, env=site.environment(data), stdout=subprocess.PIPE, check=True)
    return done.stdout


def _summary(seconds: list[float]) -> dict[str, float]:
    return {f"p{share}": percentile(seconds, share) for share in (50, 95, 99, 100)}


if __name__ == "__main__":
    sys.exit(main())
