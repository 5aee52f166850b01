"""The desk over 100,000 stories: list, search, form, save, first page; queries and times.

    python -m bench.desk [--size N] [--rounds N] [--record NAME]

In the process, through all middleware, signed in as an editor of one office and as administrator. A
small newsroom is asked the same, so that what grows with the archive shows.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from bench import building, results, site
from bench.measuring import percentile

SMALL = 3_000


def main() -> int:
    """Measure both newsrooms, each in a process of its own; print and write the results."""
    parser = argparse.ArgumentParser(prog="python -m bench.desk")
    parser.add_argument("--size", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=12)
    parser.add_argument("--record", metavar="NAME", help="write docs/benchmarks/NAME.json")
    arguments = parser.parse_args()
    outcome: dict[str, Any] = {"small": SMALL, "size": arguments.size}
    for name, size in (("at_small", SMALL), ("at_size", arguments.size)):
        outcome[name] = _measured(_copy(size), arguments.rounds)
    print(json.dumps(outcome, indent=1))
    name = arguments.record or f"desk-{arguments.size}"
    print("written to", results.write(name, outcome, record=bool(arguments.record)).name)
    return 0


def _copy(size: int) -> Path:
    """The newsroom's folder, to be written to: saving makes revisions."""
    data = building.store() / f"desk-{size}"
    subprocess.run(["rm", "-rf", str(data)], check=True)
    subprocess.run(["cp", "-r", str(site.filled(size)), str(data)], check=True)
    return data


def _measured(data: Path, rounds: int) -> dict[str, Any]:
    command = [sys.executable, "-m", "bench.desk_within", str(rounds)]
    done = subprocess.run(
        command, env=site.environment(data), stdout=subprocess.PIPE, check=True, text=True
    )
    measured: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    for held in measured.values():
        seconds = held.pop("seconds")
        held |= {"p50": percentile(seconds, 50), "worst": percentile(seconds, 100)}
    return measured


if __name__ == "__main__":
    sys.exit(main())
