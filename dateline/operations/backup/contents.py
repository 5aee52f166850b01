"""What a backup file holds, and reading it without believing it."""

from __future__ import annotations

import gzip
import hashlib
import json
import tarfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO

from dateline.operations.refused import Refused

FORMAT = 1
MANIFEST = "manifest.json"
DATABASE = "database"
NEWSROOM = "newsroom.toml"
SECRET_KEY = "secret-key"  # noqa: S105 - a file's name
MEDIA = "media"
LOGO = "logo"
PICTURES = {".svg", ".png", ".jpg", ".jpeg", ".webp", ".avif", ".gif"}

_BLOCK = 1 << 20
_MANIFEST_LIMIT = 256 << 20


@dataclass(frozen=True)
class Held:
    """One member: its size in bytes and the SHA-256 of its content in hexadecimal."""

    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """`vendor` is Django's name for the database; `migrations` are those it had, as "app.name"."""

    dateline: str
    made: str
    vendor: str
    migrations: tuple[str, ...]
    files: dict[str, Held] = field(default_factory=dict)
    format: int = FORMAT

    def to_json(self) -> bytes:
        """The manifest as it stands in the file."""
        return json.dumps(asdict(self), indent=1, sort_keys=True).encode()

    @classmethod
    def from_json(cls, data: bytes) -> Manifest:
        """Read a manifest; raises ValueError, KeyError or TypeError for anything else."""
        fields = json.loads(data)
        if fields["format"] != FORMAT:
            raise ValueError(f"its format is {fields['format']}, this version reads {FORMAT}")
        fields["files"] = {name: Held(**held) for name, held in fields["files"].items()}
        fields["migrations"] = tuple(fields["migrations"])
        return cls(**fields)

    @property
    def size(self) -> int:
        """Bytes of all members unpacked."""
        return sum(held.size for held in self.files.values())


def verify(path: Path) -> Manifest:
    """Read a backup to its end; returns its manifest, or raises Refused saying what is wrong."""
    found: dict[str, Held] = {}
    manifest: list[bytes] = []

    def look(name: str, content: IO[bytes]) -> None:
        if name == MANIFEST:
            manifest.append(content.read(_MANIFEST_LIMIT))
        else:
            found[name] = fingerprint(content)

    each_member(path, look)
    if not manifest:
        raise Refused(f"{path} has no manifest: it is no backup of Dateline, or was cut short.")
    try:
        claimed = Manifest.from_json(manifest[0])
    except (ValueError, KeyError, TypeError) as error:
        raise Refused(f"{path}: the manifest cannot be read ({error}).") from error
    _compare(path, claimed.files, found)
    return claimed


def _compare(path: Path, claimed: dict[str, Held], found: dict[str, Held]) -> None:
    if DATABASE not in found:
        raise Refused(f"{path} holds no database.")
    for name in sorted(claimed.keys() | found.keys()):
        if claimed.get(name) != found.get(name):
            raise Refused(f"{path} is damaged: {name} is not as the manifest says.")


def each_member(path: Path, look: Callable[[str, IO[bytes]], None]) -> None:
    """Call `look` with the name and content of each member, in order, to the file's very end."""
    try:
        with path.open("rb") as packed, gzip.open(packed) as unpacked:
            for name, content in _members(unpacked):
                look(name, content)
            while unpacked.read(_BLOCK):  # gzip checks its sum at the end only
                pass
    except FileNotFoundError as error:
        raise Refused(f"{path}: there is no such file.") from error
    except (tarfile.TarError, gzip.BadGzipFile, zlib.error, EOFError) as error:
        raise Refused(f"{path} is damaged, cut short or no backup ({error}).") from error


def _members(unpacked: gzip.GzipFile) -> Iterator[tuple[str, IO[bytes]]]:
    with tarfile.open(fileobj=unpacked, mode="r|") as archive:
        for member in archive:
            content = archive.extractfile(member) if member.isreg() else None
            if content is None or not _is_expected(member.name):
                raise tarfile.TarError(f"unexpected member {member.name!r}")
            yield member.name, content


def _is_expected(name: str) -> bool:
    """Whether a member may be written into the data folder; nothing may point out of it."""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or str(path) != name:
        return False
    folder, inside = path.parts[0], path.parts[1:]
    if folder == LOGO:
        return len(inside) == 1 and path.suffix in PICTURES
    return bool(folder == MEDIA and inside) or name in {MANIFEST, DATABASE, NEWSROOM, SECRET_KEY}


def fingerprint(content: IO[bytes]) -> Held:
    """Size and SHA-256 of what is left to read."""
    digest, size = hashlib.sha256(), 0
    while block := content.read(_BLOCK):
        digest.update(block)
        size += len(block)
    return Held(size, digest.hexdigest())
