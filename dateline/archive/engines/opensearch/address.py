"""Where the cluster is: the setting DATELINE_SEARCH."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlsplit

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*")
EXAMPLE = "opensearch://search-1:9200,search-2:9200/dateline"


@dataclass(frozen=True)
class Address:
    """`opensearch[+https]://[USER:PASSWORD@]HOST:PORT[,HOST:PORT…]/NAME[?shards=N]`."""

    hosts: tuple[str, ...]
    name: str
    secure: bool = False
    login: tuple[str, str] | None = None
    shards: int = 1

    @classmethod
    def read(cls, text: str) -> Address:
        """Raises ValueError, with what to write, for what is no such address."""
        parts = urlsplit(text)
        secure = parts.scheme == "opensearch+https"
        login, _, hosts = parts.netloc.rpartition("@")
        name = parts.path.strip("/")
        shards = parse_qs(parts.query).get("shards", ["1"])[-1]
        good = parts.scheme in ("opensearch", "opensearch+https") and hosts
        if not good or not _NAME.fullmatch(name) or not shards.isdigit() or not int(shards):
            raise ValueError(f"expected an address like {EXAMPLE}")
        user, _, word = login.partition(":")
        scheme = "https" if secure else "http"
        return cls(
            hosts=tuple(f"{scheme}://{host}" for host in hosts.split(",") if host),
            name=name,
            secure=secure,
            login=(unquote(user), unquote(word)) if login else None,
            shards=int(shards),
        )
