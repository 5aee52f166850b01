"""Whole newsrooms in folders of their own, worked on by the command as an administrator would."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg
import pytest

URL = os.environ.get("DATELINE_DATABASE_URL", "")
ON_POSTGRES = URL.startswith("postgres")


@dataclass(frozen=True)
class Newsroom:
    """A data folder and, on PostgreSQL, a database of its own."""

    data: Path
    database: str = ""

    @property
    def environment(self) -> dict[str, str]:
        """What a command needs to work on this newsroom and no other."""
        ours = {
            "DATELINE_DATA": str(self.data),
            "DATELINE_LOG_LEVEL": "WARNING",
            "DATELINE_LINK_CHECKS": "no",
        }
        if self.database:
            ours["DATELINE_DATABASE_URL"] = (
                urlsplit(URL)._replace(path=f"/{self.database}").geturl()
            )
        inherited = {k: v for k, v in os.environ.items() if not k.startswith("DATELINE_")}
        # pytest-django names the tests' settings here; a command must find its own.
        inherited.pop("DJANGO_SETTINGS_MODULE", None)
        return inherited | ours

    def start(
        self, *arguments: str, env: Mapping[str, str] | None = None, **options: object
    ) -> subprocess.Popen[str]:
        """The command, running."""
        return subprocess.Popen(
            [sys.executable, "-m", "dateline.cli", *arguments],
            env=self.environment | dict(env or {}),
            text=True,
            **options,  # type: ignore[call-overload]
        )

    def command(
        self, *arguments: str, env: Mapping[str, str] | None = None, stdin: str = ""
    ) -> subprocess.CompletedProcess[str]:
        """The command, to its end."""
        return subprocess.run(
            [sys.executable, "-m", "dateline.cli", *arguments],
            env=self.environment | dict(env or {}),
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
            timeout=240,
        )

    def shell(self, code: str) -> str:
        """Run code with the site loaded; returns what it printed."""
        done = self.command("shell", "--no-imports", "--command", code)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()


@contextmanager
def empty(folder: Path) -> Iterator[Newsroom]:
    """A data folder with nothing in it and, on PostgreSQL, an empty database."""
    with _database() as database:
        yield Newsroom(folder / "data", database)


@contextmanager
def copied(template: Newsroom, folder: Path) -> Iterator[Newsroom]:
    """A newsroom like another one."""
    with _database(template.database) as database:
        shutil.copytree(template.data, folder / "data", symlinks=True)
        yield Newsroom(folder / "data", database)


@contextmanager
def _database(template: str = "template1") -> Iterator[str]:
    if not ON_POSTGRES:
        yield ""
        return
    name = f"dateline_trial_{uuid4().hex[:12]}"
    with _administrator() as admin:
        admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')  # type: ignore[arg-type]
    try:
        yield name
    finally:
        with _administrator() as admin:
            admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')  # type: ignore[arg-type]


def _administrator() -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(_address("postgres"), autocommit=True)


def _address(database: str) -> str:
    return urlsplit(URL)._replace(path=f"/{database}").geturl()


STORIES = """
import sys
sys.path.insert(0, {tests!r})
from datetime import date
from build import office, published
vienna = office("vienna", "Office in Vienna", names={{"fr": "Bureau de Vienne"}})
for number in range({count}):
    published(f"Story {{number}}", published=date(2024, 1, 1 + number % 28), offices=(vienna,))
"""


def stories(count: int) -> str:
    """Code for `Newsroom.shell` that publishes stories."""
    return STORIES.format(tests=str(Path(__file__).parent), count=count)


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsroom]:
    """A newsroom with five stories, an index, a picture's file and no login; not to be changed."""
    with empty(tmp_path_factory.mktemp("prepared")) as newsroom:
        assert (made := newsroom.command("prepare")).returncode == 0, made.stderr
        newsroom.shell(stories(5))
        assert newsroom.command("work", "--once").returncode == 0
        (newsroom.data / "newsroom.toml").write_text(
            'logo = "logo.svg"\n[name]\nen = "Trial"\n', encoding="utf-8"
        )
        yield newsroom


@pytest.fixture
def newsroom(prepared: Newsroom, tmp_path: Path) -> Iterator[Newsroom]:
    """A copy of `prepared` to do with as one likes."""
    with copied(prepared, tmp_path) as mine:
        yield mine
