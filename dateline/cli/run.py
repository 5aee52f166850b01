"""`dateline run`: the web processes and the worker under one supervisor."""

from __future__ import annotations

import argparse
import logging
import os

from dateline.cli import parsers
from dateline.operations.refused import Refused

DESCRIPTION = """\
Serve the site: web processes and the worker under one supervisor, in the foreground.

A process that ends by itself is started again, later each time it happens in a row; the command
ends with status 1 when one never comes up. SIGTERM or Ctrl-C stop everything cleanly: requests
and the change being indexed are finished first.
"""

EXAMPLES = """\
  dateline run
  dateline run --port 8001 --workers 4
  DATELINE_ORIGIN=https://news.example.org dateline run --host 127.0.0.1
"""


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Offer `run`."""
    command = parsers.add(
        commands, "run", "serve the site: web and worker together", DESCRIPTION, EXAMPLES
    )
    env = os.environ.get
    command.add_argument(
        "--host",
        default=env("DATELINE_HOST", "127.0.0.1"),
        help="address to listen on; 0.0.0.0 for all (DATELINE_HOST; default 127.0.0.1)",
    )
    command.add_argument(
        "--port",
        type=_port,
        default=env("DATELINE_PORT", "8000"),
        help="port to listen on (DATELINE_PORT; default 8000)",
    )
    command.add_argument(
        "--workers",
        type=_positive,
        default=env("DATELINE_WORKERS", str(max(2, min(os.cpu_count() or 1, 8)))),
        help="web processes (DATELINE_WORKERS; default: one per processor, 2 to 8)",
    )
    command.add_argument(
        "--threads",
        type=_positive,
        default=env("DATELINE_THREADS", "4"),
        help="threads in each (DATELINE_THREADS; default 4)",
    )
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Bind the port, then let the supervisor run until it is told to stop."""
    from dateline.operations import supervisor

    try:
        listening = supervisor.listen(arguments.host, arguments.port)
    except OSError as error:
        raise Refused(_unbindable(arguments, error)) from error
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s %(message)s", level="INFO")
    os.environ.setdefault("DATELINE_ORIGIN", f"http://localhost:{arguments.port}")
    return supervisor.Supervisor(
        supervisor.site(listening, arguments.workers, arguments.threads),
        ready=f"Dateline is at {os.environ['DATELINE_ORIGIN']}/ (stop it with Ctrl-C).",
    ).run()


def _unbindable(arguments: argparse.Namespace, error: OSError) -> str:
    where, reason = f"{arguments.host}:{arguments.port}", os.strerror(error.errno or 0)
    if isinstance(error, PermissionError):
        return f"{where} may not be listened on: ports below 1024 are root's; put nginx in front."
    other = arguments.port + 1
    return (
        f"{where} cannot be listened on ({reason}). Another process may have the port: "
        f"try --port {other} (DATELINE_PORT; `make demo PORT={other}`)."
    )


def _port(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port between 1 and 65535")
    return int(text)


def _positive(text: str) -> int:
    if not text.isdecimal() or not int(text):
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number above zero")
    return int(text)
