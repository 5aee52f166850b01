"""`dateline restore`: a backup in this newsroom's place."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

from dateline.cli import parsers, site

DESCRIPTION = """\
Put the newsroom from a backup into DATELINE_DATA. The file is read to its end and checked first; a
damaged one, or one cut short, is refused before anything is touched. A newsroom that is not empty
is replaced only with --force, and what was in the data folder is kept beside it. The database is
then brought to this version and the index built. Stop `dateline run` first.
"""

EXAMPLES = """\
  dateline restore /backups/newsroom-2026-11-24.tar.gz
  DATELINE_DATA=/tmp/trial dateline restore backup.tar.gz    try a backup out elsewhere
"""


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Offer `restore`."""
    command = parsers.add(
        commands, "restore", "put a backup in this newsroom's place", DESCRIPTION, EXAMPLES
    )
    command.add_argument("file", type=Path, metavar="FILE", help="a file made by `dateline backup`")
    command.add_argument("--force", action="store_true", help="replace what is there")
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Restore; then prepare and index in new processes, which read the restored newsroom.toml."""
    site.load()
    from dateline.operations.backup import restoring

    manifest, kept = restoring.restore(arguments.file, force=arguments.force)
    print(f"Restored the newsroom of {manifest.made}, made by Dateline {manifest.dateline}.")
    if kept:
        print(f"What was there before is in {kept}; delete it when you no longer need it.")
    sys.stdout.flush()
    for command in ("prepare", "reindex"):
        done = subprocess.run(  # noqa: S603 - this command itself
            [sys.executable, "-m", "dateline.cli", command], env=os.environ, check=False
        )
        if done.returncode:
            return 1
    return 0
