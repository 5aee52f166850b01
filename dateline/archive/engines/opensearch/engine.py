"""The archive engine on an OpenSearch cluster.

An alias leads to the index in use, so that a new one is built beside it and swapped in at once.
How far the outbox was followed stands in an index of its own, one row for each index, written after
the documents: whoever reads it sees at least what it says.
"""

from __future__ import annotations

import base64
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from zoneinfo import ZoneInfo

from opensearchpy import OpenSearch, OpenSearchException
from opensearchpy.exceptions import ConnectionError as Unreachable
from opensearchpy.exceptions import NotFoundError, RequestError

from dateline.archive.analysis import fold
from dateline.archive.engines.base import (
    Document,
    EngineError,
    Entry,
    Families,
    IndexUnusable,
    Place,
    Result,
    Search,
)
from dateline.archive.engines.embedded.spelling import LONG_ENOUGH, SHORTEST
from dateline.archive.engines.opensearch import asking, feeding, mapping, nearness
from dateline.archive.engines.opensearch.address import Address

_HELD = ("story", "number", "language", "instant", "expires", "fingerprint")
_TELLING = ("gist", "number", "facets", "language")
_WALK = 2000
_REMEMBERED = 10.0


class OpenSearchEngine:
    """`base.Engine` on a cluster: one for all machines, changed by one process at a time."""

    def __init__(self, address: Address, zone: ZoneInfo) -> None:
        self._address, self._zone = address, zone
        self._alias, self._states = address.name, f"{address.name}-state"
        self._families: Families = {}
        self._checked = False
        self._known_facets: tuple[float, list[str]] = (0.0, [])
        self._client = OpenSearch(
            hosts=list(address.hosts),
            http_auth=address.login,
            use_ssl=address.secure,
            timeout=10,
            max_retries=3,
            retry_on_timeout=True,
            http_compress=True,
        )

    # --- asking -------------------------------------------------------------------------------
    def search(self, search: Search) -> Result:
        with self._reached():
            facets = self._facets()
            asked = asking.body(search, self._families, facets)
            answer = self._page(asked, search)
        hits = answer["hits"]["hits"]
        counts = asking.counts(answer["aggregations"], facets) if search.counted else {}
        return Result(
            [hit["fields"]["story"][0] for hit in hits],
            answer["hits"]["total"]["value"],
            counts,
            _place(hits[-1]) if hits else None,
        )

    def similar(
        self,
        id: int,  # noqa: A002 - a story's id, as everywhere
        size: int,
        *,
        languages: tuple[str, ...],
        at: int,
        barred: frozenset[int] = frozenset(),
    ) -> list[int]:
        with self._reached():
            self._check()
            found = self._client.mget(
                body={"ids": [str(id)]},
                index=self._alias,
                _source=list(_TELLING),
            )["docs"][0]
            if not found.get("found"):
                return []
            asked = nearness.similar(found["_source"], asking.living(at, barred, languages))
            hits = self._ask({**asked, "size": size})["hits"]["hits"]
        return [int(hit["_id"]) for hit in hits]

    def spelling(
        self,
        word: str,
        *,
        languages: tuple[str, ...],
        at: int,
        barred: frozenset[int] = frozenset(),
    ) -> str | None:
        form = fold(word)
        filters = asking.living(at, barred, languages)
        steps = ((SHORTEST, 1, nearness.one_away), (LONG_ENOUGH, 2, nearness.two_away))
        with self._reached():
            self._check()
            for letters, distance, request in steps:
                if len(form) < letters:
                    break
                words = nearness.suggested(form, self._ask(request(form)), distance)
                if not words:
                    continue
                if best := nearness.most_frequent(self._ask(nearness.frequencies(words, filters))):
                    return best
        return None

    # --- changing -----------------------------------------------------------------------------
    def apply(
        self,
        puts: Iterable[Document],
        removals: Iterable[int],
        cursor: int,
        *,
        vocabulary_changed: bool = False,
    ) -> None:
        gone = set(removals)
        kept = (document for document in puts if document.id not in gone)
        with self._reached():
            index = self._index()
            stamp = self._state()["stamp"] + vocabulary_changed
            feeding.feed(self._client, index, feeding.puts(kept, cursor, self._zone))
            feeding.feed(self._client, index, feeding.removals(gone, cursor))
            self._client.indices.refresh(index=index)
            self._write_state(index, cursor, stamp)

    def rebuild(
        self,
        documents: Iterable[Document],
        cursor: int,
        progress: Callable[[int], None] | None = None,
    ) -> None:
        with self._reached():
            old = self._indexes()
            stamp = max((self._state_of(index)["stamp"] for index in old), default=0) + 1
            index = self._create()
            try:
                actions = feeding.puts(documents, cursor, self._zone)
                feeding.feed(self._client, index, actions, progress)
                self._client.indices.refresh(index=index)
                self._write_state(index, cursor, stamp)
                self._swap(index, old)
            except BaseException:
                self._client.indices.delete(index=index, ignore_unavailable=True)
                raise
            self._checked = True

    def set_families(self, families: Families) -> None:
        self._families = families

    def discard(self) -> None:
        """Remove the index, whatever state it is in."""
        with self._reached():
            for index in (*self._indexes(), self._states):
                self._client.indices.delete(index=index, ignore_unavailable=True)
            self._checked, self._known_facets = False, (0.0, [])

    # --- what it holds ------------------------------------------------------------------------
    def cursor(self) -> int:
        with self._reached():
            self._check()
            return int(self._state()["cursor"])

    def stamp(self) -> int:
        with self._reached():
            self._check()
            return int(self._state()["stamp"])

    def get(self, ids: Iterable[int]) -> dict[int, Entry]:
        wanted = [str(pk) for pk in ids]
        found: dict[int, Entry] = {}
        with self._reached():
            self._check()
            for start in range(0, len(wanted), _WALK):
                body = {"ids": wanted[start : start + _WALK]}
                answer = self._client.mget(body=body, index=self._alias, _source=list(_HELD))
                entries = [_entry(d["_source"]) for d in answer["docs"] if d.get("found")]
                found |= {entry.id: entry for entry in entries}
        return found

    def documents(self) -> Iterator[Entry]:
        asked: dict[str, Any] = {"size": _WALK, "sort": [{"story": "asc"}], "_source": list(_HELD)}
        while True:
            with self._reached():
                self._check()
                hits = self._ask(asked)["hits"]["hits"]
            yield from (_entry(hit["_source"]) for hit in hits)
            if len(hits) < _WALK:
                return
            asked["search_after"] = hits[-1]["sort"]

    def damage(self) -> Iterator[str]:
        with self._reached():
            for index in self._indexes():
                for shard in self._client.cat.shards(index=index, format="json"):
                    if shard["prirep"] == "p" and shard["state"] != "STARTED":
                        yield f"Part {shard['shard']} of {index} is {shard['state'].lower()}."

    def close(self) -> None:
        self._client.close()

    # --- one page, however deep ---------------------------------------------------------------
    def _page(self, asked: dict[str, Any], search: Search) -> dict[str, Any]:
        """The page; one deeper than a request may reach is walked to, its counts asked once."""
        after = _after(search)
        if search.offset + search.size <= mapping.WINDOW:
            reach = {"size": search.size, "from": search.offset}
            if after and search.offset:
                reach = {"size": search.size + search.offset}
            elif after:
                reach = {"size": search.size}
            answer = self._ask({**asked, **reach, **({"search_after": after} if after else {})})
            if after and search.offset:
                del answer["hits"]["hits"][: search.offset]
            return answer
        answer = self._ask({**asked, "size": 0})
        hits = self._walk({**asked, "aggs": {}}, search, after, answer["hits"]["total"]["value"])
        answer["hits"]["hits"] = hits
        return answer

    def _walk(
        self, asked: dict[str, Any], search: Search, after: list[Any] | None, total: int
    ) -> list[dict[str, Any]]:
        if search.offset >= total or not search.size:
            return []
        left, size = search.offset, min(search.size, total)
        asked = {**asked, "track_total_hits": False}
        while left or size:
            some = min(left or size, mapping.WINDOW)
            step = {**asked, "size": some} | ({"search_after": after} if after else {})
            if left:
                step["docvalue_fields"] = []
            hits: list[dict[str, Any]] = self._ask(step)["hits"]["hits"]
            if not left or len(hits) < some:
                return hits if not left else []
            left, after = left - some, hits[-1]["sort"]
        return []

    def _ask(self, body: dict[str, Any]) -> dict[str, Any]:
        try:
            answer = self._searched(body)
        except NotFoundError:  # somebody removed the index: an empty one takes its place
            self._index()
            answer = self._searched(body)
        if answer["_shards"]["failed"]:
            raise EngineError("A part of the OpenSearch index does not answer; see its health.")
        return answer

    def _searched(self, body: dict[str, Any]) -> dict[str, Any]:
        # One copy of each shard for all, since copies may score a little differently.
        answer: dict[str, Any] = self._client.search(
            body=body, index=self._alias, preference="dateline"
        )
        return answer

    # --- the index and its state --------------------------------------------------------------
    def _check(self) -> None:
        """Make the index if there is none; refuse one of another version."""
        if not self._checked:
            self._index()
            self._checked = True

    def _index(self) -> str:
        """The index behind the alias, made if need be. Raises IndexUnusable for another version."""
        try:
            held = self._client.indices.get_mapping(index=self._alias)
        except NotFoundError:
            self._make_first()
            held = self._client.indices.get_mapping(index=self._alias)
        ((index, told),) = held.items()
        version = told["mappings"].get("_meta", {}).get("version")
        if version != mapping.VERSION:
            raise IndexUnusable(
                f"The OpenSearch index {index} is of version {version}, this Dateline's is "
                f"{mapping.VERSION}: build it anew with `dateline reindex`."
            )
        return str(index)

    def _make_first(self) -> None:
        """Make an empty index, alias and all in one step: many processes may start at once, and
        an alias that led to two indexes would be of no use to any."""
        first = f"{self._alias}-first"
        self._client.delete(index=self._states, id=first, params={"ignore": 404})
        body = {**mapping.settings(self._address.shards), "aliases": {self._alias: {}}}
        try:
            self._client.indices.create(index=first, body=body)
        except RequestError as error:
            if error.error != "resource_already_exists_exception":
                raise

    def _create(self) -> str:
        index = f"{self._alias}-{time.time_ns():x}"
        self._client.indices.create(index=index, body=mapping.settings(self._address.shards))
        return index

    def _indexes(self) -> list[str]:
        try:
            return list(self._client.indices.get_alias(name=self._alias))
        except NotFoundError:
            return []

    def _swap(self, index: str, old: Iterable[str]) -> None:
        """Let the alias lead to the new index and remove the old ones, in one step."""
        actions: list[dict[str, Any]] = [{"remove_index": {"index": one}} for one in old]
        actions.append({"add": {"index": index, "alias": self._alias}})
        self._client.indices.update_aliases(body={"actions": actions})

    def _facets(self) -> list[str]:
        """The facets that documents have, looked up anew now and then: another process feeds."""
        looked, names = self._known_facets
        if not names or time.monotonic() - looked > _REMEMBERED:
            self._check()
            ((_, told),) = self._client.indices.get_mapping(index=self._alias).items()
            names = sorted(told["mappings"]["properties"]["facets"].get("properties", {}))
            self._known_facets = (time.monotonic(), names)
        return names

    def _state(self) -> dict[str, Any]:
        return self._state_of(self._index())

    def _state_of(self, index: str) -> dict[str, Any]:
        try:
            return dict(self._client.get(index=self._states, id=index)["_source"])
        except NotFoundError:
            return {"cursor": 0, "stamp": 0}

    def _write_state(self, index: str, cursor: int, stamp: int) -> None:
        self._client.index(index=self._states, id=index, body={"cursor": cursor, "stamp": stamp})

    @contextmanager
    def _reached(self) -> Iterator[None]:
        """OpenSearch's errors as the archive's, saying what to do."""
        try:
            yield
        except Unreachable as error:
            hosts = ", ".join(self._address.hosts)
            raise EngineError(
                f"OpenSearch does not answer at {hosts} ({error.error}): is it running, and is "
                "DATELINE_SEARCH right?"
            ) from error
        except RequestError as error:
            raise EngineError(f"OpenSearch cannot do this: {error.error}: {error.info}") from error
        except OpenSearchException as error:
            raise EngineError(f"OpenSearch cannot answer now: {error}") from error


def _after(search: Search) -> list[Any] | None:
    if search.after is None:
        return None
    return [search.after.instant, search.after.number, search.after.language]


def _place(hit: dict[str, Any]) -> Place:
    fields = hit["fields"]
    return Place(fields["instant"][0], fields["number"][0], fields["language"][0])


def _entry(told: dict[str, Any]) -> Entry:
    return Entry(
        id=told["story"],
        number=told["number"],
        language=told["language"],
        instant=told["instant"],
        expires=told["expires"],
        fingerprint=base64.b64decode(told["fingerprint"]),
    )
