"""A client that asks a server for addresses over connections it keeps open.

It is made to cost little beside the server on the same machine: requests are prepared bytes, and
of an answer no more is read than its status, its length and its ETag.
"""

from __future__ import annotations

import re
import selectors
import socket
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from bench.measuring import percentile

_LENGTH = re.compile(rb"\r\nContent-Length: *(\d+)", re.IGNORECASE)
_ETAG = re.compile(rb"\r\nETag: *([^\r\n]+)", re.IGNORECASE)
_LAST_CHUNK = b"0\r\n\r\n"


@dataclass(frozen=True)
class Address:
    """What to ask for: a path, and the ETag it had where only a change is wanted."""

    path: str
    etag: bytes = b""

    def request(self, port: int) -> bytes:
        """The request as it is sent."""
        known = b"If-None-Match: " + self.etag + b"\r\n" if self.etag else b""
        head = f"GET {self.path} HTTP/1.1\r\nHost: localhost:{port}\r\n"
        return head.encode() + b"Accept: */*\r\n" + known + b"\r\n"


@dataclass
class Load:
    """What came of it: seconds for each answer, seconds in all, how often each status."""

    seconds: list[float] = field(default_factory=list)
    elapsed: float = 0.0
    statuses: dict[int, int] = field(default_factory=dict)
    bytes: int = 0

    def summary(self) -> dict[str, object]:
        """Requests a second, and percentiles in milliseconds."""
        return {
            "n": len(self.seconds),
            "per_second": round(len(self.seconds) / self.elapsed, 1),
            "p50": percentile(self.seconds, 50),
            "p95": percentile(self.seconds, 95),
            "p99": percentile(self.seconds, 99),
            "statuses": {str(status): count for status, count in sorted(self.statuses.items())},
            "bytes": round(self.bytes / max(1, len(self.seconds))),
        }


class _Connection:
    def __init__(self, port: int) -> None:
        self.port = port
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=120)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.began = 0.0
        self.held = b""

    def ask(self, address: Address) -> None:
        self.held = b""
        self.began = time.perf_counter()
        self.socket.sendall(address.request(self.port))

    def whole(self) -> bool:
        """Read what there is; whether the answer is complete now."""
        piece = self.socket.recv(1 << 18)
        if not piece:
            raise ConnectionError(f"the server closed the connection after {self.held[:200]!r}")
        self.held += piece
        end = self.held.find(b"\r\n\r\n")
        if end < 0:
            return False
        if self.status == 304:
            return True
        if length := _LENGTH.search(self.held, 0, end):
            return len(self.held) >= end + 4 + int(length[1])
        return self.held.endswith(_LAST_CHUNK)

    @property
    def status(self) -> int:
        return int(self.held[9:12])


def run(port: int, addresses: Sequence[Address], connections: int, seconds: float) -> Load:
    """Ask for the addresses, each connection for the next one as soon as it is answered.

    Ends when all were asked for once, or when time is up.
    """
    load = Load()
    left = iter(addresses)
    chooser = selectors.DefaultSelector()
    began = time.perf_counter()
    for _ in range(connections):
        _next(chooser, _Connection(port), left)
    while chooser.get_map():
        for key, _ in chooser.select():
            connection: _Connection = key.data
            if not connection.whole():
                continue
            now = time.perf_counter()
            load.seconds.append(now - connection.began)
            load.statuses[connection.status] = load.statuses.get(connection.status, 0) + 1
            load.bytes += len(connection.held)
            chooser.unregister(connection.socket)
            if now - began < seconds:
                _next(chooser, connection, left)
            else:
                connection.socket.close()
    load.elapsed = time.perf_counter() - began
    return load


def _next(
    chooser: selectors.BaseSelector, connection: _Connection, left: Iterator[Address]
) -> None:
    address = next(left, None)
    if address is None:
        connection.socket.close()
        return
    connection.ask(address)
    chooser.register(connection.socket, selectors.EVENT_READ, connection)


def etags(port: int, paths: Sequence[str]) -> list[Address]:
    """The addresses with the ETags they have now; those without one, or not found, are left out."""
    connection = _Connection(port)
    found = []
    for path in paths:
        connection.ask(Address(path))
        while not connection.whole():
            pass
        head = connection.held[: connection.held.find(b"\r\n\r\n")]
        if connection.status == 200 and (etag := _ETAG.search(head)):
            found.append(Address(path, etag[1].strip()))
    connection.socket.close()
    return found
