"""Making a backup of a newsroom, running or not."""

from __future__ import annotations

import hashlib
import io
import os
import tarfile
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import IO

from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from dateline.operations.backup import contents, databases
from dateline.operations.backup.contents import Held, Manifest
from dateline.operations.refused import Refused


def write(target: Path) -> Manifest:
    """Write a backup and read it back; only then does it get its name.

    The database comes first: a picture added meanwhile is in the file and not yet in the database,
    which does no harm, and never the other way about.
    """
    if not target.parent.is_dir():
        raise Refused(f"{target.parent}: there is no such folder.")
    partial = target.with_name(f"{target.name}.partial")
    try:
        with tempfile.TemporaryDirectory(dir=settings.DATA, prefix="backup-") as folder:
            dump = Path(folder) / contents.DATABASE
            databases.dump(dump)
            _pack(partial, dump)
        manifest = contents.verify(partial)
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)
    return manifest


def _pack(target: Path, dump: Path) -> None:
    files: dict[str, Held] = {}
    # It holds the secret key and every draft: for its owner's eyes alone.
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with (
        os.fdopen(descriptor, "wb") as file,
        tarfile.open(fileobj=file, mode="w:gz", compresslevel=6) as archive,
    ):
        for name, path in _members(dump):
            if (held := _add(archive, name, path)) is not None:
                files[name] = held
        data = _manifest(files).to_json()
        entry = tarfile.TarInfo(contents.MANIFEST)
        entry.size = len(data)
        archive.addfile(entry, io.BytesIO(data))
    with target.open("rb") as written:
        os.fsync(written.fileno())


def _members(dump: Path) -> Iterator[tuple[str, Path]]:
    yield contents.DATABASE, dump
    yield contents.NEWSROOM, settings.NEWSROOM_FILE
    yield contents.SECRET_KEY, settings.DATA / "secret-key"
    logo = settings.DATA / Path(settings.NEWSROOM.logo).name
    if logo.suffix in contents.PICTURES and logo.is_file():
        yield f"{contents.LOGO}/{logo.name}", logo
    media = Path(settings.MEDIA_ROOT)
    for path in sorted(media.rglob("*")):
        if path.is_file():
            yield f"{contents.MEDIA}/{path.relative_to(media).as_posix()}", path


def _add(archive: tarfile.TarFile, name: str, path: Path) -> Held | None:
    """Add a file as it is now; None where there is none (any more)."""
    try:
        file = path.open("rb")
    except FileNotFoundError:
        return None
    with file:
        entry = tarfile.TarInfo(name)
        found = os.fstat(file.fileno())
        entry.size, entry.mtime, entry.mode = found.st_size, int(found.st_mtime), 0o600
        hashed = _Hashing(file)
        archive.addfile(entry, hashed)  # type: ignore[arg-type]
    return Held(entry.size, hashed.digest.hexdigest())


class _Hashing:
    """Reading a file and hashing what was read, so that each is read once."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        self.digest = hashlib.sha256()

    def read(self, size: int) -> bytes:
        block = self.file.read(size)
        self.digest.update(block)
        return block


def _manifest(files: dict[str, Held]) -> Manifest:
    applied = MigrationRecorder(connection).applied_migrations()
    return Manifest(
        dateline=metadata.version("dateline"),
        made=datetime.now(UTC).isoformat(timespec="seconds"),
        vendor=connection.vendor,
        migrations=tuple(sorted(f"{app}.{name}" for app, name in applied)),
        files=files,
    )
