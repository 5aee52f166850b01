"""The command `dateline`: one parser, one module for each command, one way to fail.

A command's module offers `add_parser(subparsers)` and a function that takes the parsed arguments
and returns an exit status. Django and everything heavy is imported inside those functions, so that
`dateline --help` answers at once.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from dateline.cli import failures, parsers

OK, FAILED, INTERRUPTED = 0, 1, 130


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status: 0 done, 1 failed, 2 wrong usage (argparse)."""
    arguments = parsers.parser().parse_args(argv)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dateline.settings")
    try:
        return arguments.run(arguments) or OK
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # The reader of our output went away (`dateline check | head`): nothing left to say to it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except Exception as error:
        sentence = failures.explain(error)
        if sentence is None:
            raise
        print(f"dateline: {sentence}", file=sys.stderr)
        return FAILED
