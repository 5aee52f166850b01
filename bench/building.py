"""Built archives: one folder per corpus and peer, kept, with what building took.

    python -m bench.building SIZE PEER...

builds what is not there yet. The folders are below DATELINE_BENCH (var/bench).
"""

from __future__ import annotations

import fcntl
import gc
import json
import os
import shutil
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from bench import machine, peers
from bench.corpora import ROOT, Corpus, synthetic_corpus
from bench.peers.base import Peer, Unavailable
from dateline.archive.engines.base import Document

RECORD = "build.json"


def store() -> Path:
    """Where built archives are kept."""
    folder = Path(os.environ.get("DATELINE_BENCH") or ROOT / "var" / "bench")
    folder.mkdir(parents=True, exist_ok=True)
    return folder.resolve()


def folder_of(corpus: Corpus, key: str) -> Path:
    """The folder of one peer's build of one corpus."""
    peer = peers.find(key)
    if peer.shares:
        return folder_of(corpus, peer.shares)
    return store() / corpus.key / f"{key}-{peer.layout()}".replace(" ", "-")


def record(corpus: Corpus, key: str) -> dict[str, Any] | None:
    """What building took, if it was built."""
    path = folder_of(corpus, key) / RECORD
    return json.loads(path.read_text()) if path.exists() else None


def ensure(corpus: Corpus, key: str) -> dict[str, Any]:
    """Build what is not there, in a process of its own; raises Unavailable where that fails."""
    peer = peers.find(key)
    if peer.most is not None and corpus.size > peer.most:
        raise Unavailable(f"not built with more than {peer.most:,} stories: it takes too long")
    with _alone(folder_of(corpus, key)):
        built = record(corpus, key)
        if built is None:
            print(f"building {peer.name}, {corpus.size:,} stories …", flush=True)
            built = _built(corpus, peer.shares or key)
            megabytes = built["disk"] / machine.MEGABYTE
            print(f"  {built['elapsed']:.0f} s, {megabytes:,.0f} MB", flush=True)
    return built


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Nobody else builds this folder meanwhile: two builders can share the work."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with folder.with_name(f"{folder.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _built(corpus: Corpus, key: str) -> dict[str, Any]:
    """In a child by fork: a corpus holds functions, and the child is as light as its parent."""
    folder = folder_of(corpus, key)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    context = get_context("fork")
    here, there = context.Pipe()
    child = context.Process(target=_build, args=(corpus, key, folder, there))
    child.start()
    there.close()
    try:
        outcome: dict[str, Any] | str = here.recv()
    except EOFError:
        outcome = f"building ended with status {child.exitcode}"
    child.join()
    if isinstance(outcome, str):
        shutil.rmtree(folder, ignore_errors=True)
        raise Unavailable(outcome)
    (folder / RECORD).write_text(json.dumps(outcome, indent=1) + "\n")
    return outcome


def _build(corpus: Corpus, key: str, folder: Path, answer: Connection) -> None:
    peer = peers.find(key)(folder)
    try:
        answer.send(_timed(corpus, peer))
    except Exception as error:
        answer.send(f"{type(error).__name__}: {error}")
        raise
    finally:
        peer.stop()


def _timed(corpus: Corpus, peer: Peer) -> dict[str, Any]:
    """Build; `elapsed` seconds include `making` the documents, `processor` seconds do not.

    Who indexes in other threads does so while the documents are made: the elapsed times can be
    compared with each other, but less the making they would say too little.
    """
    spent = _Making()
    used, began = machine.processor_seconds(), time.monotonic()
    peer.start()
    peer.build(_without_making(corpus.documents(), spent))
    elapsed = time.monotonic() - began
    servers = sum(_server_seconds(process) for process in peer.servers())
    return {
        "elapsed": round(elapsed, 2),
        "making": round(spent.elapsed, 2),
        "processor": round(machine.processor_seconds() - used - spent.processor + servers, 2),
        "peak_mb": round(machine.peak_memory()),
        "server_mb": round(machine.shared_memory(peer.servers())),
        "disk": peer.disk(),
        "load": round(os.getloadavg()[0], 1),
        "at": datetime.now(UTC).isoformat(timespec="minutes"),
    }


def _server_seconds(process: int) -> float:
    """Processor time of a server's process and of its children that have ended."""
    try:
        stat = Path(f"/proc/{process}/stat").read_text()
    except OSError:  # it has ended, and counts with its parent
        return 0.0
    fields = stat.rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")


@dataclass
class _Making:
    """Seconds that went into making documents, of the clock and of the processor."""

    elapsed: float = 0.0
    processor: float = 0.0


def _without_making(documents: Iterable[Document], spent: _Making) -> Iterator[Document]:
    """The documents; how long making them took goes into `spent`."""
    source = iter(documents)
    gc.freeze()
    while True:
        began, used = time.monotonic(), time.thread_time()
        batch = list(islice(source, 1000))
        spent.elapsed += time.monotonic() - began
        spent.processor += time.thread_time() - used
        if not batch:
            return
        yield from batch


def main(size: str, *keys: str) -> None:
    """Build a synthetic archive of this size for these peers (all of them if none is named)."""
    corpus = synthetic_corpus(int(size))
    for key in keys or peers.NAMES:
        try:
            ensure(corpus, key)
        except Unavailable as reason:
            print(f"{key}: {reason}")


if __name__ == "__main__":
    main(*sys.argv[1:])
