"""Writes the measured parts of docs/benchmarks.md from docs/benchmarks/*.json.

    python -m bench.report [--check]

What stands between `<!-- NAME -->` and `<!-- /NAME -->` is written here, everything else by people.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from bench import results
from bench.corpora import ROOT
from bench.synthetic import KINDS

PAGE = ROOT / "docs" / "benchmarks.md"
_PART = re.compile(r"<!-- (?P<name>[a-z-]+) -->\n.*?<!-- /(?P=name) -->", re.DOTALL)
_EMBEDDED = ("tantivy", "sqlite", "duckdb", "postgresql")
"""Those that Dateline's targets are measured against."""


def main() -> int:
    """Write the page; with --check only say whether it is as it would be written."""
    text = PAGE.read_text()
    written = fill(text)
    if "--check" in sys.argv:
        return int(written != text)
    PAGE.write_text(written)
    return 0


def fill(text: str) -> str:
    """The page with every measured part written anew; a part without results says so."""

    def part(found: re.Match[str]) -> str:
        name = found["name"]
        return f"<!-- {name} -->\n\n{PARTS[name]()}\n\n<!-- /{name} -->"

    return _PART.sub(part, text)


def _with(name: str, write: Callable[[dict[str, Any]], str]) -> Callable[[], str]:
    def part() -> str:
        measured = results.read(name)
        return write(measured) if measured else "*Not measured yet.*"

    return part


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table in Markdown; the first column is text, the others are figures."""
    lines = ["| " + " | ".join(head) + " |", "|---" + "|---:" * (len(head) - 1) + "|"]
    lines += ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows]
    return "\n".join(lines)


def figure(number: float) -> str:
    """A number with as many digits as it deserves: 0.04, 3.1, 76, 1,288."""
    if number >= 10:
        return f"{number:,.0f}"
    return f"{number:.1f}" if number >= 1 else f"{number:.2g}"


# --- the parts -------------------------------------------------------------------------------


def machine(measured: dict[str, Any]) -> str:
    """What the figures were measured on, and with which versions."""
    told = measured["machine"]
    versions = ", ".join(f"{one['name']} {one['version']}" for one in measured["peers"].values())
    return (
        f"Measured on {measured['at']}: {told['cores']} cores ({told['processor']}),"
        f" {told['memory_gb']} GB of memory, {told['system']}; Python {told['python']},"
        f" Django {told['django']}. {versions}."
    )


def engines(measured: dict[str, Any]) -> str:
    """p50/p95 of all engines by kind; in a second line how often, where that was not everywhere."""
    peers = list(measured["peers"].values())
    rows = [
        [kind, *(_times(one["kinds"].get(kind)) for one in peers)]
        for kind in KINDS
        if measured["questions"].get(kind)
    ]
    text = table(["p50 / p95 in ms", *(one["name"] for one in peers)], rows)
    return f"{text}\n\n{_fewer(measured)}{_skipped(measured)}".strip()


def _times(held: dict[str, Any] | None) -> str:
    return f"{figure(held['p50'])} / {figure(held['p95'])}" if held else "–"


def _fewer(measured: dict[str, Any]) -> str:
    """How many answers stand behind the figures."""
    counted = [
        f"{one['name']} {min(held['n'] for held in one['kinds'].values()):,}"
        for one in measured["peers"].values()
    ]
    return (
        f"The fewest answers behind any of a column's figures: {', '.join(counted)}."
        f" A kind is given {measured['cap']:g} s in a round; slow engines answer fewer of the same"
        " questions within them."
    )


def _skipped(measured: dict[str, Any]) -> str:
    told = "; ".join(f"{key}: {reason}" for key, reason in measured["skipped"].items())
    return f"\n\nLeft out: {told}." if told else ""


def first(measured: dict[str, Any]) -> str:
    """The first time each question was asked of a process."""
    peers = list(measured["peers"].values())
    rows = [
        [kind, *(_first(one["kinds"].get(kind)) for one in peers)]
        for kind in KINDS
        if measured["questions"].get(kind)
    ]
    return table(["first touch, p50 / p95 in ms", *(one["name"] for one in peers)], rows)


def _first(held: dict[str, Any] | None) -> str:
    return f"{figure(held['first_p50'])} / {figure(held['first_p95'])}" if held else "–"


def costs(measured: dict[str, Any]) -> str:
    """Building, disk, opening and memory."""
    head = [
        "", "build, processor s", "at most MB", "disk MB", "opening s",
        "own MB, opened", "own MB, at the end", "mapped MB", "servers MB",
    ]  # fmt: skip
    return table(head, [_cost(one) for one in measured["peers"].values()])


def _cost(one: dict[str, Any]) -> list[str]:
    build, opened, after = one["build"], one["opened"], one["after"]
    built = ["–", "–"]
    if build:
        most = build["peak_mb"] + build["server_mb"]
        built = [figure(build["processor"]), figure(most)]
    return [
        one["name"],
        *built,
        figure(one["disk"] / 1e6),
        f"{opened['seconds']:.2f}",
        *(figure(max(0, opened["own_mb"])), figure(max(0, after["own_mb"]))),
        *(figure(max(0, after["mapped_mb"])), figure(after["servers_mb"])),
    ]


def agreement(measured: dict[str, Any]) -> str:
    """Whether answers were equal, and how far ranked pages overlap."""
    rows = [
        [
            one["name"],
            f"{sum(one['equal'].values())} of {sum(one['compared'].values())}",
            "–" if one["overlap"] is None else f"{one['overlap']:.2f}",
        ]
        for key, one in measured["peers"].items()
        if key != "dateline"
    ]
    return table(["", "answers equal to Dateline's", "ranked: share of the first 20"], rows)


def ratios(measured: dict[str, Any]) -> str:
    """p95 of the best of the others over Dateline's, and whether the targets are met."""
    peers = measured["peers"]
    rows = []
    for kind in KINDS:
        own = peers["dateline"]["kinds"].get(kind)
        others = {
            peers[key]["name"]: peers[key]["kinds"][kind]["p95"]
            for key in _EMBEDDED
            if key in peers and kind in peers[key]["kinds"]
        }
        if own and others:
            best = min(others, key=others.__getitem__)
            ratio = others[best] / own["p95"]
            rows.append(
                [kind, figure(own["p95"]), f"{best}, {figure(others[best])}", figure(ratio)]
            )
    return table(["p95 in ms", "Dateline", "best of the others", "times Dateline's"], rows)


def growth(measured: dict[str, Any]) -> str:
    """p50/p95 of Dateline at each size."""
    points = measured["curves"]["dateline"]
    head = ["p50 / p95 in ms", *(f"{point['size']:,}" for point in points)]
    rows: list[Sequence[object]] = [
        [kind, *(_times(point["kinds"].get(kind)) for point in points)] for kind in KINDS
    ]
    rows += [
        ["opening, s", *(f"{point['opened']['seconds']:.2f}" for point in points)],
        ["own memory, MB", *(figure(max(0, point["after"]["own_mb"])) for point in points)],
        ["disk, MB", *(figure(point["build"]["disk"] / 1e6) for point in points)],
        ["build, processor s", *(figure(point["build"]["processor"]) for point in points)],
    ]
    return table(head, rows)


def stack(measured: dict[str, Any]) -> str:
    """Times one at a time, requests a second eight at once."""
    rows = [
        [
            name,
            *(figure(held["alone"][share]) for share in ("p50", "p95", "p99")),
            figure(held["many"]["per_second"]),
            *(figure(held["many"][share]) for share in ("p50", "p95", "p99")),
        ]
        for name, held in measured["kinds"].items()
    ]
    head = ["", "p50", "p95", "p99", "requests/s", "p50 of 8", "p95 of 8", "p99 of 8"]
    told = "; ".join(
        f"{name.replace('_', ' ')} {figure(ratio)}" for name, ratio in measured["targets"].items()
    )
    return f"{table(head, rows)}\n\nRatios: {told}."


def updates(measured: dict[str, Any]) -> str:
    """From the verb to being found."""
    head = [f"ms, {measured['updates']} stories", "p50", "p95", "p99", "most"]
    names = {"verb": "the verb itself", "visible": "then, until it is found"}
    return table(
        head,
        [
            [told, *(figure(measured[name][f"p{share}"]) for share in (50, 95, 99, 100))]
            for name, told in names.items()
        ],
    )


def scheduling(measured: dict[str, Any]) -> str:
    """How late stories were that were due at a moment."""
    names = {
        "alone": "due alone",
        "together": f"{measured['stories']} due in the same second",
        "edit": f"each of {measured['edits']} edits published meanwhile (what the verb took)",
    }
    rows = [
        [told, measured[name]["n"], *(figure(measured[name][f"p{share}"]) for share in _SHARES)]
        for name, told in names.items()
    ]
    return table(["ms", "n", "p50", "p95", "most"], rows)


_SHARES = (50, 95, 100)


def desk(measured: dict[str, Any]) -> str:
    """The desk's pages on a small and on a large archive: queries and times."""
    small, large = measured["at_small"], measured["at_size"]
    rows = [
        [
            name,
            small[name]["queries"],
            large[name]["queries"],
            figure(small[name]["p50"]),
            figure(large[name]["p50"]),
            figure(large[name]["worst"]),
        ]
        for name in large
    ]
    sizes = (f"{measured['small']:,}", f"{measured['size']:,}")
    head = ["", *(f"queries, {size}" for size in sizes), *(f"p50, {size}" for size in sizes)]
    return table([*head, f"worst, {sizes[1]}"], rows)


def _drawn(
    write: Callable[[dict[str, Any]], str], plot: str, says: str
) -> Callable[[dict[str, Any]], str]:
    """A part with its plot, of which `says` is the text for those who do not see it."""
    return lambda measured: f"{write(measured)}\n\n![{says}](images/benchmark-{plot}.svg)"


_ENGINES = _drawn(engines, "engines", "Median and 95th percentile of each engine by question")
_GROWTH = _drawn(growth, "growth", "Median and 95th percentile against the number of stories")
_STACK = _drawn(stack, "stack", "Requests a second by kind of page")

PARTS: dict[str, Callable[[], str]] = {
    "machine": _with("engines", machine),
    "engines": _with("engines", _ENGINES),
    "first-touch": _with("engines", first),
    "costs": _with("engines", costs),
    "agreement": _with("engines", agreement),
    "ratios": _with("engines", ratios),
    "small": _with("small", engines),
    "small-agreement": _with("small", agreement),
    "swiss": _with("swiss", engines),
    "swiss-agreement": _with("swiss", agreement),
    "growth": _with("growth", _GROWTH),
    "stack": _with("stack", _STACK),
    "updates": _with("updates", updates),
    "scheduling": _with("scheduling", scheduling),
    "desk": _with("desk", desk),
}


if __name__ == "__main__":
    sys.exit(main())
