"""A backup holds the newsroom whole and is believed only when it is sound."""

from __future__ import annotations

import gzip
import io
import json
import os
import random
import stat
import tarfile
from pathlib import Path

import pytest
from newsrooms import Newsroom, empty

from dateline.operations.backup import contents
from dateline.operations.refused import Refused

HEADLINES = (
    "from dateline.stories.models import Story;"
    "print(sorted(Story.objects.values_list('headline', 'slug', 'number', 'state')))"
)


@pytest.fixture(scope="module")
def backup(prepared: Newsroom, tmp_path_factory: pytest.TempPathFactory) -> Path:
    media = prepared.data / "media" / "documents"
    media.mkdir(parents=True)
    (prepared.data / "logo.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    (media / "report.pdf").write_bytes(b"%PDF-1.7 " + random.Random(1).randbytes(300_000))
    path = tmp_path_factory.mktemp("backup") / "newsroom.tar.gz"
    made = prepared.command("backup", str(path))
    assert made.returncode == 0, made.stderr
    return path


def _files(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not path.name.endswith((".lock", "-shm", "-wal"))
    }


def test_a_backup_is_for_its_owner_alone(backup: Path) -> None:
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    assert list(backup.parent.iterdir()) == [backup]


def test_an_ordinary_tar_program_reads_it(backup: Path) -> None:
    with tarfile.open(backup) as archive:
        names = archive.getnames()
        manifest = json.load(archive.extractfile(names[-1]))  # type: ignore[arg-type]
    assert names[-1] == "manifest.json"
    assert sorted(manifest["files"]) == sorted(names[:-1])
    assert {"database", "newsroom.toml", "secret-key", "media/documents/report.pdf"} <= set(names)


def test_restored_elsewhere_it_is_the_same_newsroom(
    backup: Path, prepared: Newsroom, tmp_path: Path
) -> None:
    with empty(tmp_path) as elsewhere:
        restored = elsewhere.command("restore", str(backup))
        assert restored.returncode == 0, restored.stderr
        assert elsewhere.shell(HEADLINES) == prepared.shell(HEADLINES)
        for name in ("secret-key", "newsroom.toml", "logo.svg", "media/documents/report.pdf"):
            assert (elsewhere.data / name).read_bytes() == (prepared.data / name).read_bytes()
        checked = elsewhere.command("check")
        assert checked.returncode == 0, checked.stdout
        assert "ok       index" in checked.stdout
        assert not list(elsewhere.data.glob("before-restore-*"))


def test_a_newsroom_that_is_not_empty_is_replaced_only_by_force(
    backup: Path, newsroom: Newsroom
) -> None:
    newsroom.shell("from dateline.stories.models import Story; Story.objects.all().delete()")
    newsroom.shell(
        "from django.contrib.auth import get_user_model as m; m().objects.create_user('someone')"
    )
    refused = newsroom.command("restore", str(backup))
    assert refused.returncode == 1
    assert "--force" in refused.stderr
    assert newsroom.shell(HEADLINES) == "[]"

    forced = newsroom.command("restore", "--force", str(backup))
    assert forced.returncode == 0, forced.stderr
    assert "Story 4" in newsroom.shell(HEADLINES)
    (kept,) = newsroom.data.glob("before-restore-*")
    assert (kept / "newsroom.toml").exists()


def test_nothing_is_touched_by_a_damaged_backup(
    backup: Path, newsroom: Newsroom, tmp_path: Path
) -> None:
    damaged = tmp_path / "damaged.tar.gz"
    damaged.write_bytes(backup.read_bytes()[:-2000])
    before = _files(newsroom.data)
    refused = newsroom.command("restore", "--force", str(damaged))
    assert refused.returncode == 1
    assert len(refused.stderr.strip().splitlines()) == 1
    assert _files(newsroom.data) == before


def test_nothing_is_restored_under_a_running_newsroom(backup: Path, newsroom: Newsroom) -> None:
    import fcntl

    with (newsroom.data / "running.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_SH)
        refused = newsroom.command("restore", "--force", str(backup))
    assert refused.returncode == 1
    assert "stop" in refused.stderr


def test_a_file_cut_short_anywhere_is_refused(backup: Path, tmp_path: Path) -> None:
    whole, cut = backup.read_bytes(), tmp_path / "cut.tar.gz"
    choose = random.Random(2)
    for length in [0, 1, 9, len(whole) - 1, *(choose.randrange(len(whole)) for _ in range(30))]:
        cut.write_bytes(whole[:length])
        with pytest.raises(Refused):
            contents.verify(cut)


def test_a_file_with_any_byte_changed_is_refused_or_holds_the_same(
    backup: Path, tmp_path: Path
) -> None:
    """Bytes of gzip's own header (time, name of the system) may differ; nothing of ours may."""
    whole, changed = backup.read_bytes(), tmp_path / "changed.tar.gz"
    good, choose = contents.verify(backup), random.Random(3)
    for place in [*range(12), *(choose.randrange(12, len(whole)) for _ in range(40))]:
        changed.write_bytes(
            whole[:place] + bytes([whole[place] ^ choose.randrange(1, 256)]) + whole[place + 1 :]
        )
        try:
            assert contents.verify(changed) == good
            assert place < 12
        except Refused:
            pass


@pytest.mark.parametrize(
    "name",
    ["/etc/passwd", "media/../../up", "../up", "media", "other", "logo/secret-key", "logo/a/b.svg"],
)
def test_a_member_that_points_out_of_the_folder_is_refused(name: str, tmp_path: Path) -> None:
    path = tmp_path / "evil.tar.gz"
    with tarfile.open(path, "w:gz") as archive:
        entry = tarfile.TarInfo(name)
        entry.size = 1
        archive.addfile(entry, io.BytesIO(b"x"))
    with pytest.raises(Refused, match="unexpected member"):
        contents.verify(path)


def test_a_link_in_a_backup_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "link.tar.gz"
    with tarfile.open(path, "w:gz") as archive:
        entry = tarfile.TarInfo("media/link")
        entry.type, entry.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(entry)
    with pytest.raises(Refused, match="unexpected member"):
        contents.verify(path)


@pytest.mark.parametrize(
    "content",
    [b"", b"no archive", gzip.compress(b"no tar"), os.urandom(5000)],
    ids=["empty", "text", "packed text", "noise"],
)
def test_what_is_no_backup_is_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "other"
    path.write_bytes(content)
    with pytest.raises(Refused):
        contents.verify(path)


def test_a_missing_file_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="no such file"):
        contents.verify(tmp_path / "nowhere.tar.gz")


def test_a_backup_of_a_newer_version_is_refused(
    backup: Path, newsroom: Newsroom, tmp_path: Path
) -> None:
    """Its tables would have columns that this version knows nothing of."""
    newer = tmp_path / "newer.tar.gz"
    with tarfile.open(backup) as old, tarfile.open(newer, "w:gz") as archive:
        for member in old:
            data = old.extractfile(member).read()  # type: ignore[union-attr]
            if member.name == "manifest.json":
                manifest = json.loads(data)
                manifest["migrations"].append("stories.9999_from_the_future")
                data = json.dumps(manifest).encode()
                member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    refused = newsroom.command("restore", "--force", str(newer))
    assert refused.returncode == 1
    assert "newer" in refused.stderr
