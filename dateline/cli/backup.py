"""`dateline backup`: the newsroom in one file."""

from __future__ import annotations

import argparse
from pathlib import Path

from dateline.cli import parsers, site

DESCRIPTION = """\
Write the whole newsroom to one file while it runs: database, pictures and documents, newsroom.toml
and the secret key. The file is read back and compared before it gets its name. It can be read by
you alone; keep it as you would keep the newsroom's passwords. The index is not in it: it is built
from the rest. A PostgreSQL database needs pg_dump here.
"""

EXAMPLES = """\
  dateline backup /backups/newsroom-$(date +%F).tar.gz
"""


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Offer `backup`."""
    command = parsers.add(
        commands, "backup", "write the whole newsroom to one file", DESCRIPTION, EXAMPLES
    )
    command.add_argument("file", type=Path, metavar="FILE", help="where to; ends in .tar.gz")
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Write, read back, and say what is in it."""
    site.load()
    from dateline.operations.backup import writing

    manifest = writing.write(arguments.file)
    megabytes = manifest.size / 1e6
    print(f"{arguments.file}: {len(manifest.files)} files, {megabytes:.1f} MB, read back whole.")
    return 0
