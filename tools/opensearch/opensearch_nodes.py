#!/usr/bin/env python3
"""OpenSearch on this machine, from Maven Central's jars: for the tests, the measurements, a try.

    tools/opensearch/opensearch_nodes.py 3     three nodes on loopback until Ctrl-C; says where

Needs Java 17 (a JDK) and Maven. The jars are kept in ~/.cache/dateline/opensearch, or where
DATELINE_OPENSEARCH says.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).parent
HEAP = "512m"
PATIENCE = 120.0


class NoNodes(Exception):  # noqa: N818 - a state of the machine
    """OpenSearch cannot be started here; the message says what is missing."""


def missing() -> str:
    """What this machine lacks to run a node; "" where it has everything."""
    for program, package in (("javac", "openjdk-17-jdk-headless"), ("mvn", "maven")):
        if shutil.which(program) is None:
            return f"there is no {program} (apt install {package})"
    return ""


def classpath() -> Path:
    """The folder with the jars and the compiled launcher, filled by Maven the first time."""
    if lacking := missing():
        raise NoNodes(lacking)
    default = Path.home() / ".cache/dateline/opensearch"
    folder = Path(os.environ.get("DATELINE_OPENSEARCH", default))
    folder.mkdir(parents=True, exist_ok=True)
    wanted = (HERE / "pom.xml").read_text() + (HERE / "Launcher.java").read_text()
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        made = folder / "made-from"
        if not made.exists() or made.read_text() != wanted:
            _fill(folder)
            made.write_text(wanted)
    return folder


def _fill(folder: Path) -> None:
    shutil.rmtree(folder / "lib", ignore_errors=True)
    copy = ["mvn", "-q", "-B", "-f", HERE / "pom.xml", "dependency:copy-dependencies"]
    subprocess.run([*copy, f"-DoutputDirectory={folder / 'lib'}"], check=True)
    compile_ = ["javac", "-nowarn", "-d", folder / "lib", "-cp", folder / "lib/*"]
    subprocess.run([*compile_, HERE / "Launcher.java"], check=True)


@dataclass
class Node:
    """One process, with a folder and ports that stay its own over restarts."""

    name: str
    folder: Path
    http: int
    transport: int
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.http}"

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/", timeout=2):  # noqa: S310 - loopback
                return True
        except OSError:
            return False


@dataclass
class Cluster:
    """Some nodes on loopback, used as a context manager."""

    count: int = 3
    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="opensearch-")))
    nodes: list[Node] = field(default_factory=list)

    def __enter__(self) -> Cluster:
        library = classpath()
        ports = _ports(2 * self.count)
        self.nodes = [
            Node(f"n{i}", self.folder / f"n{i}", ports[2 * i], ports[2 * i + 1])
            for i in range(self.count)
        ]
        self._library = library
        for node in self.nodes:
            self.start(node)
        self.wait()
        return self

    def __exit__(self, *_: object) -> None:
        for node in self.nodes:
            self.kill(node)
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def urls(self) -> list[str]:
        return [node.url for node in self.nodes]

    def start(self, node: Node) -> None:
        """Start a node, on whatever it held when it ended."""
        for name in ("config", "modules", "plugins", "logs"):
            (node.folder / name).mkdir(parents=True, exist_ok=True)
        with (node.folder / "output").open("ab") as output:
            node.process = subprocess.Popen(
                [*self._java(), "Launcher", *self._settings(node)],
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    def kill(self, node: Node) -> None:
        """End a node without warning (SIGKILL)."""
        if node.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(node.process.pid, signal.SIGKILL)
            node.process.wait()
            node.process = None

    def wait(self) -> None:
        """Until every node that was started answers."""
        end = time.monotonic() + PATIENCE
        for node in self.nodes:
            while node.process is not None and not node.answers():
                if node.process.poll() is not None or time.monotonic() > end:
                    output = (node.folder / "output").read_text(errors="replace")
                    raise NoNodes(f"{node.name} did not start:\n{output[-3000:]}")
                time.sleep(0.2)

    def _java(self) -> list[str]:
        library = f"{self._library / 'lib'}{os.pathsep}{self._library / 'lib/*'}"
        quiet = ["-Dlog4j2.disable.jmx=true", "-Dlog4j2.level=warn", "-XX:+UseSerialGC"]
        return ["java", f"-Xms{HEAP}", f"-Xmx{HEAP}", "-Xshare:auto", *quiet, "-cp", library]

    def _settings(self, node: Node) -> list[str]:
        return [
            f"path.home={node.folder}",
            f"node.name={node.name}",
            "cluster.name=dateline",
            "network.host=127.0.0.1",
            f"http.port={node.http}",
            f"transport.port={node.transport}",
            "discovery.seed_hosts=" + ",".join(f"127.0.0.1:{one.transport}" for one in self.nodes),
            "cluster.initial_cluster_manager_nodes=" + ",".join(one.name for one in self.nodes),
            # The machine's disk is shared with everything else on it.
            "cluster.routing.allocation.disk.threshold_enabled=false",
            "cluster.fault_detection.follower_check.interval=500ms",
            "cluster.fault_detection.follower_check.timeout=2s",
            "cluster.fault_detection.leader_check.interval=500ms",
            "cluster.fault_detection.leader_check.timeout=2s",
        ]


def _ports(count: int) -> list[int]:
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1
    try:
        with Cluster(count) as cluster:
            print("DATELINE_SEARCH=opensearch://" + _hosts(cluster.urls) + "/dateline", flush=True)
            signal.sigwait({signal.SIGINT, signal.SIGTERM})
    except NoNodes as error:
        sys.exit(f"OpenSearch cannot be started here: {error}")


def _hosts(urls: list[str]) -> str:
    return ",".join(url.removeprefix("http://") for url in urls)


if __name__ == "__main__":
    main()
