"""The embedded engine: base.Engine over one index file, for several threads and processes."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

import orjson
from pyroaring import BitMap

from dateline.archive.analysis import fold
from dateline.archive.engines.base import (
    Document,
    EngineError,
    Entry,
    Families,
    Result,
    Search,
)
from dateline.archive.engines.embedded import (
    checking,
    folding,
    postings,
    process,
    rebuilding,
    related,
    runs,
    schema,
    spelling,
    writing,
)
from dateline.archive.engines.embedded.folding import Fold
from dateline.archive.engines.embedded.lexicon import Lexicon
from dateline.archive.engines.embedded.matching import Matcher
from dateline.archive.engines.embedded.resident import Resident
from dateline.archive.engines.embedded.searching import answer

_ENTRIES = """
    SELECT id, number, language, instant, expires, fingerprint FROM place
    WHERE id IN (SELECT value FROM json_each(?))
"""
_ENTRIES_AFTER = """
    SELECT id, number, language, instant, expires, fingerprint FROM place
    WHERE id > ? ORDER BY id LIMIT 5000
"""
_inherited: list[sqlite3.Connection] = []


@dataclass(slots=True)
class _Generation:
    """One index file as this process has it open; `held` is read at the first search."""

    identity: tuple[int, int]
    process: int
    db: sqlite3.Connection
    lexicon: Lexicon
    matcher: Matcher
    held: Resident | None = None


class EmbeddedEngine:
    """An index at `path`, with years and months as in `zone`. A missing file is an empty index.

    Threads take turns. Another process's changes are seen at the next search. Raises
    IndexUnusable when the file is damaged or of another version; `rebuild` replaces it then.
    Folding, when it is due, goes on in a process of its own unless `aside` is False.
    """

    def __init__(
        self, path: Path, zone: ZoneInfo, *, late_limit: int = folding.LATE, aside: bool = True
    ) -> None:
        self._path, self._zone, self._late_limit = path, zone, late_limit
        self._lock = threading.RLock()
        self._open: _Generation | None = None
        self._families: Families = {}
        self._writing = False
        self._aside = aside
        self._folding: subprocess.Popen[bytes] | None = None

    def search(self, search: Search) -> Result:
        with self._snapshot() as now:
            return answer(self._followed(now), now.matcher, _slots(now.db, search.barred), search)

    def similar(
        self,
        id: int,  # noqa: A002 - a story's id, as everywhere
        size: int,
        *,
        languages: tuple[str, ...],
        at: int,
        barred: frozenset[int] = frozenset(),
    ) -> list[int]:
        with self._snapshot() as now:
            held = self._followed(now)
            living = held.living(languages, at, _slots(now.db, barred))
            return related.nearest(now.db, held, id, living, size)

    def spelling(
        self,
        word: str,
        *,
        languages: tuple[str, ...],
        at: int,
        barred: frozenset[int] = frozenset(),
    ) -> str | None:
        with self._snapshot() as now:
            held = self._followed(now)
            living = held.living(languages, at, _slots(now.db, barred))
            return spelling.nearest(now.db, held, fold(word), living)

    def apply(
        self,
        puts: Iterable[Document],
        removals: Iterable[int],
        cursor: int,
        *,
        vocabulary_changed: bool = False,
    ) -> None:
        """See base.Engine. An id both put and removed is removed."""
        removed = set(removals)
        kept = (document for document in puts if document.id not in removed)
        with self._exclusively(), self._change() as now:
            writing.remove(now.db, removed)
            for batch in rebuilding.batches(kept, rebuilding.AT_ONCE):
                with rebuilding.uncollected():
                    writing.put(now.db, now.lexicon, batch)
            writing.prune_log(now.db)
            now.db.execute(
                "UPDATE state SET cursor = ?, stamp = stamp + ?", (cursor, int(vocabulary_changed))
            )
        self._fold_if_due()

    def cursor(self) -> int:
        with self._snapshot() as now:
            return int(now.db.execute("SELECT cursor FROM state").fetchone()[0])

    def stamp(self) -> int:
        with self._snapshot() as now:
            return int(now.db.execute("SELECT stamp FROM state").fetchone()[0])

    def set_families(self, families: Families) -> None:
        with self._lock:
            self._families = families
            if self._open and self._open.held:
                self._open.held.set_families(families)

    def get(self, ids: Iterable[int]) -> dict[int, Entry]:
        with self._snapshot() as now:
            rows = now.db.execute(_ENTRIES, (orjson.dumps(list(ids)).decode(),)).fetchall()
        return {row[0]: Entry(*row) for row in rows}

    def documents(self) -> Iterator[Entry]:
        """See base.Engine. Read in pieces: changes in between are seen or not."""
        last: int | None = -(1 << 63)
        while last is not None:
            with self._snapshot() as now:
                rows = now.db.execute(_ENTRIES_AFTER, (last,)).fetchall()
            yield from (Entry(*row) for row in rows)
            last = rows[-1][0] if rows else None

    def damage(self) -> Iterator[str]:
        """See base.Engine: SQLite's own check, sums of the base, and the tails made again."""
        try:
            with self._snapshot() as now:
                found = list(checking.damage(now.db, postings.extent(now.db)))
        except EngineError as error:
            found = [str(error)]
        yield from found

    def rebuild(
        self,
        documents: Iterable[Document],
        cursor: int,
        progress: Callable[[int], None] | None = None,
    ) -> None:
        """See base.Engine. What is applied meanwhile is lost with the old file: the new one's
        cursor, read again after the rebuild, says from where to apply anew."""
        with schema.locked(self._path, "rebuild"), self._translating():
            built = schema.aside(self._path, "rebuild")
            rebuilding.build(self._path, built, documents, cursor, progress)
            with self._exclusively():
                self._swap(built)

    def close(self) -> None:
        with self._lock:
            self._drop()

    def fold(self, *, wait: bool = True) -> None:
        """Make what came since the last build part of the base; searches and changes go on.

        BlockingIOError if another process folds or rebuilds just now and we are not to `wait`.
        """
        with schema.locked(self._path, "rebuild", wait=wait), self._translating():
            self.cursor()  # a file there must be
            folded = schema.identity(self._path)
            built = schema.aside(self._path, "fold")
            source, target = schema.connect(self._path), schema.create(built)
            with closing(source), closing(target):
                fold = Fold(source, target)
                with runs.spooling(schema.aside(self._path, "spool")) as spool:
                    fold.write(spool)
                schema.sync(built)  # most of it, while others may still write
                done = True
                while done and fold.left() > folding.FEW:
                    done = fold.carry()
                with self._exclusively():
                    if done and schema.identity(self._path) == folded and fold.carry():
                        schema.finish(target, built)
                        self._swap(built)
                    else:
                        built.unlink()

    def _fold_if_due(self) -> None:
        with self._snapshot() as now:
            if not folding.is_due(now.db, self._late_limit):
                return
        if not self._aside:
            self.fold()
        elif self._folding is None or self._folding.poll() is not None:
            self._folding = process.fold(self._path, self._zone)

    def _followed(self, now: _Generation) -> Resident:
        """What this process holds of the index, as of the snapshot."""
        if now.held is None:
            now.held = Resident(now.db, self._zone, self._families)
        else:
            now.held.follow()
        return now.held

    def _swap(self, built: Path) -> None:
        """Put `built` in the present file's place, with a stamp that others have not seen yet."""
        stamp = int(time.time())  # if the old file cannot say
        with suppress(EngineError, sqlite3.Error):
            stamp = self.stamp() + 1
        db = schema.connect(built)
        db.execute("UPDATE state SET stamp = ?", (stamp,))
        db.close()
        self._drop()
        schema.swap(self._path, built)

    @contextmanager
    def _exclusively(self) -> Iterator[None]:
        """No other thread or process changes the index or puts another file in its place."""
        with self._lock:
            if self._writing:
                yield
                return
            with schema.locked(self._path, "write"):
                self._writing = True
                try:
                    yield
                finally:
                    self._writing = False

    @contextmanager
    def _snapshot(self) -> Iterator[_Generation]:
        """The index in one consistent state, for reading."""
        with self._lock:
            now = self._current()
            with self._guarded():
                now.db.execute("BEGIN")
                yield now
                now.db.execute("COMMIT")

    @contextmanager
    def _change(self) -> Iterator[_Generation]:
        """A transaction that is kept whole or not at all."""
        now = self._current()
        with self._guarded():
            now.db.execute("BEGIN IMMEDIATE")
            yield now
            now.db.execute("COMMIT")

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        """After any error this process's idea of the file may be wrong: it is opened anew."""
        try:
            with self._translating():
                yield
        except BaseException:
            self._drop()
            raise

    @contextmanager
    def _translating(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.DatabaseError as error:
            raise _translated(self._path, error) from error

    def _current(self) -> _Generation:
        """The generation now at the path, opened if need be."""
        identity = schema.identity(self._path)
        if identity is None:
            identity = self._create()
        now = self._open
        if now and now.process != os.getpid():
            # SQLite's connections must not be used, nor closed, across a fork.
            _inherited.append(now.db)
            self._open = now = None
        if now and now.identity == identity:
            return now
        self._drop()
        self._open = self._opened(identity)
        return self._open

    def _opened(self, identity: tuple[int, int]) -> _Generation:
        while True:
            try:
                db = schema.connect(self._path)
            except sqlite3.OperationalError as error:
                if schema.identity(self._path) == identity:
                    raise _translated(self._path, error) from error
            else:
                if schema.identity(self._path) == identity:
                    lexicon = Lexicon(db)
                    return _Generation(identity, os.getpid(), db, lexicon, Matcher(db, lexicon))
                db.close()
            identity = schema.identity(self._path) or self._create()  # swapped in between

    def _create(self) -> tuple[int, int]:
        with self._exclusively():
            if (identity := schema.identity(self._path)) is None:
                built = schema.aside(self._path, "new")
                schema.finish(schema.create(built), built)
                schema.swap(self._path, built)
                identity = schema.identity(self._path)
        return identity or self._create()

    def _drop(self) -> None:
        if self._open:
            with suppress(sqlite3.Error):
                self._open.db.close()
        self._open = None


def _slots(db: sqlite3.Connection, ids: Iterable[int]) -> BitMap:
    query = "SELECT slot FROM place WHERE id IN (SELECT value FROM json_each(?))"
    return BitMap([row[0] for row in db.execute(query, (orjson.dumps(list(ids)).decode(),))])


def _translated(path: Path, error: sqlite3.DatabaseError) -> EngineError:
    """Damage asks for a rebuild; a full disk, a lock or a missing permission does not."""
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
    if code in {sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}:
        return schema.unusable(path, error)
    return EngineError(f"The index {path} cannot be read or written now: {error}.")
