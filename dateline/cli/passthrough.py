"""Django's own commands that an administrator needs, under this command's roof."""

from __future__ import annotations

import argparse

PASSED = {
    "createsuperuser": "make a login for the desk that may do everything",
    "changepassword": "give a login a new password",
    "migrate": "bring the database to this version alone (see prepare)",
    "shell": "a Python prompt with the site loaded",
    "dbshell": "the database's own prompt",
}


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Offer each of them; their arguments, `--help` included, are theirs."""
    for name, summary in PASSED.items():
        command = commands.add_parser(name, help=summary, add_help=False, prefix_chars="\0")
        command.add_argument("rest", nargs="*")
        command.set_defaults(run=run, name=name)


def run(arguments: argparse.Namespace) -> int:
    """Hand over to Django, which prints its own messages and exits by itself on an error."""
    from django.core.management import execute_from_command_line

    execute_from_command_line(["dateline", arguments.name, *arguments.rest])
    return 0
