"""The index file: where it lies, what is in it, and how a new one takes an old one's place.

The path is a symbolic link to a generation ("archive.sqlite3" → "archive.sqlite3.5f0c91d2"): a
new generation is written aside and the link is moved in one step. SQLite names the write-ahead
log after the file the link points to, so the log of one generation can never be taken for
another's. Processes notice by comparing inodes at each search.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from dateline.archive.engines.base import IndexUnusable

VERSION = 5
APPLICATION = 0x44544C4E  # "DTLN"

SCHEMA = """
-- Text of a term → its id. Forms as they are, stems as ":en:organis", facet values as "@office:12".
-- Ids up to state.words are in the order of the texts, so that a beginning is a range of ids.
CREATE TABLE term (text TEXT PRIMARY KEY, id INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX term_id ON term (id);

-- The base: slots [0, state.base), in the documents' order, written once. Roaring bitmaps of slots,
-- an impact (a byte) for each, and of forms the positions of their words, counted within a shelf
-- of slots (key = term << 16 | shelf).
CREATE TABLE base (term INTEGER PRIMARY KEY, documents BLOB NOT NULL);
CREATE TABLE weight (term INTEGER PRIMARY KEY, impacts BLOB NOT NULL);
CREATE TABLE spot (key INTEGER PRIMARY KEY, positions BLOB NOT NULL);
-- Of each term of the base: in how many documents, and a CRC-32 of its rows above.
CREATE TABLE frequency (term INTEGER PRIMARY KEY, documents INTEGER NOT NULL, sum INTEGER NOT NULL);
-- Base documents that have any form with this beginning; only of beginnings of many forms.
CREATE TABLE beginning (text TEXT PRIMARY KEY, documents BLOB NOT NULL, sum INTEGER NOT NULL)
    WITHOUT ROWID;
-- What every process holds of the base's documents, as arrays in order of slot.
CREATE TABLE held (name TEXT PRIMARY KEY, data BLOB NOT NULL, sum INTEGER NOT NULL);
-- The rarest forms of a base document's headline and summary, 32 bits each.
CREATE TABLE gist (slot INTEGER PRIMARY KEY, forms BLOB NOT NULL);

-- What came since, by blocks of slots: key = block << 32 | term. `documents` has three bytes each
-- (slot within the block, impact), `positions` four bytes each (counted within the block).
CREATE TABLE tail (key INTEGER PRIMARY KEY, documents BLOB NOT NULL, positions BLOB NOT NULL);
-- The terms of these documents with their impacts, and their forms in order.
CREATE TABLE content (slot INTEGER PRIMARY KEY, terms BLOB NOT NULL, forms BLOB NOT NULL);

-- One row per slot ever given. A slot's document never changes: a changed one takes a new slot. A
-- removed one keeps its place, with no id. `anchor` is set for a late document: the slot before
-- which it would stand had it come in time. `start` is where its words begin within its shelf or
-- block, `head` how many of its `size` positions its headline has.
CREATE TABLE place (
    slot INTEGER PRIMARY KEY, id INTEGER UNIQUE, number INTEGER NOT NULL, language TEXT NOT NULL,
    instant INTEGER NOT NULL, expires INTEGER, anchor INTEGER, start INTEGER NOT NULL,
    head INTEGER NOT NULL, size INTEGER NOT NULL, fingerprint BLOB NOT NULL
);
CREATE INDEX place_in_time ON place (instant, number, language) WHERE anchor IS NULL;
CREATE INDEX place_late ON place (slot) WHERE anchor IS NOT NULL;
CREATE INDEX place_left ON place (slot) WHERE id IS NULL;
CREATE INDEX place_expiring ON place (slot) WHERE expires IS NOT NULL;

-- Slots in the order they were changed, for processes that hold parts of the index in memory. `id`
-- is the story's, whose document came or went.
CREATE TABLE log (seq INTEGER PRIMARY KEY AUTOINCREMENT, slot INTEGER NOT NULL, id INTEGER);

-- `terms` is the highest term id given; `base` and `words` say how far the base goes.
CREATE TABLE state (
    cursor INTEGER NOT NULL, stamp INTEGER NOT NULL, terms INTEGER NOT NULL,
    base INTEGER NOT NULL, words INTEGER NOT NULL
);
INSERT INTO state VALUES (0, 0, 0, 0, 0);
"""


def unusable(path: Path, reason: object) -> IndexUnusable:
    return IndexUnusable(f"The index {path} cannot be used ({reason}). Run `dateline reindex`.")


def create(path: Path) -> sqlite3.Connection:
    """A new, empty index file at exactly `path`, not yet durable: call `finish` when it is full."""
    db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    db.executescript(
        f"PRAGMA page_size=8192; PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;"
        f"PRAGMA application_id={APPLICATION}; PRAGMA user_version={VERSION};"
        f"PRAGMA cache_size=-32768; BEGIN; {SCHEMA} COMMIT;"
    )
    return db


def finish(db: sqlite3.Connection, path: Path) -> None:
    """Make a file made by `create` durable and ready for several processes, and close it."""
    db.execute("PRAGMA journal_mode=WAL")
    db.close()
    sync(path)


def sync(path: Path) -> None:
    """What was written to a file is on disk when this returns."""
    with path.open("rb") as file:
        os.fsync(file.fileno())


def connect(path: Path) -> sqlite3.Connection:
    """Open the index; raises IndexUnusable if it is damaged or of another version."""
    try:
        db = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode=rw",
            uri=True,
            timeout=60,
            isolation_level=None,
            check_same_thread=False,
        )
        version = db.execute("PRAGMA user_version").fetchone()[0]
        application = db.execute("PRAGMA application_id").fetchone()[0]
    except sqlite3.DatabaseError as error:
        raise unusable(path, error) from error
    if (application, version) != (APPLICATION, VERSION):
        db.close()
        raise unusable(path, f"it has format {version}, this program reads {VERSION}")
    db.executescript(
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-16384;"
        "PRAGMA mmap_size=0; PRAGMA temp_store=MEMORY;"
        "PRAGMA wal_autocheckpoint=4000; PRAGMA journal_size_limit=67108864;"
    )
    return db


def identity(path: Path) -> tuple[int, int] | None:
    """What tells one generation from the next; None when there is no index."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino


@contextmanager
def locked(path: Path, purpose: str, *, wait: bool = True) -> Iterator[None]:
    """Only one process at a time: "write" for changes and swaps, "rebuild" for long rebuilds.

    BlockingIOError if it is another's turn and we are not to `wait`.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.with_name(f"{path.name}.{purpose}.lock").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield


def aside(path: Path, purpose: str) -> Path:
    """A new name beside `path`; what an earlier, interrupted `purpose` left is removed."""
    for left in path.parent.glob(f"{path.name}.{purpose}-*"):
        left.unlink(missing_ok=True)
    return path.with_name(f"{path.name}.{purpose}-{secrets.token_hex(4)}")


def swap(path: Path, built: Path) -> None:
    """Make `built` the index at `path`, in one step, and remove earlier generations.

    Processes that have an earlier one open keep reading it until they notice.
    """
    generation = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    built.rename(generation)
    link = path.with_name(f"{generation.name}.link")
    link.symlink_to(generation.name)
    link.replace(path)
    _sync_folder(path.parent)
    for left in path.parent.glob(f"{path.name}.*"):
        if _is_generation(left, path) and not left.name.startswith(generation.name):
            left.unlink(missing_ok=True)
    for suffix in ("-wal", "-shm"):  # of a plain file that stood at the path itself
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def _is_generation(file: Path, path: Path) -> bool:
    name = file.name[len(path.name) + 1 :].partition("-")[0].removesuffix(".link")
    return len(name) == 8 and set(name) <= set("0123456789abcdef")


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):  # not every file system can
            os.fsync(descriptor)
    finally:
        os.close(descriptor)
