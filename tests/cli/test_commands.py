"""The command: help that teaches, one sentence for an error, exit statuses fit for scripts."""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path

import pytest
from newsrooms import Newsroom, empty

from dateline.cli import failures, main, parsers


def _commands() -> list[str]:
    (action,) = [a for a in parsers.parser()._actions if a.dest == "command" or a.choices]
    return sorted(action.choices or ())


def _only_line(text: str) -> str:
    (line,) = text.strip().splitlines()
    return line


@pytest.mark.parametrize("command", ["run", "work", "import", "reindex", "check", "backup"])
def test_help_says_what_a_command_does_with_examples(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main([command, "--help"])
    assert ended.value.code == 0
    shown = capsys.readouterr().out
    assert "examples:" in shown
    assert f"dateline {command}" in shown


def test_help_lists_every_command_and_the_exit_statuses(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    shown = capsys.readouterr().out
    assert all(f"    {command}" in shown for command in _commands())
    assert "exit status:" in shown


def test_help_needs_neither_django_nor_a_data_folder(tmp_path: Path) -> None:
    code = "import sys; from dateline.cli import parsers; parsers.parser();"
    code += "print('django' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "False"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "arguments",
    [[], ["publish"], ["run", "--port", "80000"], ["run", "--workers", "0"], ["backup"]],
    ids=" ".join,
)
def test_what_is_not_understood_is_status_2(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert "usage: dateline" in capsys.readouterr().err


def test_a_taken_port_is_said_with_the_way_out(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert main(["run", "--port", str(port)]) == 1
    line = _only_line(capsys.readouterr().err)
    assert f"--port {port + 1}" in line
    assert "in use" in line


def test_a_wrong_newsroom_file_is_one_sentence(newsroom: Newsroom) -> None:
    (newsroom.data / "newsroom.toml").write_text("tme_zone = 'UTC'\n")
    done = newsroom.command("check")
    assert done.returncode == 1
    assert "tme_zone" in _only_line(done.stderr)


def test_a_wrong_setting_is_one_sentence(newsroom: Newsroom) -> None:
    done = newsroom.command("check", env={"DATELINE_DEBUG": "perhaps"})
    assert done.returncode == 1
    assert "DATELINE_DEBUG" in _only_line(done.stderr)


def test_a_database_that_does_not_answer_is_one_sentence(newsroom: Newsroom) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    url = f"postgres://nobody@127.0.0.1:{port}/none"
    done = newsroom.command("reindex", env={"DATELINE_DATABASE_URL": url})
    assert done.returncode == 1
    assert "DATELINE_DATABASE_URL" in _only_line(done.stderr)


def test_a_database_without_tables_says_what_to_run(tmp_path: Path) -> None:
    with empty(tmp_path) as fresh:
        done = fresh.command("reindex")
    assert done.returncode == 1
    assert "dateline prepare" in _only_line(done.stderr)


def test_a_check_that_finds_something_is_status_1(newsroom: Newsroom) -> None:
    good = newsroom.command("check")
    assert (good.returncode, "WRONG" in good.stdout) == (0, False)
    newsroom.data.chmod(0o777)
    bad = newsroom.command("check", "--quiet", "--quick")
    assert bad.returncode == 1
    assert "permissions" in _only_line(bad.stdout)


def test_djangos_commands_keep_their_own_arguments(newsroom: Newsroom) -> None:
    made = newsroom.command(
        "createsuperuser", "--noinput", "--username", "chief", "--email", "chief@example.org",
        env={"DJANGO_SUPERUSER_PASSWORD": "a long enough password"},
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    again = newsroom.command("createsuperuser", "--noinput", "--username", "chief")
    assert again.returncode == 1


def test_a_defect_keeps_its_traceback() -> None:
    assert failures.explain(KeyError("a bug")) is None
    assert failures.explain(RuntimeError("a bug")) is None


def test_interrupted_is_its_own_status(monkeypatch: pytest.MonkeyPatch) -> None:
    from dateline.cli import site

    def interrupted() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(site, "load", interrupted)
    assert main(["check"]) == 130
