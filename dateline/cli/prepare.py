"""`dateline prepare`: everything between installing a version and running it."""

from __future__ import annotations

import argparse

from dateline.cli import parsers, site

DESCRIPTION = """\
Make this version ready to run: compile the interface's translations, gather the static files and
bring the database to this version's tables. Run it once after installing and after each upgrade,
as the user the site runs as; when all is done already it changes nothing.
"""

EXAMPLES = """\
  dateline prepare
  DATELINE_DATA=/var/lib/dateline dateline prepare
"""


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Offer `prepare`."""
    command = parsers.add(
        commands,
        "prepare",
        "make database and files ready to run",
        DESCRIPTION,
        EXAMPLES,
    )
    command.set_defaults(run=run)


def run(_arguments: argparse.Namespace) -> int:
    """Translations first: loading the site may already read them."""
    from dateline.operations import translations

    compiled = translations.compile_changed()
    site.load()
    from django.conf import settings
    from django.core.management import call_command

    call_command("collectstatic", interactive=False, verbosity=0)
    call_command("migrate", interactive=False, verbosity=0)
    print(f"Ready: {settings.DATA} ({compiled} catalogues compiled, static files, database).")
    return 0
