"""How answers slow down as the archive grows: the same questions from 10,000 to 3,000,000 stories.

    python -m bench.growth [--largest N] [--peers dateline,tantivy] [--record NAME]

Each size in a process of its own, interleaved as peers are (bench.measuring). Bodies have 60 words
at every size, so that nothing but the number of stories differs.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import asdict
from typing import Any

from bench import building, measuring, results, synthetic
from bench.corpora import Corpus, synthetic_corpus
from bench.measuring import Contestant
from bench.peers.base import Unavailable

SIZES = (10_000, 30_000, 100_000, 300_000, 1_000_000, 3_000_000)
CAP = 2.0
LARGEST_OF_OTHERS = 1_000_000
"""Where the curves of other engines end: what they are compared at."""


def main() -> int:
    """Build what is missing, ask, print, and write the results."""
    parser = argparse.ArgumentParser(prog="python -m bench.growth")
    parser.add_argument("--largest", type=int, default=SIZES[-1])
    parser.add_argument("--peers", default="dateline,tantivy")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--record", metavar="NAME", help="write docs/benchmarks/NAME.json")
    arguments = parser.parse_args()
    sizes = [size for size in SIZES if size <= arguments.largest]
    outcome = {
        key: _curve(key, _sizes(key, sizes), arguments.rounds) for key in arguments.peers.split(",")
    }
    _print(outcome)
    name = arguments.record or "growth"
    print(
        "written to", results.write(name, {"curves": outcome}, record=bool(arguments.record)).name
    )
    return 0


def _curve(key: str, sizes: list[int], rounds: int) -> list[dict[str, Any]]:
    """What was measured at each size, smallest first, up to one that cannot be built."""
    points: list[dict[str, Any]] = []
    contestants: list[Contestant] = []
    try:
        for size in sizes:
            corpus = _corpus(size)
            build = building.ensure(corpus, key)
            one = Contestant(key, building.folder_of(corpus, key), f"{key} {size}")
            contestants.append(one)
            points.append({"size": size, "build": build, "opened": asdict(one.open())})
    except Unavailable as reason:
        print(f"{key} ends at {len(points)} sizes: {reason}")
    try:
        measuring.run(contestants, synthetic.questions(), rounds=rounds, cap=CAP)
        for point, one in zip(points, contestants, strict=False):
            point["kinds"] = {kind: timed.summary() for kind, timed in one.times.items()}
            point["after"] = asdict(one.memory())
    finally:
        for one in contestants:
            one.close()
    return [point for point in points if "kinds" in point]


def _sizes(key: str, sizes: list[int]) -> list[int]:
    return [size for size in sizes if key == "dateline" or size <= LARGEST_OF_OTHERS]


def _corpus(size: int) -> Corpus:
    return synthetic_corpus(size, body=synthetic.BODY)


def _print(outcome: dict[str, list[dict[str, Any]]]) -> None:
    for key, points in outcome.items():
        print(f"\n{key}: p50/p95 in ms")
        for kind in synthetic.KINDS:
            line = "  ".join(
                f"{point['kinds'][kind]['p50']:8.2f}/{point['kinds'][kind]['p95']:<8.2f}"
                for point in points
            )
            print(f"  {kind:<18} {line}")


if __name__ == "__main__":
    sys.exit(main())
