"""`dateline copy-index`: the index of one machine for another."""

from __future__ import annotations

import argparse
from pathlib import Path

from dateline.cli import parsers, site

DESCRIPTION = """\
Write a copy of this machine's index to a file while the site runs. Put the file where a new
machine's DATELINE_ARCHIVE points to before `dateline run` is started there: its worker applies what
has changed since, instead of building the whole index. A copy older than the kept changes (30 days)
is noticed, and built anew. Both machines must use the same database.
"""

EXAMPLES = """\
  dateline copy-index /tmp/archive.sqlite3
  scp /tmp/archive.sqlite3 web3:/var/lib/dateline/archive.sqlite3
"""


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Offer `copy-index`."""
    command = parsers.add(
        commands, "copy-index", "copy the index for another machine", DESCRIPTION, EXAMPLES
    )
    command.add_argument("file", type=Path, metavar="FILE", help="where to; must not exist yet")
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Copy, and say what it holds."""
    site.load()
    from dateline.operations import indexing

    cursor = indexing.copy(arguments.file)
    megabytes = arguments.file.stat().st_size / 1e6
    print(f"{arguments.file}: {megabytes:.1f} MB, as of change {cursor}.")
    return 0
