"""Nodes as readers meet them: the site running, a desk that works, a cache in front."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.message import Message
from pathlib import Path

import pytest
from newsrooms import Newsroom

ROOT = Path(__file__).parent.parent
PATIENCE = 60.0
"""Seconds after which something that should have happened counts as not happening."""

DESK = """
import json, sys, time, traceback
import django
django.setup(set_prefix=False)
sys.path.insert(0, {tests!r})
from build import *
from dateline.publishing import verbs
from dateline.stories.models import Story
for line in sys.stdin:
    try:
        exec(json.loads(line))
    except Exception:
        traceback.print_exc()
        sys.exit(1)
    print(time.time(), flush=True)
"""


def free_port() -> int:
    """A port that was free a moment ago."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


@dataclass
class Answer:
    """What a reader got."""

    status: int
    text: str
    headers: Message


def get(port: int, path: str, headers: Mapping[str, str] | None = None) -> Answer:
    """Ask a server on this machine; redirects are answers, and so are errors."""
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers=dict(headers or {}))
    try:
        with _opener.open(request, timeout=PATIENCE) as answer:
            return Answer(answer.status, answer.read().decode(), answer.headers)
    except urllib.error.HTTPError as error:
        return Answer(error.code, error.read().decode(), error.headers)


class _Redirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:  # type: ignore[override]
        return None


_opener = urllib.request.build_opener(_Redirects)


def until(holds: Callable[[], bool], what: str) -> float:
    """Wait until something holds; returns the moment. Fails after PATIENCE."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if holds():
            return time.time()
        time.sleep(0.005)
    raise AssertionError(f"it did not happen: {what}")


@dataclass
class Site:
    """A node: web processes and a worker on a data folder."""

    newsroom: Newsroom
    port: int
    process: subprocess.Popen[str]

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> Answer:
        return get(self.port, path, headers)

    def shows(self, text: str, path: str = "/en/news") -> bool:
        return text in self.get(path).text

    def stop(self) -> None:
        """End it, as a power cut would: every process of it at once."""
        with suppress(ProcessLookupError):
            self.process.kill()
        self.process.wait(PATIENCE)
        until(lambda: not _listens(self.port), "the node ends")


def _listens(port: int) -> bool:
    with socket.socket() as trial:
        return trial.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def site(newsroom: Newsroom, env: Mapping[str, str] | None = None) -> Iterator[Site]:
    """`dateline run` on a newsroom, from when it serves and its worker works."""
    port = free_port()
    process = newsroom.start(
        "run", "--port", str(port), "--workers", "1", env=env, stderr=subprocess.DEVNULL
    )
    try:
        until(lambda: _listens(port), "the node listens")
        until(lambda: get(port, "/readyz").text.startswith("ok"), "the node is ready")
        yield Site(newsroom, port, process)
    finally:
        if process.poll() is None:
            process.terminate()
        process.wait(PATIENCE)


@dataclass
class Desk:
    """A process that publishes; each piece of code is one visit to the desk."""

    process: subprocess.Popen[str]

    def do(self, code: str) -> float:
        """Run code with the builders and verbs at hand; returns when it was done."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps(code) + "\n")
        self.process.stdin.flush()
        done = self.process.stdout.readline()
        assert done, "the desk failed; its traceback is above"
        return float(done)

    def publish(self, headline: str) -> float:
        return self.do(f"published({headline!r})")


@contextmanager
def desk(newsroom: Newsroom, env: Mapping[str, str] | None = None) -> Iterator[Desk]:
    """Somebody at work with the same settings as a node."""
    code = DESK.format(tests=str(Path(__file__).parent))
    environment = newsroom.environment | {"DJANGO_SETTINGS_MODULE": "dateline.settings"}
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        env=environment | dict(env or {}),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield Desk(process)
    finally:
        process.stdin.close()  # type: ignore[union-attr]
        process.wait(PATIENCE)


@contextmanager
def varnish(origin: int, port: int) -> Iterator[None]:
    """varnishd on loopback with the example of `deploy/`, in front of a node."""
    program = shutil.which("varnishd")
    if program is None:
        pytest.skip("no Varnish: apt-get install varnish varnish-modules")
    example = (ROOT / "deploy/varnish/dateline.vcl").read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory(prefix="varnish-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)  # varnishd's own user reads the file
        vcl = Path(folder) / "dateline.vcl"
        vcl.write_text(example.replace('"8000"', f'"{origin}"'), encoding="utf-8")
        arguments = ["-a", f"127.0.0.1:{port}", "-f", str(vcl), "-n", f"{folder}/work"]
        process = subprocess.Popen(
            [program, "-F", "-j", "none", *arguments, "-s", "malloc,32m", "-p", "thread_pools=1"],
            stdout=subprocess.DEVNULL,
        )
        try:
            until(lambda: _listens(port), "Varnish listens")
            yield
        finally:
            process.terminate()
            process.wait(PATIENCE)
