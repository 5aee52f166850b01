"""`dateline demonstrate`: the demonstration newsroom."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from dateline.cli import parsers, site

DESCRIPTION = """\
Fill DATELINE_DATA with the demonstration newsroom: its newsroom.toml, vocabularies, 311 entries of
a real listing in new words with unofficial translations, stories about the demonstration itself,
and a desk login whose password is made up and kept in the data folder. Loaded once: when it is
there already, the command prints the login and changes nothing. For a folder of its own, never for
a newsroom that is in use.
"""

EXAMPLES = """\
  DATELINE_DATA=var/demo dateline demonstrate
"""


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Offer `demonstrate`."""
    command = parsers.add(
        commands,
        "demonstrate",
        "fill an empty folder with the demo",
        DESCRIPTION,
        EXAMPLES,
    )
    command.set_defaults(run=run)


def run(_arguments: argparse.Namespace) -> int:
    """Write newsroom.toml before the settings read it; then load whatever is not there yet."""
    from dateline.demonstration import identity

    data = Path(os.environ.get("DATELINE_DATA", "var/data"))
    identity.write(Path(os.environ.get("DATELINE_NEWSROOM", data / "newsroom.toml")))
    site.load()
    from django.conf import settings

    from dateline.demonstration import loading, login
    from dateline.operations import indexing, locks

    # Somebody impatient starts it twice: the second waits and finds everything there.
    with locks.on_file(settings.DATA / "demonstration.lock", wait=True):
        print(loading.load())
        indexing.catch_up_fully()
        print(login.ensure())
    return 0
