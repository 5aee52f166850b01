"""The plots of docs/benchmarks.md, drawn from the published results.

    python -m bench.plot

The same results give the same bytes: no date, no names, a fixed salt for the ids within the file.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import matplotlib as mpl

mpl.use("svg")

from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from bench import results
from bench.corpora import ROOT
from bench.synthetic import KINDS

IMAGES = ROOT / "docs" / "images"
TARGET = 5.0
"""Milliseconds: what p95 is to stay under at a million."""
_COLOURS = {
    "dateline": "#c2185b",
    "tantivy": "#1565c0",
    "sqlite": "#2e7d32",
    "duckdb": "#b08900",
    "postgresql": "#4527a0",
    "datasette": "#546e7a",
    "wagtail": "#00838f",
    "opensearch": "#d84315",
}
_MARKS = dict(zip(_COLOURS, "osD^vPX*", strict=True))
_STYLE: dict[Any, Any] = {
    "svg.hashsalt": "dateline",
    "svg.fonttype": "none",
    "font.family": "sans-serif",
    "font.size": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.color": "#dddddd",
    "grid.linewidth": 0.6,
    "axes.axisbelow": True,
}


def main() -> None:
    """Draw whatever there are results for."""
    drawn = {
        "benchmark-engines": (results.read("engines"), engines),
        "benchmark-growth": (results.read("growth"), growth),
        "benchmark-stack": (results.read("stack"), stack),
    }
    with mpl.rc_context(_STYLE):
        for name, (measured, draw) in drawn.items():
            if measured:
                print("wrote", write(draw(measured), name).name)


def write(figure: Figure, name: str) -> Path:
    """The figure as a file of docs/images, without anything that changes from run to run."""
    IMAGES.mkdir(exist_ok=True)
    path = IMAGES / f"{name}.svg"
    figure.savefig(path, metadata={"Date": None, "Creator": None}, bbox_inches="tight")
    plt.close(figure)
    # matplotlib ends lines with spaces.
    lines = (line.rstrip() for line in path.read_text().splitlines())
    path.write_text("\n".join(lines) + "\n")
    return path


def engines(measured: dict[str, Any]) -> Figure:
    """p50 to p95 of every engine and kind of question, on a logarithmic axis."""
    figure, axes = plt.subplots(figsize=(8, 6.4))
    shown = list(measured["peers"].items())
    for row, kind in enumerate(KINDS):
        for at, (key, one) in enumerate(shown):
            if held := one["kinds"].get(kind):
                y = row + 0.66 * (at / max(1, len(shown) - 1) - 0.5)
                axes.plot([held["p50"], held["p95"]], [y, y], color=_COLOURS[key], linewidth=1.6)
                axes.plot(held["p95"], y, _MARKS[key], color=_COLOURS[key], markersize=5)
    for key, one in shown:
        axes.plot([], [], _MARKS[key], color=_COLOURS[key], label=one["name"])
    axes.axvline(TARGET, color="#888888", linestyle=":", linewidth=1)
    _milliseconds(axes, "x")
    axes.set_yticks(range(len(KINDS)), KINDS)
    axes.invert_yaxis()
    size = measured["corpus"]["size"]
    axes.set_xlabel(f"milliseconds, median to 95th percentile, {size:,} stories")
    axes.legend(loc="upper center", bbox_to_anchor=(0.45, 1.13), ncols=4, frameon=False)
    return figure


def growth(measured: dict[str, Any]) -> Figure:
    """p95 against the number of stories, both logarithmic, a panel for each kind of question."""
    figure, panels = plt.subplots(2, 4, figsize=(10, 5), sharex=True, sharey=True)
    for kind, axes in zip(KINDS, panels.flat, strict=True):
        for key, points in measured["curves"].items():
            for share, line in (("p95", "-"), ("p50", ":")):
                axes.plot(
                    [point["size"] for point in points],
                    [point["kinds"][kind][share] for point in points],
                    line,
                    marker=_MARKS[key] if share == "p95" else None,
                    color=_COLOURS[key],
                    markersize=4,
                    label=f"{key}, {share}",
                )
        axes.set_title(kind, fontsize=10)
        axes.set_xscale("log")
        _milliseconds(axes, "y")
        axes.minorticks_off()
        axes.xaxis.set_major_formatter(FuncFormatter(_short))
    handles, labels = panels.flat[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="upper center", ncols=4, frameon=False)
    figure.supxlabel("stories", fontsize=10)
    figure.supylabel("milliseconds", fontsize=10)
    return figure


def stack(measured: dict[str, Any]) -> Figure:
    """Requests a second of every kind of page."""
    figure, axes = plt.subplots(figsize=(8, 4))
    names = list(measured["kinds"])
    speeds = [measured["kinds"][name]["many"]["per_second"] for name in names]
    bars = axes.barh(names, speeds, color=list(_shades(names)), height=0.7)
    axes.bar_label(bars, [f"{speed:,.0f}" for speed in speeds], padding=3)
    axes.invert_yaxis()
    axes.grid(visible=False, axis="y")
    axes.set_xlabel(f"requests a second, eight at once, {measured['size']:,} stories")
    return figure


def _shades(names: Iterable[str]) -> Iterable[str]:
    for name in names:
        if name.startswith(("plain", "Datasette")):
            yield "#78909c"
        else:
            yield "#f48fb1" if name.endswith("revalidated") else "#c2185b"


def _milliseconds(axes: Axes, which: str) -> None:
    axis = axes.xaxis if which == "x" else axes.yaxis
    (axes.set_xscale if which == "x" else axes.set_yscale)("log")
    axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))


def _short(value: float, _at: object) -> str:
    return f"{value / 1e6:g} M" if value >= 1e6 else f"{value / 1e3:g}k"


if __name__ == "__main__":
    main()
