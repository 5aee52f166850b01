"""The whole site under one command: it serves, follows what is published, and stops cleanly."""

from __future__ import annotations

import signal
import socket
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from newsrooms import Newsroom, empty, stories


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


@contextmanager
def _running(newsroom: Newsroom, port: int) -> Iterator[subprocess.Popen[str]]:
    """The site, from its "is at" on: the port is bound then, so that a request waits its turn."""
    site = newsroom.start(
        "run", "--port", str(port), "--workers", "1", stderr=subprocess.PIPE
    )  # fmt: skip
    try:
        assert site.stderr
        assert f"http://localhost:{port}/" in site.stderr.readline()
        yield site
    finally:
        site.terminate()
        site.communicate(timeout=60)


def _get(port: int, path: str) -> str:
    address = f"http://127.0.0.1:{port}{path}"
    with urllib.request.urlopen(address, timeout=120) as response:
        return str(response.read().decode())


def test_what_is_published_is_served_without_a_restart(newsroom: Newsroom) -> None:
    port = _free_port()
    with _running(newsroom, port) as site:
        assert _get(port, "/healthz") == "ok\n"
        assert "Story 4" in _get(port, "/en/news")
        code = stories(0).replace('office("vienna"', 'office("elsewhere"')
        newsroom.shell(f"{code}\npublished('A story of this minute')")
        while "A story of this minute" not in _get(port, "/en/news"):
            assert site.poll() is None
        assert _get(port, "/readyz") == "ok\n"
        site.send_signal(signal.SIGTERM)
        assert site.wait(timeout=60) == 0
    with socket.create_server(("127.0.0.1", port)):
        pass  # the port is free again: nothing of the site is left


def test_a_newsroom_that_was_not_prepared_is_not_served(tmp_path: Path) -> None:
    with empty(tmp_path) as fresh:
        done = fresh.command("run", "--port", str(_free_port()), "--workers", "1")
    assert done.returncode == 1
    assert "dateline prepare" in done.stderr
