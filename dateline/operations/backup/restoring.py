"""Putting a backup in a newsroom's place."""

from __future__ import annotations

import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader

from dateline.operations import indexing, locks
from dateline.operations.backup import contents, databases
from dateline.operations.backup.contents import Manifest
from dateline.operations.refused import Refused


def restore(source: Path, *, force: bool = False) -> tuple[Manifest, Path | None]:
    """Replace this newsroom by the one in a backup; returns its manifest and where the old one is.

    Nothing is touched before the whole file was read and found sound. What stood in the data
    folder is moved aside, not deleted. The index is removed: the caller builds it anew.
    """
    manifest = contents.verify(source)
    _refuse_unfit(manifest)
    empty = _is_empty()
    if not force and not empty:
        raise Refused(
            "this newsroom is not empty; --force replaces it "
            "(what is in the data folder now is moved aside, a PostgreSQL database is overwritten)."
        )
    with locks.running(shared=False) as alone:
        if not alone:
            raise Refused(
                "this newsroom is running; stop `dateline run` and `dateline work` first."
            )
        with tempfile.TemporaryDirectory(dir=settings.DATA, prefix="restore-") as folder:
            unpacked = Path(folder)
            _unpack(source, unpacked)
            databases.check(unpacked / contents.DATABASE)
            kept = _replace(unpacked)
    if kept and empty:  # the key and the empty database that loading the settings has made
        shutil.rmtree(kept)
        kept = None
    return manifest, kept


def _refuse_unfit(manifest: Manifest) -> None:
    if manifest.vendor != connection.vendor:
        raise Refused(
            f"the backup is of a {manifest.vendor} database and DATELINE_DATABASE_URL names "
            f"a {connection.vendor} one; restore it into the same kind."
        )
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    ours = {config.label for config in apps.get_app_configs()}
    newer = [
        name for name in manifest.migrations if name not in known and name.split(".")[0] in ours
    ]
    if newer:
        raise Refused(
            f"the backup was made by Dateline {manifest.dateline}, which is newer than this one "
            f"(it has {newer[0]}); upgrade first."
        )
    if manifest.size > (free := shutil.disk_usage(settings.DATA).free):
        raise Refused(f"the backup needs {manifest.size >> 20} MB; {free >> 20} MB are free.")


def _is_empty() -> bool:
    """Whether there is nothing to lose: no story, no login, no picture or document."""
    media = Path(settings.MEDIA_ROOT)
    if media.is_dir() and any(path.is_file() for path in media.rglob("*")):
        return False
    models = (apps.get_model("stories", "Story"), get_user_model())
    try:
        return not any(model._default_manager.exists() for model in models)
    except DatabaseError:  # no tables yet
        return True


def _unpack(source: Path, folder: Path) -> None:
    def write(name: str, content: IO[bytes]) -> None:
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        with place.open("wb") as file:
            shutil.copyfileobj(content, file)
        place.chmod(0o600 if name in {contents.SECRET_KEY, contents.DATABASE} else 0o640)

    contents.each_member(source, write)


def _replace(unpacked: Path) -> Path | None:
    """Move the old things aside and the new ones in; renames on one disk, so each is at once."""
    kept: Path = settings.DATA / f"before-restore-{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
    kept.mkdir(mode=0o700)
    databases.load(unpacked / contents.DATABASE, kept)
    (unpacked / contents.MEDIA).mkdir(exist_ok=True)
    for name, place in _places(unpacked).items():
        if place.exists():
            shutil.move(place, kept / place.name)
        if (new := unpacked / name).exists():
            shutil.move(new, place)
    indexing.remove()
    if any(kept.iterdir()):
        return kept
    kept.rmdir()
    return None


def _places(unpacked: Path) -> dict[str, Path]:
    """Member → where it belongs. The backup's logo is named by the backup's newsroom.toml."""
    logos = (unpacked / contents.LOGO).glob("*")
    return {
        **{f"{contents.LOGO}/{logo.name}": settings.DATA / logo.name for logo in logos},
        contents.NEWSROOM: settings.NEWSROOM_FILE,
        contents.SECRET_KEY: settings.DATA / "secret-key",
        contents.MEDIA: Path(settings.MEDIA_ROOT),
    }
