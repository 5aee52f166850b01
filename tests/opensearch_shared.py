"""One OpenSearch node for all workers of a test run: the first to need it starts it."""

from __future__ import annotations

import fcntl
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import opensearch_nodes as nodes


@contextmanager
def shared(folder: Path) -> Iterator[str]:
    """The node's address; the last of those who share `folder` ends it. Raises NoNodes."""
    if lacking := nodes.missing():
        raise nodes.NoNodes(lacking)
    with (folder / "opensearch.users").open("w") as users:
        fcntl.flock(users, fcntl.LOCK_SH)
        yield _started(folder)
        with suppress(BlockingIOError):
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            _stop(folder)


def _started(folder: Path) -> str:
    with (folder / "opensearch.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        known = folder / "opensearch.node"
        if not known.exists():
            cluster = nodes.Cluster(1, folder=folder / "opensearch")
            cluster.__enter__()
            (node,) = cluster.nodes
            assert node.process is not None
            known.write_text(f"{node.process.pid} {node.url}")
        return known.read_text().split()[1]


def _stop(folder: Path) -> None:
    known = folder / "opensearch.node"
    with suppress(ProcessLookupError):
        os.killpg(int(known.read_text().split()[0]), signal.SIGKILL)
    known.unlink()
