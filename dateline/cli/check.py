"""`dateline check`: is everything as it should be?"""

from __future__ import annotations

import argparse
import sys

from dateline.cli import parsers, site
from dateline.cli.failures import explain

DESCRIPTION = """\
Look whether everything is as it should be, and say what is not: the settings, the database and its
tables, every text of the index against the store, the files of pictures and documents, the
permissions of the data folder and of the secret key. Changes nothing.
"""

EXAMPLES = """\
  dateline check
  dateline check --quick      without comparing index and files one by one
  dateline check --quiet || mail -s "newsroom" admin@example.org
"""


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Offer `check`."""
    command = parsers.add(
        commands, "check", "look whether everything is as it should be", DESCRIPTION, EXAMPLES
    )
    command.add_argument("--quick", action="store_true", help="leave out what takes long")
    command.add_argument("--quiet", action="store_true", help="print only what is wrong")
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Run the checks in order, a line for each that passes and one for each thing wrong."""
    site.load()
    from dateline.operations import checks

    wrong = 0
    for name, check in checks.chosen(quick=arguments.quick):
        try:
            findings = list(check())
        except Exception as error:
            findings = [explain(error) or f"{type(error).__name__}: {error}"]
        wrong += len(findings)
        if not findings and not arguments.quiet:
            print(f"ok       {name}")
        for finding in findings:
            print(f"WRONG    {name}: {finding}", file=sys.stdout)
        if findings and name == checks.ESSENTIAL:
            break
    return min(wrong, 1)
