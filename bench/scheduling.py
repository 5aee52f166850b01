"""Five hundred stories due in the same second, while people go on saving: how late is each?

    python -m bench.scheduling [--stories N] [--edits N] [--record NAME]

A newsroom of 3,000 synthetic stories, the real worker (`dateline work`, a process of its own), and
another process that saves and publishes fifty edits meanwhile. This process asks the archive, as
the website does, which of the stories it shows; a story is public when the list has it. Lateness
is counted from the moment all were scheduled for. In the same run one story is scheduled alone,
twenty times: what the thread's waking costs when nothing else is due.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
from pathlib import Path

from bench import building, results, site
from bench.measuring import percentile

STORE = 3_000


def main() -> int:
    """Prepare a copy of a newsroom, schedule, watch, print, and write the results."""
    parser = argparse.ArgumentParser(prog="python -m bench.scheduling")
    parser.add_argument("--stories", type=int, default=500)
    parser.add_argument("--edits", type=int, default=50)
    parser.add_argument("--alone", type=int, default=20)
    parser.add_argument("--record", metavar="NAME", help="write docs/benchmarks/NAME.json")
    arguments = parser.parse_args()
    data = building.store() / "scheduling"
    shutil.rmtree(data, ignore_errors=True)
    shutil.copytree(site.filled(STORE), data)
    worker = [sys.executable, "-m", "dateline.cli", "work"]
    with site.running(worker, site.environment(data)):
        alone = json.loads(_within(data, "alone", str(arguments.alone)))
        together = json.loads(_together(data, arguments.stories, arguments.edits))
    outcome = {
        "store": STORE,
        "stories": arguments.stories,
        "edits": arguments.edits,
        "alone": _summary(alone),
        "together": _summary(together["public"]),
        "edit": _summary(together["edits"]),
    }
    print(json.dumps(outcome, indent=1))
    name = arguments.record or "scheduling"
    print("written to", results.write(name, outcome, record=bool(arguments.record)).name)
    return 0


def _together(data: Path, stories: int, edits: int) -> str:
    """The trial proper: what `bench.scheduling_within` saw, with its editor beside it."""
    return _within(data, "together", str(stories), str(edits))


def _within(data: Path, *arguments: str) -> str:
    command = [sys.executable, "-m", "bench.scheduling_within", *arguments]
    done = subprocess.run(
        command, env=site.environment(data), stdout=subprocess.PIPE, check=True, text=True
    )
    return done.stdout.splitlines()[-1]


def _summary(seconds: list[float]) -> dict[str, float]:
    return {
        "n": len(seconds),
        **{f"p{share}": percentile(seconds, share) for share in (50, 95, 100)},
    }


if __name__ == "__main__":
    sys.exit(main())
