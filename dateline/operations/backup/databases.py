"""A database into one file and back: SQLite by itself, PostgreSQL by its own programs."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from django.db import connection
from django.db.backends.postgresql.client import DatabaseClient

from dateline.operations.refused import Refused


def dump(target: Path) -> None:
    """Write the database, as it is at one moment, to a file, while the site goes on working."""
    if connection.vendor == "sqlite":
        _copy_sqlite(Path(connection.settings_dict["NAME"]), target)
    else:
        _run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={target}")


def check(source: Path) -> None:
    """Raise Refused where a dump cannot be what it should be, before anything is replaced by it."""
    if connection.vendor != "sqlite":
        _run("pg_restore", "--list", str(source), database=False)
        return
    try:
        with closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)) as db:
            found = db.execute("PRAGMA integrity_check(1)").fetchone()[0]
    except sqlite3.DatabaseError as error:
        found = str(error)
    if found != "ok":
        raise Refused(f"the database in the backup is damaged ({found}).")


def load(source: Path, kept: Path) -> None:
    """Put a dump in the database's place. An SQLite file that stood there is moved into `kept`.

    On PostgreSQL it is one transaction: it succeeds whole, or changes nothing.
    """
    connection.close()
    if connection.vendor == "sqlite":
        _replace_sqlite(source, Path(connection.settings_dict["NAME"]), kept)
        return
    options = ("--clean", "--if-exists", "--no-owner", "--no-privileges")
    _run("pg_restore", *options, "--single-transaction", "--exit-on-error", str(source))


def _copy_sqlite(source: Path, target: Path) -> None:
    """SQLite's online backup: one read transaction, so writers neither wait nor are waited for."""
    with (
        closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)) as live,
        closing(sqlite3.connect(target)) as copy,
    ):
        live.backup(copy)
        # One file alone, without a write-ahead log beside it.
        copy.execute("PRAGMA journal_mode=DELETE")
    target.chmod(0o600)


def _replace_sqlite(source: Path, place: Path, kept: Path) -> None:
    for suffix in ("-wal", "-shm", ""):  # a log left behind would be applied to the new file
        old = place.with_name(place.name + suffix)
        if old.exists():
            old.rename(kept / old.name)
    source.rename(place)


def _run(program: str, *arguments: str, database: bool = True) -> None:
    """Run one of PostgreSQL's programs against the configured database."""
    if shutil.which(program) is None:
        raise Refused(
            f"{program} is not installed; a PostgreSQL database needs it here. "
            "Debian: apt install postgresql-client"
        )
    client, environment = DatabaseClient.settings_to_cmd_args_env(connection.settings_dict, [])
    where = [*client[1:-1], f"--dbname={client[-1]}"] if database else []
    done = subprocess.run(  # noqa: S603 - the program is one of the two named above
        [program, *where, *arguments],
        env={**os.environ, **(environment or {})},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        lines = done.stderr.strip().splitlines() or ["no message"]
        raise Refused(f"{program} failed: {lines[0]}")
