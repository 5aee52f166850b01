"""The supervisor keeps its children running, stops them cleanly, and gives up where that helps."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

from dateline.operations import supervisor
from dateline.operations.supervisor import ATTEMPTS, MISCONFIGURED, Child

SUPERVISE = """
import logging, sys
from dateline.operations import supervisor
logging.basicConfig(level="INFO")
supervisor.LONGEST_WAIT = 0.1
children = [supervisor.Child(f"child {n}", [sys.executable, "-uc", code])
            for n, code in enumerate(sys.argv[1:])]
sys.exit(supervisor.Supervisor(children, ready="ready").run())
"""

# One write for a line: two children share the pipe.
STAYS = "import os, signal; os.write(1, b'up\\n'); signal.pause()"
FINISHES = """
import os, signal, sys
def finish(*_): os.write(1, b'finished\\n'); sys.exit(0)
signal.signal(signal.SIGTERM, finish)
os.write(1, b'up\\n')
while True: signal.pause()
"""


def _supervise(*children: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-uc", SUPERVISE, *children],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _line(process: subprocess.Popen[str]) -> str:
    assert process.stdout
    return process.stdout.readline().strip()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_children_finish_what_they_do_when_it_is_told_to_stop(number: int) -> None:
    running = _supervise(FINISHES, FINISHES)
    assert [_line(running), _line(running)] == ["up", "up"]
    running.send_signal(number)
    out, _ = running.communicate(timeout=60)
    assert out.split() == ["finished", "finished"]
    assert running.returncode == 0


def test_a_child_that_crashes_is_started_again_and_the_other_left_alone() -> None:
    crashes = "import os; os.write(1, b'%d\\n' % os.getpid()); os._exit(7)"
    running = _supervise(crashes, STAYS)
    lines = [_line(running) for _ in range(4)]
    running.send_signal(signal.SIGTERM)
    _, errors = running.communicate(timeout=60)
    pids = [line for line in lines if line != "up"]
    assert lines.count("up") == 1
    assert len(set(pids)) == 3
    assert "ended with status 7" in errors
    assert running.returncode == 0


def test_a_child_that_never_comes_up_ends_everything() -> None:
    running = _supervise("import sys; print('tried'); sys.exit(1)", FINISHES)
    out, errors = running.communicate(timeout=60)
    assert out.split().count("tried") == ATTEMPTS
    assert "finished" in out
    assert "child 0 does not come up" in errors
    assert running.returncode == 1


def test_a_child_that_says_starting_again_is_useless_is_not_started_again() -> None:
    running = _supervise(f"import sys; print('tried'); sys.exit({MISCONFIGURED})")
    out, _ = running.communicate(timeout=60)
    assert out.split() == ["tried"]
    assert running.returncode == 1


@pytest.mark.skipif(sys.platform != "linux", reason="prctl(2) is Linux's")
def test_children_end_with_a_supervisor_that_was_killed() -> None:
    running = _supervise(FINISHES)
    assert _line(running) == "up"
    running.kill()
    assert running.wait(timeout=60) == -signal.SIGKILL
    assert _line(running) == "finished"
    running.communicate(timeout=60)


def test_the_wait_before_another_start_grows_and_has_an_end() -> None:
    child, waits = Child("child", ["false"]), []
    for now in range(ATTEMPTS):
        child.process = subprocess.Popen(["false"])
        child.process.wait()
        child.started = now
        assert child.ended(now) == 1
        waits.append(child.resume - now)
    assert waits == [1, 2, 4, 8, 16, supervisor.LONGEST_WAIT]


def test_a_child_that_was_up_for_long_starts_again_at_once() -> None:
    child = Child("child", ["false"], failures=5)
    child.process = subprocess.Popen(["false"])
    child.process.wait()
    child.ended(now=1000.0)
    assert (child.failures, child.resume) == (1, 1001.0)


def test_a_taken_port_is_an_error_before_anything_starts() -> None:
    with supervisor.listen("127.0.0.1", 0) as listening:
        port = listening.getsockname()[1]
        with pytest.raises(OSError, match="in use"):
            supervisor.listen("127.0.0.1", port)


def test_the_web_processes_get_the_socket_and_not_the_port() -> None:
    with supervisor.listen("127.0.0.1", 0) as listening:
        web, worker = supervisor.site(listening, workers=3, threads=5)
    assert f"fd://{web.descriptors[0]}" in web.command
    assert web.environment == {"DATELINE_WORKERS": "3", "DATELINE_THREADS": "5"}
    assert not worker.descriptors


def test_the_worker_may_have_the_database_by_another_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATELINE_DATABASE_WORKER_URL", "postgres://dateline@db:5432/dateline")
    with supervisor.listen("127.0.0.1", 0) as listening:
        web, worker = supervisor.site(listening, workers=1, threads=1)
    assert worker.environment == {"DATELINE_DATABASE_URL": "postgres://dateline@db:5432/dateline"}
    assert "DATELINE_DATABASE_URL" not in web.environment
