"""`dateline reindex`: the index built anew."""

from __future__ import annotations

import argparse
import time

from dateline.cli import parsers, site

DESCRIPTION = """\
Build this machine's index anew from the store. The site goes on answering from the old index until
the new one is complete. Needed only after `dateline check` found a difference, or for a damaged
file: the worker keeps the index up to date by itself.
"""

EXAMPLES = """\
  dateline reindex
  DATELINE_ARCHIVE=/fast/disk/archive.sqlite3 dateline reindex
"""


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Offer `reindex`."""
    command = parsers.add(commands, "reindex", "build the index anew", DESCRIPTION, EXAMPLES)
    command.set_defaults(run=run)


def run(_arguments: argparse.Namespace) -> int:
    """Rebuild with a progress bar, which keeps quiet when nobody is watching."""
    site.load()
    from rich.console import Console
    from rich.progress import Progress

    from dateline.operations import indexing
    from dateline.publishing import visibility
    from dateline.stories.models import Story

    started = time.monotonic()
    total = visibility.listed(Story.objects.all()).count()
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("Indexing", total=total)
        indexing.rebuild(lambda done: progress.update(task, completed=done))
    print(f"Indexed {total} texts in {time.monotonic() - started:.1f} s.")
    return 0
