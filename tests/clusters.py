"""PostgreSQL as a newsroom of several machines has it: a primary, and a standby that follows it."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import nodes
import psycopg
import pytest

DATABASE = "dateline"


def programs() -> Path | None:
    """The folder of the newest server's programs; None where there is no server."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_basebackup"))
    return found[-1].parent if found else None


@dataclass
class Server:
    """One server of the cluster, with a folder of its own."""

    folder: Path
    port: int

    @property
    def url(self) -> str:
        return f"postgres://dateline@127.0.0.1:{self.port}/{DATABASE}"

    def start(self) -> None:
        options = (
            f"-p {self.port} -k {self.folder} -c listen_addresses=127.0.0.1 -c fsync=off"
            " -c shared_buffers=16MB -c max_connections=60"
        )
        self._control("start", "--log", str(self.folder / "log"), "--options", options)

    def stop(self) -> None:
        """End it at once, as a power cut would."""
        self._control("stop", "--mode=immediate")

    def ask(self, sql: str, database: str = DATABASE) -> object:
        """The first value of a query's answer."""
        address = f"postgres://dateline@127.0.0.1:{self.port}/{database}"
        with psycopg.connect(address, autocommit=True) as connection:
            row = connection.execute(sql).fetchone()  # type: ignore[call-overload]
        return row[0] if row else None

    def _control(self, action: str, *options: str) -> None:
        run("pg_ctl", "--pgdata", str(self.folder / "data"), "--wait", "--silent", *options, action)


def run(program: str, *arguments: str) -> None:
    """A program of the server's, as the user the server may run as: never root."""
    folder = programs()
    assert folder is not None
    lower = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"]
    command = [*(lower if os.geteuid() == 0 else []), str(folder / program), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd="/")
    assert done.returncode == 0, done.stderr


@contextmanager
def _folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="dateline-pg-"))
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def primary() -> Iterator[Server]:
    """A server with an empty database."""
    if programs() is None:
        pytest.skip("no PostgreSQL server: apt-get install postgresql")
    with _folder() as folder:
        server = Server(folder, nodes.free_port())
        options = ("--auth=trust", "--username=dateline", "--encoding=UTF8", "--no-locale")
        run("initdb", *options, "--no-sync", "--pgdata", str(folder / "data"))
        server.start()
        try:
            with psycopg.connect(
                f"postgres://dateline@127.0.0.1:{server.port}/postgres", autocommit=True
            ) as admin:
                admin.execute(f"CREATE DATABASE {DATABASE}")
            yield server
        finally:
            server.stop()


@contextmanager
def standby(of: Server) -> Iterator[Server]:
    """A hot standby that follows a server by streaming replication."""
    with _folder() as folder:
        server = Server(folder, nodes.free_port())
        source = ("--host=127.0.0.1", f"--port={of.port}", "--username=dateline")
        options = ("--write-recovery-conf", "--checkpoint=fast", "--no-sync")
        run("pg_basebackup", *source, *options, "--pgdata", str(folder / "data"))
        server.start()
        try:
            yield server
        finally:
            server.stop()
