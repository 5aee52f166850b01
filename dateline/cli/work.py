"""`dateline work`: the worker alone."""

from __future__ import annotations

import argparse

from dateline.cli import parsers, site

DESCRIPTION = """\
Run the worker alone: it keeps this machine's index up to date, publishes and expires stories when
their time comes, and drops old changes. `dateline run` starts one; run this by itself where web
and worker are services of their own, and once on every machine that serves the site.
Several are safe: what must happen once is done under a lock.
"""

EXAMPLES = """\
  dateline work
  dateline work --once        do all that is due, then end
"""


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Offer `work`."""
    command = parsers.add(
        commands, "work", "index and publish what is due, all the time", DESCRIPTION, EXAMPLES
    )
    command.add_argument("--once", action="store_true", help="do all that is due, then end")
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Work until told to stop."""
    site.load()
    from dateline.operations import worker

    return worker.once() if arguments.once else worker.Worker().run()
