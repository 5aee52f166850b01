"""PostgreSQL: tsvector and arrays under GIN, b-trees for the rest, one statement for an answer.

A cluster of its own with the usual tuning for the machine: a quarter of the memory (at most 4 GB)
as shared buffers, 128 MB to sort and hash in, costs of a solid-state disk, no JIT compilation
(which costs short queries more than it gives them), parallel workers as there are cores. The table
is in the order of the moments, frozen and analysed. Asked through a local socket.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg

from bench import machine
from bench.peers.base import Answer, Peer, Unavailable, bases, year
from bench.synthetic import PAGE, Question
from dateline.archive.engines.base import Document

ACCOUNT = "postgres"
"""Who runs the server where we are root, which it refuses to run as."""
GAP = "fieldends"
"""A word between the fields, taken out again: no phrase crosses from one into the next."""
TABLE = """
CREATE TABLE story (
    id integer NOT NULL, instant bigint NOT NULL, year smallint NOT NULL, language text NOT NULL,
    genre text, office text[] NOT NULL, topic text[] NOT NULL, words tsvector NOT NULL
)
"""
ARRIVING = """
CREATE TEMPORARY TABLE arriving (
    id integer, instant bigint, year smallint, language text, genre text, office text[],
    topic text[], text text
)
"""
FILL = f"""
INSERT INTO story SELECT id, instant, year, language, genre, office, topic,
    ts_delete(to_tsvector('simple', text), '{GAP}') FROM arriving
"""
INDEXES = (
    "ALTER TABLE story ADD PRIMARY KEY (id)",
    "CREATE INDEX ON story (instant)",
    "CREATE INDEX ON story (language, instant)",
    "CREATE INDEX ON story (genre, instant)",
    "CREATE INDEX ON story (year)",
    "CREATE INDEX ON story USING gin (office)",
    "CREATE INDEX ON story USING gin (topic)",
    "CREATE INDEX ON story USING gin (words) WITH (fastupdate = off)",
)
_COUNTED = {"office": "unnest(office)", "topic": "unnest(topic)"}


class PostgreSql(Peer):
    """A private cluster below the folder, started for the measurement."""

    name = "PostgreSQL"
    _socket: str | None = None

    @classmethod
    def version(cls) -> str:
        told = subprocess.run([_program("postgres"), "--version"], capture_output=True, check=True)
        return told.stdout.decode().split()[2]

    def start(self) -> None:
        data = self.folder / "data"
        if os.getuid() == 0:
            _give(self.folder)
        if not data.exists():
            self._run(
                "initdb", "--auth=trust", "--username=bench", "--encoding=UTF8", "--no-locale",
                "--no-sync", "--pgdata=data",
            )  # fmt: skip
        if (data / "postmaster.pid").exists():  # left by a measurement that was killed
            with suppress(Unavailable):
                self._run("pg_ctl", "--pgdata=data", "--mode=fast", "--silent", "--wait", "stop")
        self._socket = tempfile.mkdtemp(prefix="bench-")
        _give(Path(self._socket))
        options = [f"-c {name}={value}" for name, value in _settings().items()]
        self._run(
            "pg_ctl", "--pgdata=data", "--wait", "--silent", "--log=log", "start",
            "--options", f"-k {self._socket} -c listen_addresses='' {' '.join(options)}",
        )  # fmt: skip

    def build(self, documents: Iterable[Document]) -> None:
        with self._connect() as db:
            db.execute(TABLE)
            db.execute(ARRIVING)
            with db.cursor().copy("COPY arriving FROM STDIN") as copy:
                for document in documents:
                    copy.write_row(_row(document))
            db.execute(FILL)
            for index in INDEXES:
                db.execute(index)
            db.commit()
            db.autocommit = True
            db.execute("VACUUM (FREEZE, ANALYZE) story")
            db.execute("CHECKPOINT")

    def open(self) -> None:
        self._db = self._connect()
        self._db.autocommit = True

    def answer(self, question: Question) -> Answer:
        counts: dict[str, dict[str, int]] = {"page": {}}
        for facet, value, count in self._db.execute(*_statement(question)):
            counts.setdefault(facet, {})[value] = count
        places = counts.pop("page")
        page = tuple(int(story) for story in sorted(places, key=places.__getitem__))
        return Answer(page, sum(counts.get("year", {}).values()), counts)

    def disk(self) -> int:
        """The table and its indexes; not the server's write-ahead log, whose size is a setting."""
        with self._connect() as db:
            row = db.execute("SELECT pg_total_relation_size('story')").fetchone()
        return int(row[0]) if row else 0

    def servers(self) -> list[int]:
        pidfile = self.folder / "data" / "postmaster.pid"
        return machine.descendants(int(pidfile.read_text().split()[0]))

    def close(self) -> None:
        self._db.close()

    def stop(self) -> None:
        if self._socket:
            self._run("pg_ctl", "--pgdata=data", "--mode=fast", "--silent", "--wait", "stop")
            shutil.rmtree(self._socket, ignore_errors=True)

    def _connect(self) -> psycopg.Connection[Any]:
        return psycopg.connect(f"host={self._socket} user=bench dbname=postgres")

    def _run(self, program: str, *arguments: str) -> None:
        # In its own folder, since its account may not enter ours.
        other = {"user": ACCOUNT, "group": ACCOUNT} if os.getuid() == 0 else {}
        done = subprocess.run(
            [_program(program), *arguments],
            cwd=self.folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            **other,  # type: ignore[call-overload]
        )
        if done.returncode:
            raise Unavailable(f"{program} failed: {done.stderr.decode().strip()[-300:]}")


def _program(name: str) -> str:
    """The newest server's program."""
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    program = str(found[-1]) if found else shutil.which(name)
    if not program:
        raise Unavailable(f"PostgreSQL's {name} is not installed")
    return program


def _give(folder: Path) -> None:
    if os.getuid() == 0:
        try:
            account = pwd.getpwnam(ACCOUNT)
        except KeyError as error:
            raise Unavailable(f"there is no account {ACCOUNT} to run the server") from error
        os.chown(folder, account.pw_uid, account.pw_gid)


def _settings() -> dict[str, str]:
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") >> 20
    return {
        "shared_buffers": f"{min(memory // 4, 4096)}MB",
        "effective_cache_size": f"{memory // 2}MB",
        "work_mem": "128MB",
        "maintenance_work_mem": "1GB",
        "random_page_cost": "1.1",
        "effective_io_concurrency": "200",
        "jit": "off",
        "max_parallel_workers_per_gather": str(os.cpu_count() or 1),
        # Losing a benchmark in a crash costs nothing; reading is not touched by it.
        "fsync": "off",
        "max_wal_size": "8GB",
    }


def _row(document: Document) -> tuple[Any, ...]:
    text = f" {GAP} ".join((document.headline, document.summary, document.body))
    return (
        document.id,
        document.instant,
        year(document.instant),
        document.language,
        next(iter(document.facets.get("genre", ())), None),
        list(document.facets.get("office", ())),
        list(document.facets.get("topic", ())),
        text.replace("\0", " "),
    )


def match(question: Question) -> str:
    """The words asked for, as a tsquery."""
    parts = [f"'{word}'" for word in question.words]
    if question.phrase:
        parts.append("(" + " <-> ".join(f"'{word}'" for word in question.phrase) + ")")
    if question.prefix:
        parts.append(f"'{question.prefix}':*")
    return " & ".join(parts)


def _where(question: Question, selections: Mapping[str, tuple[str, ...]]) -> tuple[str, list[Any]]:
    conditions: list[str] = []
    values: list[Any] = []
    if question.has_text:
        conditions.append("words @@ %s::tsquery")
        values.append(match(question))
    for facet, chosen in selections.items():
        conditions.append(f"{facet} && %s" if facet in _COUNTED else f"{facet} = ANY(%s)")
        values.append(list(chosen))
    return ("WHERE " + " AND ".join(conditions) if conditions else ""), values


def _statement(question: Question) -> tuple[str, list[Any]]:
    """The whole question in one statement, and its values: what matches is found once each base.

    The page comes from there too. Left to itself, the planner walks through all stories by date to
    find twenty with a rare phrase.
    """
    parts: list[str] = []
    values: list[Any] = []
    for at, (selections, facets) in enumerate(bases(question)):
        where, chosen = _where(question, selections)
        if at:
            parts.append(_part(f"m{at}", facets, where, _counting(f"m{at}", facets)))
            values += chosen
            continue
        facets = [*facets, "year"]
        key = "ts_rank(words, %s::tsquery)" if question.ranked else "instant"
        source = "m0" if where else "(SELECT id, instant AS key FROM story)"
        columns = [*facets, *(("id", f"{key} AS key") if where else ())]
        told = f"{_counting('m0', facets)} UNION ALL {_page(source)}"
        parts.append(_part("m0", columns, where, told))
        values += [*([match(question)] if question.ranked else []), *chosen, question.offset]
    return " UNION ALL ".join(parts), values


def _part(name: str, columns: Sequence[str], where: str, told: str) -> str:
    found = f"SELECT {', '.join(columns)} FROM story {where}"
    return f"(WITH {name} AS MATERIALIZED ({found}) {told})"


def _counting(name: str, facets: Sequence[str]) -> str:
    return " UNION ALL ".join(
        f"SELECT '{facet}', ({_COUNTED.get(facet, facet)})::text AS value, count(*)"
        f" FROM {name} GROUP BY 2"
        for facet in facets
    )


def _page(source: str) -> str:
    """The page's ids with their places in it."""
    best = f"SELECT id, key FROM {source} AS found ORDER BY key DESC LIMIT {PAGE} OFFSET %s"
    numbered = "row_number() OVER (ORDER BY key DESC)"
    return f"(SELECT 'page', id::text, {numbered} FROM ({best}) AS page)"
