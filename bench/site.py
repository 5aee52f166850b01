"""A newsroom filled with synthetic stories, kept below DATELINE_BENCH, and its servers.

The stories come in as any do, through the importer. The folder's name holds a digest of all
migrations and the index's format, so that a newsroom of another version is never measured.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from bench import building, synthetic
from bench.corpora import ROOT as ROOT
from bench.peers.with_datasette import free_port, wait_for
from dateline.archive.engines.base import Document
from dateline.archive.engines.embedded import schema

_GENRES = ("News", "Speech", "Interview", "Statement", "Report", "Appeal", "Notice", "Agenda")
_TOML = f"""\
name = {{ en = "Newsroom" }}
languages = {json.dumps(synthetic.LANGUAGES)}
interface_languages = {json.dumps(synthetic.LANGUAGES)}
time_zone = "UTC"
"""


def environment(data: Path) -> dict[str, str]:
    """The environment of a process that serves the newsroom in `data`, and of nothing else."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("DATELINE_")}
    return own | {
        "DATELINE_DATA": str(data),
        "DJANGO_SETTINGS_MODULE": "dateline.settings",
        "PYTHONPATH": str(ROOT),
    }


def filled(size: int, seed: int = synthetic.SEED) -> Path:
    """The data folder of a newsroom of so many stories, filled if it is not there yet."""
    data = building.store() / f"site-{size}-{seed}-{_version()}"
    if (data / "filled").exists():
        return data
    print(f"filling a newsroom with {size:,} stories …", flush=True)
    shutil.rmtree(data, ignore_errors=True)
    data.mkdir(parents=True)
    (data / "newsroom.toml").write_text(_TOML)
    began = time.monotonic()
    dateline(data, "prepare")
    _write(data / "stories.jsonl", size, seed)
    dateline(data, "import", str(data / "stories.jsonl"))
    (data / "stories.jsonl").unlink()
    dateline(data, "reindex")
    (data / "filled").touch()
    print(f"  {time.monotonic() - began:.0f} s", flush=True)
    return data


def _version() -> str:
    migrations = sorted((ROOT / "dateline").glob("*/migrations/*.py"))
    told = b"".join(path.read_bytes() for path in migrations) + str(schema.VERSION).encode()
    return hashlib.blake2b(told, digest_size=4).hexdigest()


def dateline(data: Path, *arguments: str) -> None:
    """Run one of Dateline's commands on the newsroom, to its end."""
    command = [sys.executable, "-m", "dateline.cli", *arguments]
    done = subprocess.run(command, env=environment(data), capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"dateline {arguments[0]} failed: {done.stderr[-1000:]}")


def _write(path: Path, size: int, seed: int) -> None:
    with path.open("w", encoding="utf-8") as file:
        for document in synthetic.documents(size, seed):
            file.write(json.dumps(_record(document)) + "\n")


def _record(document: Document) -> dict[str, object]:
    published = datetime.fromtimestamp(document.instant, UTC)
    paragraphs = document.body.split()
    return {
        "id": f"s-{document.id}",
        "language": document.language,
        "published": published.isoformat(),
        "genre": _GENRES[int(document.facets["genre"][0]) - 1],
        "offices": [f"Office {value}" for value in document.facets["office"]],
        "topics": [f"Topic {value}" for value in document.facets["topic"]],
        "headline": document.headline,
        "summary": document.summary,
        "body": "".join(
            f"<p>{' '.join(paragraphs[at : at + 50])}</p>" for at in range(0, len(paragraphs), 50)
        ),
    }


@contextmanager
def running(command: list[str], variables: Mapping[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """A server while it is needed; what it says goes nowhere."""
    server = subprocess.Popen(
        command, env=dict(variables), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield server
    finally:
        server.terminate()
        try:
            server.wait(40)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


@contextmanager
def served(data: Path, workers: int) -> Iterator[int]:
    """The newsroom as `dateline run` serves it; its port."""
    port = free_port()
    command = [sys.executable, "-m", "dateline.cli", "run", "--port", str(port)]
    with running([*command, "--workers", str(workers)], environment(data)):
        wait_for("127.0.0.1", port)
        yield port


@contextmanager
def plainly_served(data: Path, workers: int) -> Iterator[int]:
    """The plain views of bench.floor in the same server with the same settings; its port."""
    port = free_port()
    gunicorn = [sys.executable, "-m", "gunicorn", "--config", "python:dateline.operations.web"]
    variables = environment(data) | {"DATELINE_WORKERS": str(workers), "DATELINE_THREADS": "4"}
    command = [*gunicorn, "--bind", f"127.0.0.1:{port}", "bench.floor:application"]
    with running(command, variables):
        wait_for("127.0.0.1", port)
        yield port
