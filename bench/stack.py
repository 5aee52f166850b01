"""The whole stack: a newsroom of 100,000 stories behind the real server, asked over HTTP.

    python -m bench.stack [--size N] [--seconds S] [--record NAME]

Listing, filtered listing, words, story and Atom feed, each address asked once ("uncached": nothing
in the server remembers pages, and no address is repeated), then asked again with its ETag
("revalidated"). In the same run: the plain view of bench.floor, and Datasette's page with facets.
One connection at a time gives the times, eight at once the requests a second.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from bench import building, load, results, site
from bench.corpora import synthetic_corpus
from bench.load import Address
from bench.peers.with_datasette import FACETED, Datasette

WORKERS = 2
CONNECTIONS = 8
MOST = 3000
"""Addresses of each kind: enough that time ends first."""


def main() -> int:
    """Fill, serve, ask, print, and write the results."""
    parser = argparse.ArgumentParser(prog="python -m bench.stack")
    parser.add_argument("--size", type=int, default=100_000)
    parser.add_argument("--seconds", type=float, default=8.0, help="for each figure")
    parser.add_argument("--record", metavar="NAME", help="write docs/benchmarks/NAME.json")
    arguments = parser.parse_args()
    data = site.filled(arguments.size)
    asked = addresses(data, arguments.size)
    outcome: dict[str, Any] = {"size": arguments.size, "workers": WORKERS, "kinds": {}}
    with site.served(data, WORKERS) as port, site.plainly_served(data, WORKERS) as plain:
        for name, paths in asked.items():
            outcome["kinds"][name] = _uncached(port, paths, arguments.seconds)
            if name == "listing":
                outcome["kinds"]["plain view, same template"] = _floor(
                    plain, paths, arguments.seconds
                )
            outcome["kinds"][f"{name}, revalidated"] = _revalidated(port, paths, arguments.seconds)
    outcome["kinds"]["Datasette, facet page"] = _datasette(arguments.size, arguments.seconds)
    outcome["targets"] = targets(outcome["kinds"])
    _print(outcome)
    name = arguments.record or f"stack-{arguments.size}"
    print("written to", results.write(name, outcome, record=bool(arguments.record)).name)
    return 0


def addresses(data: Path, size: int) -> dict[str, list[str]]:
    """Paths of each kind, all different, as the newsroom itself writes them."""
    told = subprocess.run(
        [sys.executable, "-m", "bench.addresses", str(MOST)],
        env=site.environment(data),
        capture_output=True,
        check=True,
    )
    found: dict[str, list[str]] = json.loads(told.stdout)
    draw = random.Random(3)
    return {name: draw.sample(paths, len(paths)) for name, paths in found.items()}


def _uncached(port: int, paths: Sequence[str], seconds: float) -> dict[str, Any]:
    half = len(paths) // 4
    load.run(port, [Address(path) for path in paths[-40:]], 4, seconds)  # both processes awake
    alone = load.run(port, [Address(path) for path in paths[:half]], 1, seconds)
    many = load.run(port, [Address(path) for path in paths[half:-40]], CONNECTIONS, seconds)
    return {"alone": alone.summary(), "many": many.summary()}


def _revalidated(port: int, paths: Sequence[str], seconds: float) -> dict[str, Any]:
    """As often as time allows, over a hundred addresses: a 304 leaves nothing to remember."""
    known = load.etags(port, paths[:100])
    many = (known * (1 + 60 * MOST // max(1, len(known))))[: 60 * MOST]
    return {
        "alone": load.run(port, many, 1, seconds / 2).summary(),
        "many": load.run(port, many, CONNECTIONS, seconds / 2).summary(),
    }


def _floor(port: int, paths: Sequence[str], seconds: float) -> dict[str, Any]:
    """Warm: each page was asked for until both processes hold all of them ready."""
    ready = [Address("/floor" + path) for path in paths[:100]]
    load.run(port, ready * 12, CONNECTIONS, 60)
    many = ready * 200
    return {
        "alone": load.run(port, many, 1, seconds).summary(),
        "many": load.run(port, many, CONNECTIONS, seconds).summary(),
    }


def _datasette(size: int, seconds: float) -> dict[str, Any]:
    """The HTML page with the same facets, filtered by an office and a topic."""
    corpus = synthetic_corpus(size)
    building.ensure(corpus, "datasette")
    peer = Datasette(building.folder_of(corpus, "datasette"))
    draw = random.Random(4)
    paths = []
    for _ in range(MOST):
        office, topic = draw.randint(1, 60), draw.randint(1, 40)
        wheres = [
            f"id in (select story from story_office where office = '{office}')",
            f"id in (select story from story_topic where topic = '{topic}')",
        ]
        asked = [*FACETED, ("_sort_desc", "instant"), ("_size", "20")]
        paths.append("/stories/story?" + urlencode(asked + [("_where", one) for one in wheres]))
    peer.start()
    try:
        return _uncached(peer.port, paths, seconds)
    finally:
        peer.stop()


def targets(kinds: Mapping[str, Any]) -> dict[str, float]:
    """The two ratios that are promised: listing over plain view, 304 over uncached."""
    plain = kinds["plain view, same template"]
    return {
        "listing_over_plain": round(kinds["listing"]["alone"]["p50"] / plain["alone"]["p50"], 2),
        "filtered_over_plain": round(
            kinds["filtered listing"]["alone"]["p50"] / plain["alone"]["p50"], 2
        ),
        **{
            f"revalidated_over_{name.replace(' ', '_')}": round(
                kinds[f"{name}, revalidated"]["many"]["per_second"]
                / kinds[name]["many"]["per_second"],
                1,
            )
            for name in ("listing", "filtered listing", "story", "Atom feed")
        },
    }


def _print(outcome: Mapping[str, Any]) -> None:
    print(
        f"\n{outcome['size']:,} stories: ms p50/p95/p99 alone; requests/s of {CONNECTIONS} at once"
    )
    for name, held in outcome["kinds"].items():
        alone, many = held["alone"], held["many"]
        print(
            f"  {name:<28} {alone['p50']:8.2f} {alone['p95']:8.2f} {alone['p99']:8.2f}"
            f"   {many['per_second']:8.1f}/s   {alone['bytes']:>7} B  {alone['statuses']}"
        )
    print(" ", outcome["targets"])


if __name__ == "__main__":
    sys.exit(main())
