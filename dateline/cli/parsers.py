"""The command line: what each command is for, with examples, before anything heavy is loaded."""

from __future__ import annotations

import argparse
from importlib import import_module, metadata
from typing import Any

COMMANDS = (
    "run",
    "work",
    "prepare",
    "import",
    "reindex",
    "copy-index",
    "check",
    "token",
    "backup",
    "restore",
    "demonstrate",
    "passthrough",
)
"""The modules of this package that offer commands, in the order help shows them."""

DESCRIPTION = "The newsroom an organisation owns: publish in many languages, find anything."

EPILOG = """\
first steps:
  dateline prepare            make the database, the translations and the static files
  dateline createsuperuser    make the first login for the desk
  dateline run                serve the site on http://localhost:8000

settings:
  Everything lies in one folder, DATELINE_DATA (now and by default ./var/data): the database,
  the index, pictures and documents, and newsroom.toml, which says what the newsroom is called.
  The other settings are environment variables too; docs/settings.md lists them.

exit status:
  0 done   1 failed, or a check found something   2 the command was not understood

`dateline COMMAND --help` says more about one command.
"""


class Help(argparse.RawDescriptionHelpFormatter):
    """Descriptions and examples keep their lines; option columns leave room for words."""

    def __init__(self, prog: str, **options: Any) -> None:
        super().__init__(prog, max_help_position=28, **options)


def parser() -> argparse.ArgumentParser:
    """The whole command line, each command with the function that carries it out as `run`."""
    top = argparse.ArgumentParser(
        prog="dateline", description=DESCRIPTION, epilog=EPILOG, formatter_class=Help
    )
    top.add_argument(
        "--version", action="version", version=f"dateline {metadata.version('dateline')}"
    )
    commands = top.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for name in COMMANDS:
        import_module(f"dateline.cli.{_module(name)}").add_parser(commands)
    return top


def add(
    commands: Any, name: str, summary: str, description: str = "", examples: str = ""
) -> argparse.ArgumentParser:
    """A command's own parser. `summary` is its line in the list; `examples` close its help."""
    made: argparse.ArgumentParser = commands.add_parser(
        name,
        help=summary,
        description=description or summary,
        epilog=f"examples:\n{examples}" if examples else None,
        formatter_class=Help,
    )
    return made


def _module(name: str) -> str:
    """`import` is a word of the language and cannot name a module, nor can a name with a hyphen."""
    return {"import": "importing"}.get(name, name).replace("-", "_")
