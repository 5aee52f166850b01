"""What the documents say is so: links lead somewhere, settings and commands exist."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import tomllib
from dataclasses import fields
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from dateline.cli import parsers
from dateline.lib.newsroom import Newsroom, load

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
SETTING = re.compile(r"\bDATELINE_[A-Z]+(?:_[A-Z]+)*\b")
EXAMPLE_WORDS = {"COMMAND", "FILE", "FILE_OR_URL"}


def _named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def _prose(path: Path) -> str:
    return FENCE.sub("", path.read_text(encoding="utf-8"))


def _anchors(path: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", _prose(path), re.MULTILINE)
    return {
        re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings
    }


def _shell_lines(path: Path) -> list[str]:
    blocks = FENCE.findall(path.read_text(encoding="utf-8"))
    text = "\n".join(block for language, block in blocks if language in {"sh", "bash", "console"})
    lines = text.replace("\\\n", " ").splitlines()
    return [line.split("#")[0].removeprefix("$ ").strip() for line in lines]


def _commands(path: Path) -> list[list[str]]:
    """The words after `dateline` of each command in shell blocks and in the text."""
    spans = re.findall(r"`([^`\n]+)`", _prose(path))
    found = []
    for line in (*_shell_lines(path), *spans):
        for part in re.split(r"&&|\|\||[|;]", line):
            words = re.sub(r"^(?:\w+=\S+ +|sudo(?: -\S+| dateline)* +)*", "", part.strip())
            if match := re.match(r"(?:\S*/)?dateline +(?![/=.])(.+)", words):
                found.append(shlex.split(match[1]))
    return found


@pytest.mark.parametrize("document", DOCUMENTS, ids=_named)
def test_every_link_inside_the_repository_leads_somewhere(document: Path) -> None:
    for target in LINK.findall(_prose(document)):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        path = (document.parent / name).resolve() if name else document
        assert path.exists(), f"{target} leads nowhere"
        assert ROOT in path.parents, f"{target} leads out of the repository"
        if anchor and path.suffix == ".md":
            assert anchor in _anchors(path), f"{target}: no such heading"


@pytest.mark.parametrize("document", DOCUMENTS, ids=_named)
def test_every_command_of_the_documents_is_understood(document: Path) -> None:
    for words in _commands(document):
        if words[0] in EXAMPLE_WORDS or words == ["--help"]:
            continue
        try:
            parsers.parser().parse_args([word for word in words if word != "…"])
        except SystemExit as ended:
            alone = len(words) == 1 and words[0] in {
                "import",
                "backup",
                "restore",
                "copy-index",
                "token",
            }
            assert ended.code == 0 or alone, f"dateline {' '.join(words)}"  # noqa: PT017


@pytest.mark.parametrize("document", DOCUMENTS, ids=_named)
def test_every_make_target_of_the_documents_exists(document: Path) -> None:
    targets = set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    text = "\n".join([*_shell_lines(document), *re.findall(r"`([^`\n]+)`", _prose(document))])
    used = set(re.findall(r"(?:^|&& |\s)make ([a-z]+)\b", text, re.MULTILINE))
    assert used <= targets


def test_make_help_names_targets_that_exist() -> None:
    shown = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True)
    named = set(re.findall(r"^make (\w+)", shown.stdout, re.MULTILINE))
    targets = set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert {"demo", "test", "lint", "soak", "bench"} <= named <= targets


def test_every_setting_is_documented_and_every_documented_one_exists() -> None:
    table = re.findall(
        r"^\| `(DATELINE_\w+)`", (ROOT / "docs/settings.md").read_text(), re.MULTILINE
    )
    assert len(table) == len(set(table))
    sources = [
        *(ROOT / "dateline").rglob("*.py"),
        *(ROOT / "tests").rglob("*.py"),
        ROOT / "Makefile",
    ]
    sources.remove(Path(__file__))
    read = {name for path in sources for name in SETTING.findall(path.read_text(encoding="utf-8"))}
    assert set(table) == read


def test_every_entry_of_the_newsroom_file_is_documented() -> None:
    section = (ROOT / "docs/settings.md").read_text(encoding="utf-8").split("## newsroom.toml")[1]
    documented = re.findall(r"^\| `(\w+)`", section, re.MULTILINE)
    assert sorted(documented) == sorted(field.name for field in fields(Newsroom))


@pytest.mark.parametrize("document", DOCUMENTS, ids=_named)
def test_every_example_of_a_newsroom_file_can_be_used(document: Path, tmp_path: Path) -> None:
    for language, block in FENCE.findall(document.read_text(encoding="utf-8")):
        if language == "toml":
            (tmp_path / "newsroom.toml").write_text(block, encoding="utf-8")
            load(tmp_path / "newsroom.toml")


def test_the_settings_in_the_examples_for_a_server_exist() -> None:
    documented = set(SETTING.findall((ROOT / "docs/settings.md").read_text(encoding="utf-8")))
    for path in (path for path in (ROOT / "deploy").rglob("*") if path.is_file()):
        assert set(SETTING.findall(path.read_text(encoding="utf-8"))) <= documented, path


def test_nginx_takes_the_example(tmp_path: Path) -> None:
    if shutil.which("nginx") is None:
        pytest.skip("no nginx to ask; apt install nginx-light")
    text = (ROOT / "deploy/nginx/dateline.conf").read_text(encoding="utf-8")
    # Ports below 1024 and certificates are the server's; all else is taken as it stands.
    text = re.sub(r"listen .*?;", f"listen unix:{tmp_path}/s;", text, count=1)
    text = re.sub(
        r"listen (?:\[::\]:)?(?:80|443)\b.*?;|ssl_certificate.*;|ssl_protocols.*;", "", text
    )
    conf = tmp_path / "nginx.conf"
    conf.write_text(f"pid {tmp_path}/pid; error_log stderr; events {{}} http {{\n{text}\n}}\n")
    done = subprocess.run(
        ["nginx", "-t", "-q", "-p", str(tmp_path), "-c", str(conf)], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


def test_nginx_is_never_told_where_media_lie() -> None:
    text = (ROOT / "deploy/nginx/dateline.conf").read_text(encoding="utf-8")
    rules = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))
    assert "media" not in rules


def test_locked_files_have_hashes_and_name_no_address() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert "://" not in text
        assert "--index" not in text
        for entry in re.split(r"\n(?=[a-z0-9])", text)[1:]:
            assert "--hash=sha256:" in entry, entry.splitlines()[0]
    runs, dev = ((ROOT / name).read_text() for name in ("requirements.txt", "requirements-dev.txt"))
    pinned = re.compile(r"^([a-z0-9-]+==\S+(?: ;.*?)?) \\$", re.MULTILINE)
    assert set(pinned.findall(runs)) <= set(pinned.findall(dev))


def test_nothing_in_the_repository_names_one_machines_paths_or_hosts() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listed.returncode:
        pytest.skip("not a checkout: there is no list of files")
    private = ("/wo" + "rk/", "pypi" + ".org", "python" + "hosted", "npmjs" + ".org", "TO" + "DO:")
    for name in filter(None, listed.stdout.split("\0")):
        try:
            text = (ROOT / name).read_text(encoding="utf-8")
        except (UnicodeDecodeError, FileNotFoundError, IsADirectoryError):
            continue
        assert not [word for word in private if word in text], name


def test_what_the_project_needs_is_locked_in_a_version_that_will_do() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    for name, needed in (
        ("requirements.txt", project["dependencies"]),
        ("requirements-dev.txt", [*project["dependencies"], *extras["test"], *extras["lint"]]),
    ):
        pins = re.findall(r"^([a-z0-9-]+)==([^\s;]+)", (ROOT / name).read_text(), re.MULTILINE)
        for requirement in map(Requirement, needed):
            found = [version for pinned, version in pins if pinned == requirement.name.lower()]
            assert found, f"{requirement.name} is not in {name}; make lock"
            assert all(requirement.specifier.contains(version) for version in found), requirement
